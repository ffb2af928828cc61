package credit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/internal/fault"
	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A Bill is the input of a [Statement]: the charges of one customer for one
// billing period, and the verdicts on the same resources.
type Bill struct {
	Customer string

	// Contract distinguishes the bills of a customer who gets several for one
	// period; it names an account, a subscription or a contract. Empty: there
	// is one bill. The Identity of each credit in package credit/issue contains
	// it, so it must never change.
	Contract string

	// Period is the billing period. Zero: the period of the verdicts, if they
	// all have the same one.
	Period calendar.Period

	// Charges are all in one currency. Each charge must count for a verdict. It
	// has the resource of the verdict, or the labels by which the fee is found,
	// and its time belongs to that fee. Any other charge is an error, because a
	// fee may lack it. A charge without a window that would count in full for
	// two parts of the billing period is also an error.
	Charges []Charge

	// Verdicts contains at most one verdict for each agreement and resource, so
	// that no outage is credited twice. The verdicts of one agreement are on
	// the same measured period, which ended in the billing period. Each verdict
	// needs a charge that counts as its fee, even if that charge is zero.
	//
	// If the agreement changed within the billing period, there is one verdict
	// under each version, on its part of the period. The versions need
	// different names, and the limits of each apply separately. For a limit
	// over several months, list the credits of the old version in Prior under
	// the name of the new one.
	Verdicts []sla.Verdict

	// Prior lists the credits given in earlier periods, for agreements with a
	// limit over several months. It must contain all credits given in those
	// months, and none for this billing period, which the statement itself
	// covers. Nil means that the credits are unknown, which is an error if
	// there is such a limit. An empty list means that nothing was given.
	Prior []Prior

	// Claims state where the claims for the credits stand. Revisions show how
	// the records behind the verdicts became known, as [outage.Log.History]
	// returns them. Both are shown to the customer and change no amount.
	Claims    []Claim
	Revisions []outage.Revision
}

// clone returns a copy of b that shares nothing with it.
func (b Bill) clone() Bill {
	b.Charges, b.Verdicts, b.Prior = slices.Clone(b.Charges), slices.Clone(b.Verdicts), slices.Clone(b.Prior)
	b.Claims, b.Revisions = slices.Clone(b.Claims), slices.Clone(b.Revisions)
	for i := range b.Charges {
		b.Charges[i].Labels = maps.Clone(b.Charges[i].Labels)
	}
	for i := range b.Verdicts {
		b.Verdicts[i] = b.Verdicts[i].Clone()
	}
	for i := range b.Revisions {
		b.Revisions[i] = b.Revisions[i].Clone()
	}
	return b
}

// A faults collects the faults of a bill.
type faults struct{ fault.List }

// validate reports every fault of b.
func (b Bill) validate(book *book) error {
	var f faults
	if problem := label.Missing(b.Customer); problem != "" {
		f.Add("customer: %s", problem)
	}
	if problem := label.Problem(b.Contract); problem != "" {
		f.Add("contract: %s", problem)
	}
	if err := b.Period.Err(); err != nil {
		f.Add("period: %w", err)
	}
	if len(b.Charges) == 0 {
		f.Add("charges: missing")
	}
	b.checkCharges(&f, book)
	b.checkVerdicts(&f, book)
	b.checkPrior(&f, book.currency)
	b.checkClaims(&f)
	b.checkRevisions(&f)
	return f.Err()
}

func (b Bill) checkCharges(f *faults, book *book) {
	ids := make(map[string]bool, len(b.Charges))
	for i, u := range book.uses(b.Verdicts) {
		c := b.Charges[i]
		at := subjectName{"charge", c.ID, ""}
		switch problem := label.Missing(c.ID); {
		case problem != "":
			f.Add("charges[%d]: id: %s", i, problem)
		case ids[c.ID]:
			f.Add("%s: comes twice", at)
		}
		ids[c.ID] = true
		f.charge(at, c, book)
		switch p, q, twice := u.twice(); {
		case !u.judged && len(book.lists) > 1:
			f.Add("%s: resource: there is no verdict on %s, nor on a resource with the labels by which a fee is found", at, numeral.Shorten(c.Resource))
		case !u.judged:
			f.Add("%s: resource: there is no verdict on %s", at, numeral.Shorten(c.Resource))
		case u.lacks != "":
			f.Add("%s: labels: %s: missing; the fee of %s is found by it", at, numeral.Shorten(u.lacks), numeral.Shorten(c.Resource))
		case !u.counted:
			f.Add("%s: it counts toward no fee: it is for another time, or has other labels", at)
		case twice:
			field := "window"
			if c.Cycle != 0 {
				field = "judged"
			}
			f.Add("%s: %s: missing; the charge would count in full for %v and for %v", at, field, p, q)
		}
	}
}

