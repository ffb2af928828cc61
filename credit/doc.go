// Package credit says what is owed: it turns verdicts and charges into a
// statement for one customer and one billing period. It knows no outages except
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
// The program at the top of the README is a whole one.
//
// # Amounts
//
// An amount is a [Money], a whole number of minor units of one currency. A value
// between a fee and an amount is an [Exact], a fraction. A credit is rounded
// once: its sum is rounded to the minor unit, half away from zero. 5 % of three
// fees of USD 66.70 are USD 10.005 and so USD 10.01, not three times USD 3.34.
//
// An agreement gives a share of a fee, the price of some service time and a sum
// of money, added together:
//
//	fee × (percent ÷ 100 + service ÷ length) + sum
//
// # The fee
//
// The fee is the sum of the charges that count. Three things decide which do:
//
//   - the resource: the charges for it, or, if the agreement names labels, those
//     with the same labels, such as the region or the account
//   - the time: the time that is judged or measured, or another billing cycle, or
//     the days before
//   - the kind: only the kinds that the agreement names, or all but those
//
// A discount is a charge below zero. A charge that counts for nothing is an
// error, and so is one that would count for two parts of the period.
//
// Where a quarter is measured and billed by the month, the base states which fee
// is meant: that of the billing period or that of the quarter. The three months
// of a quarter are then in the bill, told apart by their windows or cycles; a
// missing month is an error. A charge for a longer time counts only as far as it
// was prorated. Where a day or an outage is measured within the billing period,
// its fee is the charge in proportion to its length.
//
// A charge pays for its window. Nothing is owed for time that was not paid for.
// So the judged time, as far as the resource lived, must lie in the windows of
// its charges. [PaidFor] returns which time was paid for, and
// [outage.Timeline.Within] the part of a timeline that lies in it.
//
// A charge counts as it was invoiced. Where there is no invoice yet, a [Price] is
// prorated by time, by days or by thirty days. Each part is rounded as an
// invoice line is, and counts so, or exactly if the price says so.
//
// # The length
//
// The length is the time for which the fee pays. It is the length that the base
// names, such as "30d". Otherwise it is that of the days for which the fee was
// charged, or of the time that is judged or measured, as far as charges with
// windows pay for it. So 50 times the price of 149 minutes is 17.245 % of a fee
// by 30 days. A month of service is the fee once more. Time that an exclusion
// removes from what is due does not shorten the length.
//
// # Limits
//
// A limit on what is given is floored to the minor unit: 50 % of USD 99.99 is
// at most USD 49.99, since USD 50.00 would be more than was agreed.
//
// A percentage in a limit of the agreement as a whole is a share of all charges
// that count for any of its commitments, each as far as it counts. Where the fee
// is that of the measured outages or days, it is a share of their fees.
//
// A percentage in a limit of a commitment is a share of the fee of each finding.
// Where each outage has a fee of its own, such as that of the days before it,
// the credits for earlier outages count against the limit.
//
// A limit over several calendar months covers those that end with the billing
// period. It leaves what was not given in the earlier ones, which [Bill] has to
// state.
//
// # Splitting
//
// The amount of a credit is split over its parts by largest remainder. Each part
// gets the whole units of its share. The remaining units go to the parts that
// lost most when their shares were cut to whole units; among equals, to the
// first. So the parts sum to the credit. No part is more than what it is owed,
// rounded up, or more than its own limit.
//
// [Credit.Lines] splits the credit in the same way over the charges behind
// it; remaining units go first to lines that were billed more than their share.
// [issue.ApplyLines] applies the split to the amounts that are open on the lines.
// Credits sum to the total.
//
// Credits are positive, and all amounts are without tax. All charges of a bill
// are in one currency; nothing is converted, and a sum in another currency is an
// error.
//
// # The order in which terms apply
//
// It goes on from that of package sla, and the account of a statement carries
// the same numbers.
//
//  13. Price what is given for a resource, exactly. Then apply the limits of the
//     commitment, floored; the lowest counts. A limit for each outage bounds the
//     finding on one outage; any other limit bounds what the commitment gives for
//     the resource in the measured period.
//  14. Of the commitments of a group, take the one that gives most for the
//     resource, among equals the first. A commitment in several groups gives only
//     if it gives most in each. What is given for resources that are measured as
//     one is spread over them in proportion to their charges that count, and each
//     takes the better of its share and its own. The share of charges for no
//     member stays. If no charge of a member counts, nothing can be spread: then
//     the greater of two amounts counts, what is given for the group and what is
//     given for its members together. Then add what the commitments and resources
//     give.
//  15. Round the sum to the minor unit, once.
//  16. Apply the limits of the agreement as a whole, floored; the lowest counts.
//  17. Issue only an amount above the sum that the agreement names. An automatic
//     credit is issued whatever its size. Beside one, the amount that has to be
//     claimed must be above the sum, rounded and limited by itself.
//  18. Split over the parts, and over the invoice lines.
//  19. Show where the claim stands, as [Bill] states it.
//
// Each agreement of a bill gives a credit of its own, for one measured period.
// That of a yearly agreement is in the statement on the billing period in which
// its year ends. Two periods of one agreement in a bill are an error, since one
// outage would be credited twice, and limits exceeded. An agreement that changed
// within the billing period is two agreements, each judged on its part of the
// period. Charges with windows then make up the fee of each part.
//
// # Provisional statements
//
// A statement is provisional, and says why, in three cases: its period is not
// over, an outage under way can still change a figure, or unobserved time
// matters. It is final if every figure is the same whether the outages under way
// ended at the as-of instant or go on for ever.
//
// Total is what is owed for the downtime that is known. TotalAtMost is what would
// be owed if the resource had been down in all unknown time; the account explains
// it by the steps marked "at worst". A provisional statement becomes final by a
// new statement on newer records.
//
// # Credits without a breach
//
// A table with a gap that the severer row takes can give where the promise is
// kept. The outcome is then met and something is owed, and
// [Statement.WithoutBreach] reports it. Settlements and totals report it too:
// missed promises and given credits are separate counts.
//
// # Many customers
//
// Package credit/batch settles customers in figures alone: what [NewStatement] would
// say of each, without the account. Whoever asks why gets a statement from the same
// outages.
//
// # Issuing
//
// Package credit/issue takes a statement to a billing system: a key and a
// fingerprint for each credit, the postings that correct what was issued, amounts
// applied to invoice lines or written as a processor counts them, and the review
// before the release.
//
// # Documents
//
// A statement is written as JSON with its account. It is read only if each of
// its figures follows from the charges, the verdicts and the prior credits
// beside it. The contents of the verdicts are read as they stand. The same
// account is written as rows by [Statement.WriteCSV], as lines by
// [Statement.Text], and as a page for the customer by package page.
package credit
