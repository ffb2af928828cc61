package issue

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A Review lists the points to check before a credit is released. It is
// computed each time and never stored. It changes nothing, and the caller keeps
// track of whether a credit is approved or paid.
type Review struct {
	Identity Identity     `json:"identity"`
	Amount   credit.Money `json:"amount"`

	Provisional []string     `json:"provisional,omitempty"` // why the statement can still change
	Standing    sla.Standing `json:"standing"`              // of the claim, from the options
	Binding     []Binding    `json:"binding,omitempty"`     // limits that reduce the credit
	Withheld    credit.Money `json:"withheld,omitzero"`     // not issued, since it does not exceed the agreement's minimum
	Narrow      []Narrow     `json:"narrow,omitempty"`      // thresholds close to the measured downtime
	Note        string       `json:"note,omitempty"`        // of the agreement, for example that it is unverified
}

// A Binding is a limit that reduces a credit. It belongs to a commitment on a
// resource; if both are empty, it is on the whole credit.
type Binding struct {
	Resource   string `json:"resource,omitempty"`
	Commitment string `json:"commitment,omitempty"` // its name

	// Window is the measured time, if it is not the period of the credit: an
	// outage or a quarter.
	Window outage.Window `json:"window,omitzero"`

	Limit credit.Limit `json:"limit"`
}

// A Narrow is a threshold close to the measured downtime: a small change would
// decide the result. One of Change and Outages is zero.
type Narrow struct {
	Resource   string `json:"resource"`
	Commitment string `json:"commitment,omitempty"` // its name

	// Window is the measured time, if it is not the period of the credit: an
	// outage or a quarter.
	Window outage.Window `json:"window,omitzero"`

	Clause string `json:"clause"` // JSON pointer to the promise, or to the row of the table

	// Change is the smallest change of the counted downtime that changes the
	// result. Above zero, that much more downtime breaks the promise or reaches
	// the row. Below zero, that much less downtime keeps the promise. The
	// agreement decides whether a change of the resource's downtime counts; a
	// slot, for example, counts whole or not at all.
	Change time.Duration `json:"-"`

	Outages int `json:"outages,omitempty"` // the same as a number of outages, if outages are counted
}

// Seconds returns the size of the change, without its sign, rounded up to whole
// seconds.
func (n Narrow) Seconds() int64 {
	change := max(n.Change, -n.Change)
	seconds := int64(change / time.Second)
	if change%time.Second > 0 {
		seconds++
	}
	return seconds
}

// String returns the threshold and the change that reaches it, such as "web:
// 43s more downtime reaches or breaks /commitments/0/credits/1".
func (n Narrow) String() string {
	text := label.Join(", ", n.Resource, n.Commitment, n.Window.String()) + ": "
	switch {
	case n.Outages < 0:
		return text + fmt.Sprintf("outages fewer by %d keep %s", -n.Outages, n.Clause)
	case n.Outages > 0:
		return text + fmt.Sprintf("outages more by %d reach or break %s", n.Outages, n.Clause)
	case n.Change < 0:
		return text + fmt.Sprintf("%s less downtime keeps %s", span.String(-n.Change), n.Clause)
	}
	return text + fmt.Sprintf("%s more downtime reaches or breaks %s", span.String(n.Change), n.Clause)
}

// ReviewOptions are the options of [NewReview].
type ReviewOptions struct {
	// Standing is the standing of the claim for the credit, from
	// [sla.Terms.Standing]. Zero: the credit need not be claimed.
	Standing sla.Standing

	// Narrow is the largest change of downtime that is listed in
	// [Review.Narrow]. Zero: none is listed. If outages are counted and it is
	// above zero, a change of one outage is listed.
	Narrow time.Duration
}

// NewReview returns the review of the credit of s with an index. It considers
// two kinds of thresholds: the promises, from either side, and the rows of the
// tables that more downtime would reach. It does not consider less downtime
// that would leave the reached row, because a verdict does not contain that
// change. It is an error if s has no credit with that index.
func NewReview(s credit.Statement, index int, o ReviewOptions) (Review, error) {
	if index < 0 || index >= len(s.Credits) {
		return Review{}, fmt.Errorf("issue: review of credit %d of %d", index, len(s.Credits))
	}
	c := s.Credits[index]
	r := Review{identityOf(s, c), c.Amount, append([]string(nil), s.Provisional...), o.Standing, nil, c.Withheld, nil, c.Note}
	for _, p := range c.Parts {
		r.narrow(Narrow{Resource: p.Resource, Commitment: p.Commitment, Window: p.Measured()}, p.Finding, o.Narrow)
		r.bindings(Binding{Resource: p.Resource, Commitment: p.Commitment, Window: p.Measured()}, p.Limits)
	}
	r.bindings(Binding{}, c.Limits)
	return r, nil
}

