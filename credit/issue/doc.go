// Package issue takes the credits of a statement to a billing system, so that each
// is paid once and corrected when the facts change.
//
// A credit has an [Identity]: customer, agreement, contract, measured period and
// currency. Its key is what a billing system knows it by. The facts behind its
// amount have a fingerprint, in the [Result]. A run on the same facts gives the
// same key and fingerprint; a correction gives the same key with another
// fingerprint.
//
// [Restate] compares what was issued with a newer statement and returns the
// postings between them:
//
//	adjustments, err := issue.Restate(issued, statement, issue.Options{AsOf: asOf})
//	…
//	for _, a := range adjustments {
//		// post a.Amount under a.ID(), of which the first stands
//	}
//
// What was issued, together with these postings, always equals the newest
// statement. That holds even if the customer has moved to another zone, since
// periods are identified by their days. A provisional statement issues nothing
// unless the options say so. A statement older than what was issued never issues
// anything.
//
// [ApplyLines] applies the lines of [credit.Credit.Lines] to what is open on an
// invoice, [Units] writes an amount as a processor counts it, and [NewReview]
// returns what to look at before a credit is released.
//
// The rules of keys and fingerprints have a version in their first field or line,
// and change only with it, which would be a change of results.
package issue
