// Package batch settles the customers of a month end in figures alone: what
// [credit.NewStatement] would say of each, without the account.
//
// A [Fleet] is what many customers share, worked out once. A [Batch] settles
// them with as many workers as it has, from a slice or from a stream; [Figures]
// are what comes of one, and [Totals] add them up:
//
//	fleet, err := batch.NewFleet(terms, shared, june)
//	customers := []batch.Customer{{Fleet: fleet, Fee: fee, Outages: windows}}
//	figures, err := batch.Batch{Workers: 8}.Settle(ctx, nil, customers)
//	// err names the customers who failed; the figures of the others hold
//	var totals batch.Totals
//	err = totals.Add("USD", figures...)
//	owed, err := totals.Credit("USD").Round("USD", credit.HalfAwayFromZero)
//
// Whoever asks why gets the verdicts from the same outages by [Fleet.Verdicts], and
// from them a statement with its account.
//
// Figures are whole numbers: nanoseconds, and minor units of the currency of the
// fee. A customer who cannot be settled is Failed, with a [CustomerError], and
// keeps nobody else from theirs. The result is the same for any number of workers.
package batch
