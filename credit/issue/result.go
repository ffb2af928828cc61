package issue

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/fault"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A Result is a credit as a billing system knows it: its identity, a
// fingerprint of the facts behind it, and its amount. If the key and the
// fingerprint equal the issued ones, there is nothing to do. If only the key
// does, the credit is restated; [Restate] computes the adjustment.
type Result struct {
	Identity Identity `json:"identity"`

	// Fingerprint is the SHA-256 of the text of [Canonical], as 64 lower-case
	// hex digits.
	Fingerprint string `json:"fingerprint"`

	Amount credit.Money `json:"amount"`
}

// Results returns the results of the credits of s, in their order, even if
// their amounts are zero. It fails only for a statement that was put together
// by hand.
func Results(s credit.Statement) ([]Result, error) {
	results, billed := make([]Result, len(s.Credits)), billedBy(s)
	for i, c := range s.Credits {
		text, err := canonicalText(s, i, billed)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256([]byte(text))
		results[i] = Result{identityOf(s, c), hex.EncodeToString(sum[:]), c.Amount}
	}
	return results, nil
}

// Canonical returns the text behind the fingerprint of the credit with an
// index: the facts that its amount follows from, and the amount. The text is
// the same on every machine, for every order of the charges and verdicts, and
// in every release that writes the same first line.
//
// It leaves out everything that is only for people or that points to documents:
// the names of records and clauses, reasons, notes, the as-of instant, and the
// split of the amount over the parts. So a run on the same facts, months later,
// has the same fingerprint.
//
// Each line is a word and its fields, separated by tabs. Texts are escaped as
// in [Identity.Key]. Instants are nanoseconds since 1970 UTC, lengths are
// nanoseconds, amounts of money are minor units, and exact values are fractions
// in lowest terms.
//
//	slacredit/fingerprint/1
//	credit     key
//	period     start, end                   of the measured period
//	charge     id, resource, kind, amount   one for each charge that counts or may count, by ID
//	label      name, value                  one for each label by which it counts, by name
//	for        cycle, start, end            if the charge has a cycle or a window
//	judged     start, end                   if the charge is for a part of the billing period
//	exact      exact amount                 if the charge counts unrounded; in major units
//	resource   name                         one for each resource, by name; the lines down to owed belong to it
//	finding    commitment, outcome, allowed downtime, allowed outages
//	measured   resource, start, end, up, down, excused, unknown, outside, down at most, due
//	due        length                       one for each step of the denominator
//	down       start, end, share, share at most
//	           likewise excused, unknown and outside; equal neighbours are joined
//	outage     start, end, 1 if under way
//	           for a pool, the lines from measured to outage again for each member, by resource
//	entitled   percent points, service, sum, steps
//	atMost     the same, if all unobserved time was down
//	fee        sum of the charges that count, possibly a fraction; length that they pay for
//	worth      exact price, in major units
//	limit      percent points, service, sum, 1 if per outage, months, amount, drawn, 1 if it binds
//	yields     group, commitment; or group, empty, sum that the members are given
//	share      exact amount, resource       one for each member over which an amount is spread, by name
//	others     exact amount                 share of the charges for non-members; yields may follow either
//	automatic                               if the part is, and the credit must exceed a sum
//	owed       exact amount
//	sum        exact amount, rounded        of the credit
//	limit      as above                     of the credit as a whole
//	above      sum, withheld                the sum that the credit must exceed, and the amount withheld
//	claimed    amount                       the amount that must exceed it, if some part is automatic
//	amount     amount, amount at most
func Canonical(s credit.Statement, index int) (string, error) {
	if index < 0 || index >= len(s.Credits) {
		return "", fmt.Errorf("issue: fingerprint of credit %d of %d", index, len(s.Credits))
	}
	return canonicalText(s, index, billedBy(s))
}

// A billed contains the charges of a statement, by ID and by resource.
type billed struct{ byID, byResource map[string][]credit.Charge }

func billedBy(s credit.Statement) billed {
	b := billed{map[string][]credit.Charge{}, map[string][]credit.Charge{}}
	for _, c := range s.Charges {
		b.byID[c.ID] = append(b.byID[c.ID], c)
		b.byResource[c.Resource] = append(b.byResource[c.Resource], c)
	}
	return b
}

func canonicalText(s credit.Statement, index int, b billed) (string, error) {
	text, err := canonicalOf(s, s.Credits[index], b)
	if err != nil {
		return "", fmt.Errorf("issue: fingerprint of credits[%d]: %w", index, err)
	}
	return text, nil
}