// A subjectName names a charge or a verdict in errors. It is composed only if there
// is one.
type subjectName struct{ kind, id, resource string }

func (n subjectName) String() string {
	text := n.kind + " " + numeral.Shorten(n.id)
	if n.resource != "" || n.kind == "verdict of" {
		text += " on " + numeral.Shorten(n.resource)
	}
	return text
}

// charge reports fields that an invoice line cannot have.
func (f *faults) charge(at fmt.Stringer, c Charge, book *book) {
	f.Currency(at, c.Amount, book.currency, ErrCurrencyMismatch)
	if problem := label.Problem(c.Kind); problem != "" {
		f.Add("%s: kind: %s", at, problem)
	}
	if problem := label.Problem(c.Resource); problem != "" {
		f.Add("%s: resource: %s", at, problem)
	}
	for _, key := range slices.Sorted(maps.Keys(c.Labels)) {
		for _, text := range []string{key, c.Labels[key]} {
			if problem := label.Missing(text); problem != "" {
				f.Add("%s: labels: %s", at, problem)
			}
		}
	}
	bill := book.period.Window()
	switch {
	case c.Window.IsEmpty():
	case c.Cycle < 0 && c.Window.End().After(bill.Start()), c.Cycle > 0 && c.Window.Start().Before(bill.End()):
		f.Add("%s: cycle: %d, but its window, %v, does not lie on that side of the billing period", at, c.Cycle, c.Window)
	case c.Prorated.By == ElapsedTime && c.Prorated != Prorated{} && c.Prorated.Part != int64(c.Window.Length()):
		f.Add("%s: prorated: %v, but its window, %v, is %s long", at, c.Prorated, c.Window, span.String(c.Window.Length()))
	}
	switch {
	case c.Judged.IsEmpty():
	case c.Cycle == 0:
		f.Add("%s: judged: it is only for a charge of another billing cycle; give this charge a window", at)
	case c.Judged.Intersect(bill) != c.Judged:
		f.Add("%s: judged: %v does not lie in the billing period, %v", at, c.Judged, book.period)
	}
	if c.Prorated == (Prorated{}) {
		return
	}
	if err := c.Prorated.check(); err != nil {
		f.Add("%s: prorated: %w", at, err)
		return
	}
	amount, err := c.Prorated.amount()
	if err != nil || amount != c.Amount {
		f.Add("%s: amount: %v is not %v", at, c.Amount, c.Prorated)
	}
}

func (b Bill) checkVerdicts(f *faults, book *book) {
	type key struct{ agreement, resource string }
	seen, measured := map[key]bool{}, map[string]calendar.Period{}
	for _, v := range b.Verdicts {
		at := subjectName{"verdict of", v.Agreement, v.Resource}
		k := key{v.Agreement, v.Resource}
		switch {
		case v.Agreement == "":
			f.Add("%s: the agreement has no name", at)
		case seen[k]:
			f.Add("%s: comes twice", at)
		case v.Period.Err() != nil:
			f.Add("%s: %w", at, v.Period.Err())
		case b.Period.Err() == nil && !b.ends(v.Period):
			f.Add("%s: its period, %v, does not end in the billing period, %v", at, v.Period, b.Period)
		}
		if first, found := measured[v.Agreement]; !found {
			measured[v.Agreement] = v.Period
		} else if first != v.Period && !seen[k] {
			f.Add("%s: its period, %v, is not that of the agreement's other verdicts, %v", at, v.Period, first)
		}
		seen[k] = true
		if problem := label.Problem(v.Agreement); problem != "" {
			f.Add("%s: agreement: %s", at, problem)
		}
		f.verdict(at, v, book.currency)
		if len(v.Findings) == 0 && !book.charged(v) {
			f.Add("%s: %w", at, errNoCharge)
		}
		reported := map[string]bool{}
		for _, finding := range v.Findings {
			err := book.basis(v, finding).err
			if err == nil {
				err = book.covers(v, finding)
			}
			if err != nil && !errors.Is(err, ErrCurrencyMismatch) && !reported[err.Error()] { // that one is reported for the charge
				reported[err.Error()] = true
				f.Add("%s: %w", at, err)
			}
		}
	}
}

// ends reports whether p ends in the billing period.
func (b Bill) ends(p calendar.Period) bool {
	end := p.Window().End()
	return end.After(b.Period.Window().Start()) && !end.After(b.Period.Window().End())
}

// verdict reports entitlements and limits that no agreement can have, because a
// verdict may be a literal or read from JSON. It also reports sums in another
// currency than that of the charges, because nothing is converted.
func (f *faults) verdict(at subjectName, v sla.Verdict, currency string) {
	t := verdictFaults{f, at, currency}
	t.limits(v.Limits)
	if slices.ContainsFunc(v.Limits, func(l sla.Limit) bool { return l.PerOutage }) {
		f.Add("%s: a limit for each outage cannot bound the agreement as a whole", at)
	}
	t.sum("/above", v.Above)
	for _, finding := range v.Findings {
		t.finding(v, finding)
	}
}

