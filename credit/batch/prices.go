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

// Prices are what the rows of a table are worth in one period, the first of
// them what no row is.
type prices struct {
	rows  []price
	above int64 // minor units that an amount must exceed to be issued; 0: none
	feed  bool  // a fee without a kind is part of the base
}

// A price is what decides on the amount where one row gives.
type price struct {
	worth    rate
	caps     []rate // the lowest of them bounds it
	currency string // of the sums in them and of that above; empty: there are none
	stated   bool   // only a statement can tell
}

// price works out what the rows are worth in each period.
func (f *Fleet) price() {
	switch a := f.terms.Agreement(); {
	case a.Name == "":
		f.unpriced = errors.New("the agreement has no name")
	case len(f.periods) > 1 && looksBack(a):
		f.unpriced = errors.New("a limit holds over several months, and of several periods each needs what was given in those before; make a fleet for each")
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

// looksBack reports whether an agreement has a limit over months.
func looksBack(a sla.Agreement) bool {
	over := func(b sla.Cap) bool {
		_, per, found := strings.Cut(string(b), " per ")
		return found && per != "outage"
	}
	return slices.ContainsFunc(a.AtMost, over) ||
		slices.ContainsFunc(a.Commitments, func(c sla.Commitment) bool { return slices.ContainsFunc(c.AtMost, over) })
}

// proves reports whether a row is worth out of some fees what statements say it
// is. A clause of which prices know nothing would be found here, and is then
// left to statements.
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

// pricesOf returns the prices under a verdict on one finding.
func pricesOf(fleet *Fleet, v sla.Verdict) prices {
	found := v.Findings[0]
	length, err := v.Period.Length(), error(nil)
	if found.Base.Length != "" {
		length, err = found.Base.Length.Duration()
	}
	measured := found.Measurement.Period.Window() == v.Period.Window()
	if w := found.Base.Window; err != nil || w != "" && w != "billed" && (w != "measured" || !measured) { // of which the fee says nothing
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
		return r, "", false // in two currencies, of which one is wrong
	}
	above, currency, ok := read(sla.Remedy{Sum: v.Above}, "")
	if !found.Automatic {
		p.above = above.sum
	}
	var caps []rate
	for _, l := range slices.Concat(found.Limits, v.Limits) {
		var most rate
		ok = ok && l.Months == 0 // what was given before is not known here
		if ok {
			most, currency, ok = read(l.Remedy, currency)
		}
		caps = append(caps, most)
	}
	if !ok {
		return prices{}
	}
	rows := len(fleet.Terms().Agreement().Commitments[0].Credits)
	for i := range rows + 1 {
		e, always := fleet.gives(int32(i))
		worth, currency, ok := read(e.Remedy, currency)
		p.rows = append(p.rows, price{worth, caps, currency, !always || !ok})
	}
	return p
}

// amount returns what a row is worth out of a fee, in minor units, and false
// where only a statement can tell, be it that something is wrong.
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

// amount returns what a row gives of a base, bounded and rounded once, and false
// if it leaves int64. Caps are whole minor units, so that rounding does not lift
// the worth over one of them, or from below to above it.
func (p *price) amount(base int64) (minor int64, fits bool) {
	minor, fits = p.worth.of(base, false)
	for i := range p.caps {
		most, capFits := p.caps[i].of(base, true)
		minor, fits = min(minor, most), fits && capFits
	}
	return minor, fits
}
