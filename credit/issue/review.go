package issue

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// A Review is what somebody who releases a credit should look at. It is
// computed each time and never stored: it moves nothing, and whether a credit
// is approved or paid is for the caller to keep.
type Review struct {
	Identity Identity     `json:"identity"`
	Amount   credit.Money `json:"amount"`

	Provisional []string     `json:"provisional,omitempty"` // why the statement can still change
	Standing    sla.Standing `json:"standing"`              // of the claim, as it was given
	Binding     []Binding    `json:"binding,omitempty"`     // limits without which more would be owed
	Withheld    credit.Money `json:"withheld,omitzero"`     // not issued, since it is no more than the agreement's minimum
	Narrow      []Narrow     `json:"narrow,omitempty"`      // thresholds that a small change decides
	Note        string       `json:"note,omitempty"`        // of the agreement, as on one that is unverified
}

// A Binding is a limit that binds, for a commitment and a resource, or without
// either for the credit as a whole.
type Binding struct {
	Resource   string `json:"resource,omitempty"`
	Commitment string `json:"commitment,omitempty"` // its name

	// Window is what the commitment measured, where that is not the period of
	// the credit: an outage, a quarter.
	Window outage.Window `json:"window,omitzero"`

	Limit credit.Limit `json:"limit"`
}

// A Narrow is a threshold that a small change decides. Only one of Change and
// Outages is not zero.
type Narrow struct {
	Resource   string `json:"resource"`
	Commitment string `json:"commitment,omitempty"` // its name

	// Window is what the commitment measured, where that is not the period of
	// the credit: an outage, a quarter.
	Window outage.Window `json:"window,omitzero"`

	Clause string `json:"clause"` // JSON pointer to the promise, or to the row of the table

	// Change is the smallest change of the counted downtime that changes the
	// result: above zero, so much more breaks the promise or reaches the row;
	// below zero, so much less keeps the promise. Whether more downtime of the
	// resource counts is for the agreement: a slot counts whole, or not at all.
	Change time.Duration `json:"-"`

	Outages int `json:"outages,omitempty"` // the same in outages, where those are counted
}

// Seconds returns how many seconds decide: the change without its sign, rounded
// up to whole seconds.
func (n Narrow) Seconds() int64 {
	change := max(n.Change, -n.Change)
	seconds := int64(change / time.Second)
	if change%time.Second > 0 {
		seconds++
	}
	return seconds
}

// String returns what decides, as in "web: 43s more downtime reaches
// /commitments/0/credits/1".
func (n Narrow) String() string {
	text := joined(", ", n.Resource, n.Commitment, n.Window.String()) + ": "
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

// joined joins the names that are not empty.
func joined(between string, names ...string) string {
	return strings.Join(slices.DeleteFunc(names, func(name string) bool { return name == "" }), between)
}

// ReviewOptions say what a [Review] is told.
type ReviewOptions struct {
	// Standing is where the claim for the credit stands, of [sla.Terms.Standing].
	// The zero Standing is that of a credit that need not be claimed.
	Standing sla.Standing

	// Near is the most change of downtime that counts as little, and where
	// outages are counted one of them does if it is above zero. Zero: nothing
	// is near.
	Narrow time.Duration
}

// NewReview returns what to look at in a credit of s. Thresholds are the promises,
// from either side, and the rows of the tables that more downtime would reach.
// How little less would leave the row that was reached is not known to a
// verdict. It is an error if s has no such credit.
func NewReview(s credit.Statement, index int, o ReviewOptions) (Review, error) {
	if index < 0 || index >= len(s.Credits) {
		return Review{}, fmt.Errorf("issue: review of credit %d of %d", index, len(s.Credits))
	}
	c := s.Credits[index]
	r := Review{identityOf(s, c), c.Amount, append([]string(nil), s.Provisional...), o.Standing, nil, c.Withheld, nil, c.Note}
	for _, p := range c.Parts {
		r.near(Narrow{Resource: p.Resource, Commitment: p.Commitment, Window: p.Measured()}, p.Finding, o.Narrow)
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

// near adds the thresholds that a change of at most that much decides.
func (r *Review) near(at Narrow, f sla.Finding, most time.Duration) {
	if f.Measurement.Due == 0 {
		return // whatever happens
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

// decides returns the smallest change that decides, where so much can be added
// without one, or has to be taken away.
func decides[N int | time.Duration](margin N) N {
	if margin < 0 {
		return margin
	}
	return margin + 1
}

// within reports whether the smallest change that decides is at most so much.
func within[N int | time.Duration](margin, most N) bool {
	if margin < 0 {
		return margin >= -most
	}
	return margin < most
}

type nearJSON struct {
	near
	Change  span.Text `json:"change,omitempty"`
	Seconds int64     `json:"seconds,omitempty"`
}

type near Narrow // without methods

// MarshalJSON writes n with its change as a length of time such as "-43s", and
// the seconds.
func (n Narrow) MarshalJSON() ([]byte, error) {
	return json.Marshal(nearJSON{near(n), span.Text(n.Change), n.Seconds()})
}

// UnmarshalJSON reads what [Narrow.MarshalJSON] writes. Seconds that are not those
// of the change are an error.
func (n *Narrow) UnmarshalJSON(data []byte) error {
	var doc nearJSON
	err := strictjson.Unmarshal(data, &doc)
	read := Narrow(doc.near)
	read.Change = time.Duration(doc.Change)
	switch {
	case err != nil:
	case read.Seconds() != doc.Seconds:
		err = fmt.Errorf("seconds: %d, but the change says %d", doc.Seconds, read.Seconds())
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

// UnmarshalJSON reads what [Review.MarshalJSON] writes. A key that is not that
// of the identity is an error.
func (r *Review) UnmarshalJSON(data []byte) error {
	var doc reviewDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, ReviewFormat)
	if err == nil {
		err = doc.Identity.check()
	}
	if want := doc.Identity.Key(); err == nil && doc.Key != want {
		err = fmt.Errorf("key: %s is not that of the identity, %s", numeral.Shorten(doc.Key), want)
	}
	if err != nil {
		return fmt.Errorf("issue: reading a review: %w", err)
	}
	*r = Review(doc.review)
	return nil
}
