// Package issue prepares credits for a billing system, so that each credit is
// paid once and is corrected when the facts change.
//
// [Restate] compares the postings that were issued with a newer statement, and
// returns the postings that are missing:
//
//	adjustments, err := issue.Restate(issued, statement, issue.Options{AsOf: asOf})
//	…
//	for _, a := range adjustments {
//		// post a.Amount under a.ID(), unless that ID is already posted
//	}
//
// The issued postings and the new ones together always equal the newest
// statement. That holds even if the customer has moved to another zone, since
// periods are identified by their days. A provisional statement issues nothing
// unless the options say so. A statement older than the issued postings never
// issues anything.
//
// The types, by purpose:
//
//   - identity of a credit: [Identity], whose key a billing system stores;
//     [Result], which adds a fingerprint of the facts behind the amount
//   - posting: [Adjustment] and its [Change], from [Restate] with [Options]
//   - invoices: [ApplyLines] and [Application] apply the lines of
//     [credit.Credit.Lines] to the amounts open on an invoice
//   - processors: [Units] converts an amount to the units of a processor
//   - release: [NewReview] returns the points to check before a credit is
//     released
//
// The same facts always give the same key and the same fingerprint. A
// correction keeps the key and changes the fingerprint. The rules of keys and
// fingerprints have a version in their first field or line, and change only
// with that version.
package issue
