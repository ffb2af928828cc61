// Package batch settles many customers for a billing period. It computes the
// figures of [credit.NewStatement] for each customer, without the account.
//
// A [Fleet] contains everything that many customers share, computed once. A
// [Batch] settles the customers with a number of workers, from a slice or from
// a stream. The result for one customer and period is a [Figures], and [Totals]
// adds figures up:
//
//	fleet, err := batch.NewFleet(terms, shared, june)
//	customers := []batch.Customer{{Fleet: fleet, Fee: fee, Outages: windows}}
//	figures, err := batch.Batch{Workers: 8}.Settle(ctx, nil, customers)
//	// err names the customers that failed; the figures of the others are valid
//	var totals batch.Totals
//	err = totals.Add("USD", figures...)
//	owed, err := totals.Credit("USD").Round("USD", credit.HalfAwayFromZero)
//
// The types, by purpose:
//
//   - shared by many customers: [Fleet]
//   - one customer: [Customer], with [Extra] for rare additions
//   - settling: [Batch] for many customers, [Settler] for one after the other,
//     [CustomerError]
//   - results: [Figures], [Totals]
//
// Figures are whole numbers: nanoseconds, and minor units of the currency of
// the fee. A customer that cannot be settled is marked Failed and has a
// [CustomerError]; the other customers are settled all the same. The result is
// the same for any number of workers.
//
// To explain the figures of a customer, [Fleet.Verdicts] returns the verdicts
// on the same outages, and [credit.NewStatement] makes a statement from them.
package batch