func canonicalOf(s credit.Statement, c credit.Credit, b billed) (string, error) {
	if err := identityOf(s, c).check(); err != nil {
		return "", err
	}
	w := &canonical{}
	w.line(fingerprintVersion)
	w.line("credit", identityOf(s, c).Key())
	w.line("period", instants(c.Period.Window())...)
	blocks, automatic := map[string]*canonical{}, false // by resource
	block := func(resource string) *canonical {
		if blocks[resource] == nil {
			blocks[resource] = &canonical{}
			blocks[resource].line("resource", escape(resource))
		}
		return blocks[resource]
	}
	for _, p := range c.Parts {
		to := block(p.Resource)
		if err := to.finding(p); err != nil {
			return "", err
		}
		if p.Automatic && !c.Above.IsZero() {
			to.line("automatic")
			automatic = true
		}
		to.line("owed", p.Owed.Rat().RatString())
	}
	for _, resource := range c.Quiet {
		block(resource)
	}
	if err := w.charges(b, c); err != nil {
		return "", err
	}
	for _, resource := range slices.Sorted(maps.Keys(blocks)) {
		w.WriteString(blocks[resource].String())
	}
	w.line("sum", c.Sum.Rat().RatString(), minorText(c.Rounded))
	w.limits(c.Limits)
	w.line("above", sumText(c.Above), minorText(c.Withheld))
	if automatic {
		w.line("claimed", minorText(c.Claimed))
	}
	w.line("amount", minorText(c.Amount), minorText(c.AmountAtMost))
	return w.String(), nil
}

// fingerprintVersion is the first line of a canonical text. It changes with the
// rule.
const fingerprintVersion = "slacredit/fingerprint/1"

// A canonical builds the text behind a fingerprint.
type canonical struct{ strings.Builder }

func (w *canonical) line(word string, fields ...string) {
	w.WriteString(strings.Join(append([]string{word}, fields...), "\t") + "\n")
}

// charges writes the charges that count for a credit, and the charges for
// resources without a measurement.
func (w *canonical) charges(b billed, c credit.Credit) error {
	labels, counts := map[string][]string{}, map[string]credit.Charge{} // by ID; the labels by which it counts
	for _, p := range c.Parts {
		for _, counted := range p.Counted {
			charges := b.byID[counted.Charge]
			if len(charges) == 0 {
				return fmt.Errorf("there is no charge %s", numeral.Shorten(counted.Charge))
			}
			counts[counted.Charge] = charges[0]
			labels[counted.Charge] = append(labels[counted.Charge], p.Finding.Base.By...)
		}
	}
	for _, resource := range c.Quiet {
		for _, charge := range b.byResource[resource] {
			counts[charge.ID] = charge
		}
	}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		w.charge(counts[id], labels[id])
	}
	return nil
}

// charge writes a charge with some of its labels.
func (w *canonical) charge(c credit.Charge, labels []string) {
	w.line("charge", escape(c.ID), escape(c.Resource), escape(c.Kind), minorText(c.Amount))
	slices.Sort(labels)
	for _, name := range slices.Compact(labels) {
		w.line("label", escape(name), escape(c.Labels[name]))
	}
	if c.Cycle != 0 || !c.Window.IsEmpty() {
		w.line("for", append([]string{strconv.Itoa(c.Cycle)}, instants(c.Window)...)...)
	}
	if !c.Judged.IsEmpty() {
		w.line("judged", instants(c.Judged)...)
	}
	if c.Prorated.Exact {
		w.line("exact", c.Prorated.Worth().Rat().RatString())
	}
}

// finding writes a finding and its price.
func (w *canonical) finding(p credit.Part) error {
	f := p.Finding
	w.line("finding", escape(f.Commitment), escape(f.Outcome.String()), number(f.Allowed), strconv.Itoa(f.AllowedCount))
	if err := w.measured(f.Measurement); err != nil {
		return err
	}
	for _, given := range []struct {
		word string
		sla.Entitlement
	}{{"entitled", f.Entitlement}, {"atMost", f.EntitlementAtMost}} {
		w.line(given.word, given.Percent.Rat().RatString(), given.Service.Nanoseconds().RatString(), sumText(given.Sum), number(given.Steps))
	}
	base := minorText(p.Base)
	if !p.Fee.IsZero() {
		base = p.Fee.Rat().Mul(p.Fee.Rat(), new(big.Rat).SetInt(power(p.Base.Digits()))).RatString()
	}
	w.line("fee", base, number(p.Length))
	w.line("worth", p.Exact.Rat().RatString())
	w.limits(p.Limits)
	w.yields(p.Yields)
	for _, s := range p.Spread {
		if s.Others {
			w.line("others", s.Exact.Rat().RatString())
		} else {
			w.line("share", s.Exact.Rat().RatString(), escape(s.Resource))
		}
		w.yields(s.Yields)
	}
	return nil
}