// A verdictFaults collects the faults of one verdict. At names the verdict in
// the errors, and currency is that of the charges.
type verdictFaults struct {
	*faults
	at       subjectName
	currency string
}

// in returns the verdict and one of its clauses, as an error names them.
func (t verdictFaults) in(clause string) string {
	return strings.TrimSuffix(t.at.String()+": "+numeral.Plain(clause), ": ")
}

func (t verdictFaults) sum(clause string, s sla.Sum) {
	if !s.IsZero() && t.currency != "" && s.Currency() != t.currency {
		t.Add("%s: %w: the agreement says %v, and the charges are in %s; nothing is converted", t.in(clause), ErrCurrencyMismatch, s, t.currency)
	}
}

func (t verdictFaults) share(clause string, p sla.Percent) {
	if p.Sign() < 0 {
		t.Add("%s: a percentage is negative", t.in(clause))
	}
}

func (t verdictFaults) limits(limits []sla.Limit) {
	for _, l := range limits {
		t.share(l.Clause, l.Percent)
		t.sum(l.Clause, l.Sum)
		if share, time, sum := !l.Percent.IsZero(), !l.Service.IsZero(), !l.Sum.IsZero(); share && time || sum && (share || time) {
			t.Add("%s: a limit has two units", t.in(l.Clause))
		}
		if l.Months < 0 || l.Months > 0 && l.PerOutage {
			t.Add("%s: a limit has months %d and perOutage %t; want months from 0, and 0 beside perOutage", t.in(l.Clause), l.Months, l.PerOutage)
		}
	}
}

// finding reports the faults in the limits, the entitlements and the length of
// one finding.
func (t verdictFaults) finding(v sla.Verdict, f sla.Finding) {
	t.limits(f.Limits)
	both := [...]sla.Entitlement{f.Entitlement, f.EntitlementAtMost}
	entitlements := both[:]
	if f.Entitlement.Equal(f.EntitlementAtMost.Remedy) {
		entitlements = entitlements[:1] // or each fault would be reported twice
	}
	byTime := slices.ContainsFunc(f.Limits, func(l sla.Limit) bool { return !l.Service.IsZero() })
	for _, e := range entitlements {
		t.share(e.Clause, e.Percent)
		t.sum(e.Clause, e.Sum)
		byTime = byTime || !e.Service.IsZero()
	}
	const length = "/base/length"
	if f.Base.Length != "" {
		if l, err := f.Base.Length.Duration(); err != nil || l == 0 {
			t.Add("%s: %s is not a length of time above zero", t.in(f.Clause+length), numeral.Shorten(string(f.Base.Length)))
		}
		return
	}
	if cycles, _, err := f.Base.Window.Over(v.Period, outage.Window{}); byTime && err == nil && cycles != 0 {
		t.Add("%s: missing; service time is priced by the fee of another billing cycle", t.in(f.Clause+length))
	}
}

// checkPrior reports faults of the prior credits, and a missing list.
func (b Bill) checkPrior(f *faults, currency string) {
	type key struct {
		bounded
		first, next calendar.Date // in any zone
	}
	seen, judged := map[key]bool{}, map[string]bool{} // agreements
	for _, v := range b.Verdicts {
		judged[v.Agreement] = true
	}
	for i, e := range b.Prior {
		at := fmt.Sprintf("prior[%d]", i)
		f.Amount(at, e.Amount, currency, ErrCurrencyMismatch)
		k := key{e.bounded(), e.Period.First(), e.Period.Until()}
		if problem := label.Missing(e.Agreement); problem != "" {
			f.Add("%s: agreement: %s", at, problem)
		}
		switch {
		case e.Period.Err() != nil:
			f.Add("%s: period: %w", at, e.Period.Err())
		case seen[k]:
			f.Add("%s: the same agreement, commitment, resource and period come twice; give the sum", at)
		case e.Period.EndsIn(b.Period) && judged[e.Agreement]:
			f.Add("%s: its period, %v, ends in the billing period, whose credits this statement computes", at, e.Period)
		}
		seen[k] = true
	}
	for _, v := range b.Verdicts {
		limits := slices.Clone(v.Limits)
		for _, finding := range v.Findings {
			limits = append(limits, finding.Limits...)
		}
		i := slices.IndexFunc(limits, func(l sla.Limit) bool { return l.Months > 0 })
		if i >= 0 && b.Prior == nil {
			f.Add("prior: missing; %s of %s gives %v, so list the credits of earlier periods; an empty list states that there are none",
				numeral.Plain(limits[i].Clause), numeral.Shorten(v.Agreement), limits[i])
			return
		}
	}
}
