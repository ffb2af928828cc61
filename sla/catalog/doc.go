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
// matter, and the sources of its clauses. What a published text leaves open, or
// what could not be found, is named as missing; an edition of which something
// is missing cannot be judged by, and [Edition.Terms] says why. Nothing was
// guessed to complete a table.
//
// # Evidence
//
// Each source says how its clause is known: [Own] from the provider's own text,
// [Copy] from a copy of it, [Reported] from what others wrote, or [Unverified].
// The weakest of them is that of the edition, and stands in the note of its
// agreement, so that every statement made under it says so.
//
// The data are facts about texts of others, with their sources, and no legal
// advice. An agreement is as the provider published it for all; what a
// customer signed may differ.
package catalog