// yields writes the commitment or the sum that a part yields to, if any.
func (w *canonical) yields(y credit.YieldsTo) {
	switch {
	case y == credit.YieldsTo{}:
	case y.Sum.IsZero():
		w.line("yields", escape(y.Group), escape(y.To))
	default:
		w.line("yields", escape(y.Group), "", y.Sum.Rat().RatString())
	}
}

// measured writes a measurement, without the records behind it.
func (w *canonical) measured(m sla.Measurement) error {
	fields := append([]string{escape(m.Resource)}, instants(m.Period.Window())...)
	for _, part := range []int64{int64(m.Up), int64(m.Down), int64(m.Excused), int64(m.Unknown), int64(m.Outside), int64(m.DownAtMost), int64(m.Due)} {
		fields = append(fields, number(part))
	}
	w.line("measured", fields...)
	for _, step := range m.DueSteps {
		w.line("due", number(step.Length))
	}
	last := sla.Piece{} // up
	flush := func() {
		if last.State != sla.Up {
			w.line(last.State.String(), append(instants(last.Window), string(last.Share), string(last.ShareAtMost))...)
		}
	}
	for _, p := range m.Pieces {
		for _, share := range []*sla.Share{&p.Share, &p.ShareAtMost} {
			part, err := share.Rat()
			if err != nil {
				return err
			}
			if *share != "" {
				*share = sla.Share(part.RatString())
			}
		}
		if p.State == last.State && p.Share == last.Share && p.ShareAtMost == last.ShareAtMost && p.Window.Start().Equal(last.Window.End()) {
			last.Window = outage.NewSet(last.Window, p.Window).Window(p.Window.Start())
			continue
		}
		flush()
		last = p
	}
	flush()
	for _, run := range m.Outages {
		w.line("outage", append(instants(run.Window), bit(run.Open))...)
	}
	members := slices.Clone(m.Members)
	slices.SortStableFunc(members, func(a, b sla.Measurement) int { return strings.Compare(a.Resource, b.Resource) })
	for _, member := range members {
		if err := w.measured(member); err != nil {
			return err
		}
	}
	return nil
}

func (w *canonical) limits(limits []credit.Limit) {
	for _, c := range limits {
		l := c.Agreed
		w.line("limit", l.Percent.Rat().RatString(), l.Service.Nanoseconds().RatString(), sumText(l.Sum), bit(l.PerOutage), strconv.Itoa(l.Months),
			minorText(c.Amount), c.Drawn.Rat().RatString(), bit(c.Binds))
	}
}

// instants returns the start and the end of a window.
func instants(w outage.Window) []string {
	return []string{number(w.Start().UnixNano()), number(w.End().UnixNano())}
}

func number[N ~int64](n N) string { return strconv.FormatInt(int64(n), 10) }

func minorText(m credit.Money) string { return number(m.MinorUnits()) }

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// sumText returns the text of a sum that an agreement names.
func sumText(s sla.Sum) string {
	if s.IsZero() {
		return "0"
	}
	return s.Amount().RatString() + " " + s.Currency()
}

// ResultFormat is the format version of a result's JSON.
const ResultFormat = "slacredit/result/1"

type result Result // without methods

type resultDocument struct {
	Format string `json:"format"`
	Key    string `json:"key"`
	result
}

// MarshalJSON writes r with its format version and its key.
func (r Result) MarshalJSON() ([]byte, error) {
	return json.Marshal(resultDocument{ResultFormat, r.Identity.Key(), result(r)})
}

// UnmarshalJSON reads the output of [Result.MarshalJSON]. It is an error if the
// key does not follow from the identity, or if the identity, the fingerprint or
// the amount cannot be that of a credit.
func (r *Result) UnmarshalJSON(data []byte) error {
	var doc resultDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, ResultFormat)
	if err == nil {
		err = doc.check()
	}
	if err != nil {
		return fmt.Errorf("issue: reading a result: %w", err)
	}
	*r = Result(doc.result)
	return nil
}

func (doc resultDocument) check() error {
	var f fault.List
	if err := doc.Identity.check(); err != nil {
		f.Add("identity: %w", err)
	}
	if want := doc.Identity.Key(); doc.Key != want {
		f.Add("key: %s does not follow from the identity, which gives %s", numeral.Shorten(doc.Key), want)
	}
	if !isFingerprint(doc.Fingerprint) {
		f.Add("fingerprint: %s is not 64 lower-case hex digits", numeral.Shorten(doc.Fingerprint))
	}
	f.Amount("credit", doc.Amount, doc.Identity.Currency, credit.ErrCurrencyMismatch)
	return f.Err()
}

// isFingerprint reports whether a text has the form of a fingerprint.
func isFingerprint(text string) bool {
	return len(text) == 2*sha256.Size && strings.Trim(text, "0123456789abcdef") == ""
}
