// Package credit prices verdicts: it turns verdicts and charges into a
// [Statement], which states the credit that one customer is owed for one
// billing period.
//
// A program judges with package sla, and adds the charges of the customer:
//
//	statement, err := credit.NewStatement(credit.Bill{
//		Customer: "acme",
//		Period:   june,
//		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.00")}},
//		Verdicts: []sla.Verdict{verdict},
//	})
//	…
//	fmt.Println(statement.Total)  // USD 49.90
//	fmt.Print(statement.Text())   // the total, and every step that leads to it
//
// The README begins with the whole program. The package sees outages only
// through the verdicts, and decides nothing about time.
//
// The types, by purpose:
//
//   - input: [Bill], with [Charge], [Prior] and [Claim]
//   - proration of a list price: [Price], [Prorated], [Proration], [PaidFor]
//   - result: [Statement], [Credit], [Part], [Limit], [Counted]
//   - choice within a group of commitments: [YieldsTo], [Spread]
//   - account: [Entry], from [Statement.Account], [Credit.Account] and
//     [Part.Account]
//   - split over invoice lines: [Line], from [Credit.Lines]
//   - amounts: [Money], [Exact], [Rounding]
//
// # Amounts
//
// A [Money] is a whole number of minor units of one currency. A value between a
// fee and an amount is an [Exact], a fraction. Each credit is rounded once: the
// exact sum of its parts is rounded to the minor unit, half away from zero. For
// example, 5 % of three fees of USD 66.70 is USD 10.005, which becomes USD
// 10.01. Rounding each part would give USD 10.02, three times USD 3.34.
//
// An agreement gives a share of a fee, the price of some service time, a fixed
// sum, or several of these added together:
//
//	fee × (percent ÷ 100 + service ÷ length) + sum
//
// # The fee
//
// The fee is the sum of the charges that count. Three things decide which
// charges count:
//
//   - resource: a charge counts if it is for the same resource. If the
//     agreement names labels, a charge counts if it has the same values of
//     these labels, such as the region or the account.
//   - time: a charge counts if it is for the judged or measured time. Some
//     agreements name another billing cycle, or days before the outage,
//     instead.
//   - kind: an agreement can list the only kinds that count, or the kinds that
//     do not count.
//
// A discount is a charge below zero. A charge that counts toward no fee is an
// error, and so is a charge that would count in full for two parts of the
// billing period.
//
// If a quarter is measured and billed by the month, the base states which fee
// is meant: that of the billing period or that of the quarter. For the fee of
// the quarter, the bill contains the charges of all three months, each with its
// window or cycle. A missing month is an error. A charge for a longer time
// counts only after it has been prorated. If a day or an outage within the
// billing period is measured, its fee is the charge in proportion to its
// length.
//
// A charge pays for its window, and nothing is owed for time that was not paid
// for. So the windows of the charges must contain the judged time, as far as
// the resource lived. [PaidFor] returns the paid time, and
// [outage.Timeline.Within] returns the part of a timeline that lies in it.
//
// A charge counts as it was invoiced. Where there is no invoice yet,
// [Price.Charge] prorates a list price by elapsed time, by days or by
// thirtieths. Each part is rounded like an invoice line. The rounded amount
// counts, or the exact one if the price says so.
//
// # The length
//
// The length is the time that the fee pays for. If the base names a length,
// such as "30d", that length applies. If the fee is that of days before an
// event, the length is that of these days. Otherwise it is the length of the
// judged or measured time, as far as charges with windows pay for it. So 50
// times the price of 149 minutes is 17.245 % of a fee for 30 days, and a month
// of service is worth one more fee. Time that an exclusion removes from the
// time due does not shorten the length.
//
// # Limits
//
// A limit on the credit is floored to the minor unit. For example, 50 % of USD
// 99.99 is at most USD 49.99, because USD 50.00 would be more than was agreed.
//
// A percentage in a limit of the agreement as a whole is a share of all charges
// that count toward any fee under that agreement. A charge that counts in part
// is included in part. If the fee is that of the measured outages or days, the
// percentage is a share of their fees.
//
// A percentage in a limit of a commitment is a share of the fee of each
// finding. If each outage has a fee of its own, such as that of the days before
// it, the credits for earlier outages use up the limit.
//
// A limit over several calendar months covers the months that end with the
// billing period. [Bill.Prior] states the credits given in the earlier months,
// and the limit leaves the rest.
//
// # Splitting
//
// The amount of a credit is split over its parts by largest remainder. Each
// part first gets the whole minor units of its share. The remaining units go
// one each to the parts with the largest remainders; of equal remainders, the
// first part gets the unit. So the parts sum to the credit. No part exceeds the
// amount it owes, rounded up, or its own limit.
//
// [Credit.Lines] splits the credit in the same way over the charges behind it,
// and gives remaining units first to lines that were billed more than their
// share. The function ApplyLines of package credit/issue applies this split to
// the amounts that are open on the lines. The total of a statement is the sum
// of its credits.
//
// Credits are not negative, and all amounts are without tax. All charges of a
// bill are in one currency. Nothing is converted, so a sum in another currency
// is an error.
//
// # The order in which terms apply
//
// The order continues that of package sla. The account of a statement uses the
// same numbers.
//
//  13. Price the entitlement for each resource exactly. Then apply the limits of
//     the commitment, floored to the minor unit; the lowest counts. A limit for
//     each outage bounds the finding on one outage. Any other limit bounds the
//     amount that the commitment gives for the resource in the measured period.
//  14. In each group of commitments, take the one that gives most for the
//     resource; of equals, take the first. A commitment in several groups gives
//     only if it gives most in each of them. An amount for resources that are
//     measured as one is spread over them in proportion to their charges that
//     count. Each resource takes the better of its share and its own amount.
//     The share of charges for non-members stays. If no charge of a member
//     counts, the amount cannot be spread. Then the greater of two amounts
//     counts: that of the group, or that of its members together. Finally add
//     up the commitments and resources.
//  15. Round the sum to the minor unit, once.
//  16. Apply the limits of the agreement as a whole, floored to the minor unit;
//     the lowest counts.
//  17. Issue only an amount above the sum that the agreement names. Automatic
//     credits are issued whatever their size. If there are any, the amount that
//     has to be claimed is rounded and limited on its own, and must itself
//     exceed the sum.
//  18. Split over the parts, and over the invoice lines.
//  19. Show where the claim stands, as the [Bill] states it.
//
// Each agreement of a bill gives one credit, for one measured period. The
// credit of a yearly agreement is in the statement on the billing period in
// which its year ends. Two periods of one agreement in a bill are an error,
// because one outage would be credited twice and limits would be exceeded. If
// an agreement changed within the billing period, it is two agreements, each
// judged on its part of the period. Charges with windows then make up the fee
// of each part.
//
// # Provisional statements
//
// A statement is provisional in three cases: its period is not over, an outage
// under way can still change a figure, or unobserved time matters.
// [Statement.Provisional] lists the reasons. A statement is final if every
// figure is the same whether the outages under way ended at the as-of instant
// or go on for ever.
//
// Total is the amount owed for the known downtime. TotalAtMost is the amount
// that would be owed if the resource had been down in all unobserved time; the
// account explains it by the steps marked "at worst". To replace a provisional
// statement by a final one, make a new statement from newer records.
//
// # Credits without a breach
//
// A table with a gap that the severer row takes can give a credit although the
// promise is kept. The outcome is then met and an amount is owed, and
// [Statement.WithoutBreach] reports it. The figures and totals of package
// credit/batch report it too: they count missed promises and given credits
// separately.
//
// # Related packages
//
// Package credit/batch settles many customers. It computes the figures of
// [NewStatement] for each, without the account. To explain a figure, make a
// statement from the same outages.
//
// Package credit/issue prepares a statement for a billing system. It identifies
// each credit by a key and a fingerprint, and computes the postings that
// correct earlier ones. It also applies credits to invoice lines, converts
// amounts to the units of a processor, and lists what to review before a
// release.
//
// Package credit/page writes a statement as a page for the customer.
//
// # Documents
//
// [Statement.MarshalJSON] writes a statement as JSON with its account.
// [Statement.UnmarshalJSON] accepts it only if each figure follows from its
// charges, verdicts and prior credits. It reads the contents of the verdicts as
// they are. [Statement.WriteCSV] writes the account as rows, and
// [Statement.Text] as lines of text.
package credit
