package batch

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/sla"
)

// A prices contains the worth of each row of a table in one period. The first
// entry is for no row.
type prices struct {
	rows  []price
	above int64 // minor units that an amount must exceed to be issued; 0: no bound
	feed  bool  // a fee without a kind counts toward the base
}

// A price contains the rates that decide the amount if one row gives.
type price struct {
	worth    rate
	limits   []rate // the lowest of them bounds the amount
	currency string // of the sums in the rates and of above; empty: there are none
	stated   bool   // only a statement decides
}

// price computes the worth of the rows in each period.
func (f *Fleet) price() {
	switch a := f.terms.Agreement(); {
	case a.Name == "":
		f.unpriced = errors.New("the agreement has no name")
	case len(f.periods) > 1 && looksBack(a):
		f.unpriced = errors.New("a limit covers several months, so each period needs the credits of the earlier ones; make a fleet for each period")
	}
	if f.unpriced != nil || f.quick == nil {
		return
	}
	for i, v := range f.alone {
		p := pricesOf(f, v)
		for row := range p.rows {
			p.rows[row].stated = p.rows[row].stated || !f.proves(i, &p, int32(row))
		}
		if i := slices.IndexFunc(f.prices, func(q *prices) bool { return reflect.DeepEqual(*q, p) }); i >= 0 {
			f.prices = append(f.prices, f.prices[i])
		} else {
			f.prices = append(f.prices, &p)
		}
	}
}

// looksBack reports whether an agreement has a limit over several months.
func looksBack(a sla.Agreement) bool {
	over := func(b sla.Cap) bool {
		_, per, found := strings.Cut(string(b), " per ")
		return found && per != "outage"
	}
	return slices.ContainsFunc(a.AtMost, over) ||
		slices.ContainsFunc(a.Commitments, func(c sla.Commitment) bool { return slices.ContainsFunc(c.AtMost, over) })
}

// proves reports whether the worth of a row equals that of statements, for some
// fees. If the prices ignored a clause, the difference would show here, and the
// row would be left to statements.
func (f *Fleet) proves(period int, p *prices, row int32) bool {
	e, _ := f.gives(row)
	v := f.giving(period, e)
	for _, minor := range []int64{0, 1, 4_999, 123_457, 1_000_000_007} {
		fee, err := credit.MoneyFromMinor(minor, cmp.Or(p.rows[row].currency, "USD"))
		if err != nil {
			return false
		}
		c := Customer{Fee: fee}
		got, told := p.amount(row, &c.Fee)
		st, err := c.statement(f.periods[period], []sla.Verdict{v})
		if !told || err != nil || st.Total.MinorUnits() != got || st.TotalAtMost.MinorUnits() != got || len(st.Provisional) > 0 {
			return false
		}
	}
	return true
}

// pricesOf returns the prices under a verdict with one finding.
func pricesOf(fleet *Fleet, v sla.Verdict) prices {
	found := v.Findings[0]
	length, err := v.Period.Length(), error(nil)
	if found.Base.Length != "" {
		length, err = found.Base.Length.Duration()
	}
	measured := found.Measurement.Period.Window() == v.Period.Window()
	if w := found.Base.Window; err != nil || w != "" && w != "billed" && (w != "measured" || !measured) { // the fee is not for that time
		return prices{}
	}
	p := prices{feed: credit.Charge{}.Counts(found.Base)}
	read := func(remedy sla.Remedy, currency string) (r rate, in string, ok bool) {
		r, ok = rateOf(remedy, length)
		switch {
		case r.currency == "":
			return r, currency, ok
		case currency == "" || currency == r.currency:
			return r, r.currency, ok
		}
		return r, "", false // two currencies, so a statement reports the fault
	}
	above, currency, ok := read(sla.Remedy{Sum: v.Above}, "")
	if !found.Automatic {
		p.above = above.sum
	}
	var limits []rate
	for _, l := range slices.Concat(found.Limits, v.Limits) {
		var most rate
		ok = ok && l.Months == 0 // prior credits are not known here
		if ok {
			most, currency, ok = read(l.Remedy, currency)
		}
		limits = append(limits, most)
	}
	if !ok {
		return prices{}
	}
	rows := len(fleet.Terms().Agreement().Commitments[0].Credits)
	for i := range rows + 1 {
		e, always := fleet.gives(int32(i))
		worth, currency, ok := read(e.Remedy, currency)
		p.rows = append(p.rows, price{worth, limits, currency, !always || !ok})
	}
	return p
}

// amount returns the amount of a row for a fee, in minor units. It returns
// false if only a statement can decide, for example because of a fault.
func (p *prices) amount(row int32, fee *credit.Money) (minor int64, told bool) {
	if int(row) >= len(p.rows) || fee.Currency() == "" || fee.MinorUnits() < 0 {
		return 0, false
	}
	r := &p.rows[row]
	if r.stated || r.currency != "" && r.currency != fee.Currency() {
		return 0, false
	}
	base := fee.MinorUnits()
	if !p.feed {
		base = 0
	}
	minor, told = r.amount(base)
	if minor <= p.above {
		minor = 0
	}
	return minor, told
}

// amount returns the amount of a row for a base, limited and rounded once. It
// returns false if the amount leaves int64. Limits are whole minor units, so
// rounding does not lift the worth over a limit.
func (p *price) amount(base int64) (minor int64, fits bool) {
	minor, fits = p.worth.of(base, false)
	for i := range p.limits {
		most, limitFits := p.limits[i].of(base, true)
		minor, fits = min(minor, most), fits && limitFits
	}
	return minor, fits
}