// bindings adds the limits that bind.
func (r *Review) bindings(at Binding, limits []credit.Limit) {
	for _, l := range limits {
		if at.Limit = l; l.Binds {
			r.Binding = append(r.Binding, at)
		}
	}
}

// narrow adds the thresholds that a change of at most the given length reaches.
func (r *Review) narrow(at Narrow, f sla.Finding, most time.Duration) {
	if f.Measurement.Due == 0 {
		return // no change decides
	}
	add := func(clause string, margin time.Duration, count int) {
		n := at
		n.Clause = clause
		near := within(margin, most)
		if f.CountsOutages() {
			near = most > 0 && within(count, 1)
		}
		switch {
		case clause == "" || !near:
			return
		case f.CountsOutages():
			n.Outages = decides(count)
		default:
			n.Change = decides(margin)
		}
		r.Narrow = append(r.Narrow, n)
	}
	add(f.Clause, f.Margin(), f.CountMargin())
	add(f.Next.Clause, f.Next.Margin, f.Next.Count)
}

// decides returns the smallest change that decides. Margin is the largest
// addition that does not decide; below zero, it is the change that is needed.
func decides[N int | time.Duration](margin N) N {
	if margin < 0 {
		return margin
	}
	return margin + 1
}

// within reports whether the smallest change that decides is at most the given
// one.
func within[N int | time.Duration](margin, most N) bool {
	if margin < 0 {
		return margin >= -most
	}
	return margin < most
}

type narrowJSON struct {
	narrow
	Change  span.Text `json:"change,omitempty"`
	Seconds int64     `json:"seconds,omitempty"`
}

type narrow Narrow // without methods

// MarshalJSON writes n with its change as a length of time, such as "-43s", and
// in seconds.
func (n Narrow) MarshalJSON() ([]byte, error) {
	return json.Marshal(narrowJSON{narrow(n), span.Text(n.Change), n.Seconds()})
}

// UnmarshalJSON reads the output of [Narrow.MarshalJSON]. It is an error if the
// seconds do not follow from the change.
func (n *Narrow) UnmarshalJSON(data []byte) error {
	var doc narrowJSON
	err := strictjson.Unmarshal(data, &doc)
	read := Narrow(doc.narrow)
	read.Change = time.Duration(doc.Change)
	switch {
	case err != nil:
	case read.Seconds() != doc.Seconds:
		err = fmt.Errorf("seconds: %d, but the change gives %d", doc.Seconds, read.Seconds())
	case (read.Change == 0) == (read.Outages == 0):
		err = errors.New("want either change or outages")
	}
	if err != nil {
		return fmt.Errorf("issue: reading a threshold: %w", err)
	}
	*n = read
	return nil
}

// ReviewFormat is the format version of a review's JSON.
const ReviewFormat = "slacredit/review/1"

type review Review // without methods

type reviewDocument struct {
	Format string `json:"format"`
	Key    string `json:"key"`
	review
}

// MarshalJSON writes r with its format version and the key of the credit.
func (r Review) MarshalJSON() ([]byte, error) {
	return json.Marshal(reviewDocument{ReviewFormat, r.Identity.Key(), review(r)})
}

// UnmarshalJSON reads the output of [Review.MarshalJSON]. It is an error if the
// key does not follow from the identity.
func (r *Review) UnmarshalJSON(data []byte) error {
	var doc reviewDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, ReviewFormat)
	if err == nil {
		err = doc.Identity.check()
	}
	if want := doc.Identity.Key(); err == nil && doc.Key != want {
		err = fmt.Errorf("key: %s does not follow from the identity, which gives %s", numeral.Shorten(doc.Key), want)
	}
	if err != nil {
		return fmt.Errorf("issue: reading a review: %w", err)
	}
	*r = Review(doc.review)
	return nil
}
