// Package credit says what is owed: it turns verdicts and charges into a
// statement for one customer and one billing period. It knows no outages but
// those in the verdicts, and decides nothing about time.
//
// A program judges with package sla, and adds what was billed:
//
//	statement, err := credit.NewStatement(credit.Bill{
//		Customer: "acme",
//		Period:   june,
//		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.00")}},
//		Verdicts: []sla.Verdict{verdict},
//	})
//	…
//	fmt.Println(statement.Total)  // USD 49.90
//	fmt.Print(statement.Text())   // and why
//
// The example of [NewStatement] is the whole program.
//
// # Amounts
//
// An amount is a [Money], a whole number of minor units of one currency. What
// lies between a fee and an amount is exact: the percentage of a fee, and the
// sum of several. A credit is rounded once, its sum, half away from zero, to
// the minor unit: 5 % of three fees of USD 66.70 are USD 10.005 and so
// USD 10.01, not three times USD 3.34.
//
// A limit on what is given is floored to the minor unit: 50 % of USD 99.99 is
// at most USD 49.99, since USD 50.00 would be more than was agreed.
//
// The amount of a credit is split over its parts by largest remainder: each
// part gets the whole units of its share, and those that are left go to the
// parts that lost most by the cut, of equals to the first. So the parts sum to
// the credit, and none is more than what it is owed, rounded up, or more than
// its own limit. Credits sum to the total.
//
// Amounts are positive and without tax. All charges of a bill are in one
// currency; nothing is converted.
//
// # The order in which terms apply
//
// It goes on from that of package sla, and the account of a statement carries
// the same numbers. Those in brackets have no terms yet.
//
//  13. A percentage of the charges for a resource, exact; then the limits of
//     the commitment, floored, the lowest of them.
//  14. Add what the commitments and resources of an agreement give.
//     [Or the highest of them, or one for each incident.]
//  15. Round the sum to the minor unit, once.
//  16. The limits of the agreement as a whole, floored, the lowest of them.
//  17. [Issue only above a sum, raise to a sum.]
//  18. Split over the parts. [And over invoice lines.]
//  19. [The time within which to claim.]
//
// The agreements of a bill each give a credit of their own, for one measured
// period: that of a yearly agreement is in the statement on the billing period
// in which its year ends. Two periods of one agreement in a bill are an error,
// since one outage would be credited twice, and limits exceeded.
//
// # Provisional statements
//
// While an outage is under way, a period is not over, or nobody knows whether
// the resource was up and it matters, a statement is provisional and says why.
// Its total is what is owed for the downtime that is known, and TotalAtMost
// what would be if the resource had been down whenever nobody knows. It
// becomes final by a new statement on newer records.
//
// # Documents
//
// A statement is written as JSON with its account, and is read only if its
// amounts follow from the charges, percentages and limits beside them. What
// the verdicts decided is read as it stands.
package credit
