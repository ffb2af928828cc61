// Package catalog holds published service level agreements of real providers
// as data: what each promised, when it was in force, and how that is known.
//
//	published, err := catalog.Published()
//	…
//	edition, err := published.One(catalog.Query{Provider: "google", Service: "compute", On: calendar.Date{Year: 2014, Month: time.May, Day: 27}})
//	…
//	terms, err := edition.Terms()
//
// # Editions
//
// An [Edition] is one version of one agreement: its dates of force, the event
// that decides which version binds a customer, the country and plan where they
// matter, and the sources of its clauses. Edition.Missing names what a
// published text leaves open and what could not be found. An edition with
// missing clauses cannot be judged by, and [Edition.Terms] returns an error that
// names them. Nothing was guessed to complete a table.
//
// # Evidence
//
// Each source states how its clause is known: [Own] from the provider's own
// text, [Copy] from a copy of it, [Reported] from the reports of others, or
// [Unverified]. The weakest of them is the evidence of the edition. It stands in
// the note of the agreement, and so in every statement made under it.
//
// The data are facts about texts of others, with their sources, and no legal
// advice. An agreement is the one that the provider published for all customers;
// a signed contract may differ.
package catalog
