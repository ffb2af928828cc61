package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla/calendar"
)

// The format versions of the documents that this package writes. In them,
// lengths of time are texts such as "22m19.2s", and percentages are decimal
// texts with their sign.
const (
	AgreementFormat   = "slacredit/agreement/1"
	MeasurementFormat = "slacredit/measurement/1"
	VerdictFormat     = "slacredit/verdict/1"
)

// MarshalJSON writes m with its format version and its availability as
// [Availability.String] does, with both bounds where they differ, and the lower
// one by itself.
func (m Measurement) MarshalJSON() ([]byte, error) {
	return json.Marshal(measurementDocument{MeasurementFormat, m.wire()})
}

// UnmarshalJSON reads what [Measurement.MarshalJSON] writes. Figures that do
// not add up are an error.
func (m *Measurement) UnmarshalJSON(data []byte) error {
	var doc measurementDocument
	err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, MeasurementFormat)
	var read Measurement
	if err == nil {
		read, err = doc.measurement()
	}
	if err != nil {
		return fmt.Errorf("sla: reading a measurement: %w", err)
	}
	*m = read
	return nil
}

// MarshalJSON writes v with its format version.
func (v Verdict) MarshalJSON() ([]byte, error) {
	doc := verdictDocument{VerdictFormat, verdictJSON{v.Agreement, v.Note, v.Resource, nil, v.Period, v.Outcome(), nil, v.Quiet, v.Limits, v.Above}}
	for _, f := range v.Findings {
		doc.Findings = append(doc.Findings, findingJSON{
			f.Commitment, f.Clause, f.Promise, f.Round, f.Rounded, f.Outcome, span.Text(f.Allowed), span.Text(f.Margin()), f.AllowedCount, f.CountMargin(),
			nextJSON{f.Next.Clause, span.Text(f.Next.Margin), f.Next.Count},
			f.Entitlement, f.EntitlementAtMost, f.WithoutBreach(), f.Base, f.Labels, f.Cycles, f.Unlived, f.Limits, f.OneOf, f.Members, f.Automatic, f.Measurement.wire(),
		})
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads what [Verdict.MarshalJSON] writes. Lengths, margins and
// outcomes that disagree are an error. What is allowed and what the rows give
// is read as it stands and not judged again.
func (v *Verdict) UnmarshalJSON(data []byte) error {
	var doc verdictDocument
	if err := strictjson.UnmarshalDocument(data, &doc, &doc.Format, VerdictFormat); err != nil {
		return fmt.Errorf("sla: reading a verdict: %w", err)
	}
	read := Verdict{doc.Agreement, doc.Note, doc.Resource, doc.Period, nil, doc.Quiet, doc.Limits, doc.Above}
	for i, f := range doc.Findings {
		m, err := f.Measurement.measurement()
		finding := Finding{
			f.Commitment, f.Clause, f.Promise, f.Round, m, f.Outcome, time.Duration(f.Allowed), f.AllowedCount,
			NextTier{f.Next.Clause, time.Duration(f.Next.Margin), f.Next.Count},
			f.Entitlement, f.EntitlementAtMost, f.Rounded, f.Base, f.Labels, f.Cycles, f.Unlived, f.Limits, f.OneOf, f.Members, f.Automatic,
		}
		if finding.Labels == nil {
			finding.Labels = maps.Clone(doc.Labels)
		}
		switch {
		case err != nil:
		case m.Resource != doc.Resource || !m.endsIn(doc.Period):
			err = errors.New("measurement: of another resource or period than the verdict")
		case finding.Margin() != time.Duration(f.Margin):
			err = errors.New("margin: not what is allowed less what was down")
		case f.WithoutBreach && !finding.WithoutBreach(): // earlier releases did not write it
			err = errors.New("withoutBreach: the promise was broken, or nothing is given")
		case finding.CountMargin() != f.CountMargin:
			err = errors.New("countMargin: not what is allowed less what was counted")
		default:
			err = finding.check()
		}
		if err != nil {
			return fmt.Errorf("sla: reading a verdict: findings[%d]: %w", i, err)
		}
		read.Findings = append(read.Findings, finding)
	}
	if !decided(doc.Outcome, read.Outcome()) {
		return fmt.Errorf("sla: reading a verdict: outcome: %v, but the findings say %v", doc.Outcome, read.Outcome())
	}
	*v = read
	return nil
}

// decided reports whether an outcome in a document is the wanted one. Earlier
// releases wrote that what was not promised was met.
func decided(written, want Outcome) bool { return written == want || written == Met && want == None }

// endsIn reports whether what was measured ended in a billing period.
func (m Measurement) endsIn(billing calendar.Period) bool {
	end := m.Period.Window().End()
	return m.Period == billing || end.After(billing.Window().Start()) && !end.After(billing.Window().End())
}

// check reports an outcome that is not what the downtime and what is allowed
// say. It does not judge again: what an earlier release decided is to be read
// as it stands, also if it was wrong.
func (f Finding) check() error {
	m := f.Measurement
	if f.Next.Margin < 0 || f.Next.Count < 0 {
		return errors.New("next: margin: negative")
	}
	down, atMost := m.exact()
	tie := !down.IsInt() && floor(down) == f.Allowed || !atMost.IsInt() && floor(atMost) == f.Allowed // less than a nanosecond decided
	if want := f.outcome(); !decided(f.Outcome, want) && !tie {
		return fmt.Errorf("outcome: %v, but the downtime says %v", f.Outcome, want)
	}
	if _, err := f.Base.Window.parse(); err != nil {
		return fmt.Errorf("base: window: %w", err)
	}
	if f.Base.Length != "" {
		if _, err := f.Base.Length.amount(length); err != nil {
			return fmt.Errorf("base: length: %w", err)
		}
	}
	return nil
}

// availabilityJSON is the JSON of an availability.
type availabilityJSON struct {
	Due          span.Text  `json:"due"`
	Down         exactTime  `json:"down"`
	DownAtMost   *exactTime `json:"downAtMost,omitempty"` // nil: as down
	Unknown      bool       `json:"unknown,omitempty"`
	Availability string     `json:"availability"`
}

// MarshalJSON writes what was due and down, from which a can be computed again,
// and the text of [Availability.String].
func (a Availability) MarshalJSON() ([]byte, error) {
	doc := availabilityJSON{span.Text(a.due), exactTime{a.down}, nil, a.unknown, a.String()}
	if !a.Known() {
		doc.DownAtMost = &exactTime{a.most}
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads what [Availability.MarshalJSON] writes. Figures that do
// not agree are an error.
func (a *Availability) UnmarshalJSON(data []byte) error {
	var doc availabilityJSON
	err := strictjson.Unmarshal(data, &doc)
	read := Availability{time.Duration(doc.Due), doc.Down.ns, doc.Down.ns, doc.Unknown}
	if doc.DownAtMost != nil {
		read.most = doc.DownAtMost.ns
	}
	due := nanoseconds(read.due)
	switch {
	case err != nil:
	case read.down.Sign() < 0 || read.down.Cmp(due) > 0:
		err = errors.New("down: not between nothing and what was due")
	case read.down.Cmp(read.most) > 0 || read.most.Cmp(due) > 0:
		err = errors.New("downAtMost: not between what was down and what was due")
	case !read.Known() && !read.unknown:
		err = errors.New("unknown: missing, where what was down has two bounds")
	case read.String() != doc.Availability:
		err = fmt.Errorf("availability: %s, but the parts say %v", numeral.Shorten(doc.Availability), read)
	}
	if err != nil {
		return fmt.Errorf("sla: reading an availability: %w", err)
	}
	*a = read
	return nil
}

// written reports whether a text says a in a document. Earlier releases wrote the
// upper bound alone, and a bare "100%" also beside unknown time.
func (a Availability) written(text string) bool {
	earlier := a.AtMost()
	earlier.unknown = false
	return text == a.String() || text == earlier.String()
}

type measurementDocument struct {
	Format string `json:"format"`
	measurementJSON
}

type measurementJSON struct {
	Resource     string          `json:"resource"`
	Period       calendar.Period `json:"period"`
	AsOf         time.Time       `json:"asOf,omitzero"`
	Availability string          `json:"availability"`
	AtLeast      string          `json:"availabilityAtLeast"`
	Up           span.Text       `json:"up"`
	Down         span.Text       `json:"down"`
	Excused      span.Text       `json:"excused"`
	Unknown      span.Text       `json:"unknown"`
	Outside      span.Text       `json:"outside"`
	DownAtMost   span.Text       `json:"downAtMost"`
	Due          span.Text       `json:"due"`
	DueSteps     []dueStepJSON   `json:"dueSteps,omitempty"`
	Pieces       []pieceJSON     `json:"pieces,omitempty"`
	Outages      []Run           `json:"outages,omitempty"`
	Open         bool            `json:"open,omitempty"`

	Members []measurementJSON `json:"members,omitempty"`
}

// pieceJSON is a piece with its reasons in words, for people.
type pieceJSON struct {
	Window      outage.Window `json:"window"`
	State       State         `json:"state"`
	Share       Share         `json:"share,omitempty"`
	ShareAtMost Share         `json:"shareAtMost,omitempty"`
	Records     []string      `json:"records,omitempty"`
	Clause      string        `json:"clause,omitempty"`
	Reason      reasonJSON    `json:"reason,omitzero"`
	Also        []reasonJSON  `json:"also,omitempty"`
	Why         string        `json:"why,omitempty"`
}

func (p Piece) wire() pieceJSON {
	doc := pieceJSON{p.Window, p.State, p.Share, p.ShareAtMost, p.Records, p.Clause, p.Reason.wire(), nil, p.Why()}
	for _, also := range p.Also {
		doc.Also = append(doc.Also, also.wire())
	}
	return doc
}

// piece returns the piece. Words that do not follow from the reasons are an error.
func (doc pieceJSON) piece() (Piece, error) {
	p := Piece{doc.Window, doc.State, doc.Share, doc.ShareAtMost, doc.Records, doc.Clause, Reason{}, nil}
	var err error
	if p.Reason, err = doc.Reason.reason(); err != nil {
		return Piece{}, fmt.Errorf("reason: %w", err)
	}
	for i, also := range doc.Also {
		r, err := also.reason()
		if err != nil {
			return Piece{}, fmt.Errorf("also[%d]: %w", i, err)
		}
		p.Also = append(p.Also, r)
	}
	if want := p.Why(); doc.Why != want {
		return Piece{}, fmt.Errorf("why: %s, but the reasons say %s", numeral.Shorten(doc.Why), numeral.Shorten(want))
	}
	return p, nil
}

type dueStepJSON struct {
	Reason string    `json:"reason"`
	Length span.Text `json:"length"`
}

type verdictDocument struct {
	Format string `json:"format"`
	verdictJSON
}

type verdictJSON struct {
	Agreement string            `json:"agreement"`
	Note      string            `json:"note,omitempty"`
	Resource  string            `json:"resource"`
	Labels    map[string]string `json:"labels,omitempty"` // earlier releases wrote those of all findings here
	Period    calendar.Period   `json:"period"`
	Outcome   Outcome           `json:"outcome"`
	Findings  []findingJSON     `json:"findings,omitempty"`
	Quiet     []Quiet           `json:"quiet,omitempty"`
	Limits    []Limit           `json:"limits,omitempty"`
	Above     Sum               `json:"above,omitzero"`
}

type findingJSON struct {
	Commitment        string            `json:"commitment,omitempty"`
	Clause            string            `json:"clause"`
	Promise           Range             `json:"promise"`
	Round             Step              `json:"round,omitempty"`
	Rounded           Percent           `json:"rounded,omitzero"`
	Outcome           Outcome           `json:"outcome"`
	Allowed           span.Text         `json:"allowed"`
	Margin            span.Text         `json:"margin"`
	AllowedCount      int               `json:"allowedCount,omitempty"`
	CountMargin       int               `json:"countMargin,omitempty"`
	Next              nextJSON          `json:"next,omitzero"`
	Entitlement       Entitlement       `json:"entitlement,omitzero"`
	EntitlementAtMost Entitlement       `json:"entitlementAtMost,omitzero"`
	WithoutBreach     bool              `json:"withoutBreach,omitempty"`
	Base              Base              `json:"base,omitzero"`
	Labels            map[string]string `json:"labels,omitempty"`
	Cycles            []calendar.Period `json:"cycles,omitempty"`
	Unlived           []outage.Window   `json:"unlived,omitempty"`
	Limits            []Limit           `json:"limits,omitempty"`
	OneOf             []string          `json:"oneOf,omitempty"`
	Members           []string          `json:"members,omitempty"`
	Automatic         bool              `json:"automatic,omitempty"`
	Measurement       measurementJSON   `json:"measurement"`
}

type nextJSON struct {
	Clause string    `json:"clause"`
	Margin span.Text `json:"margin"`
	Count  int       `json:"count,omitempty"`
}

func (m Measurement) wire() measurementJSON {
	doc := measurementJSON{
		m.Resource, m.Period, m.AsOf, m.Availability().String(), m.Availability().AtLeast().String(),
		span.Text(m.Up), span.Text(m.Down), span.Text(m.Excused), span.Text(m.Unknown), span.Text(m.Outside),
		span.Text(m.DownAtMost), span.Text(m.Due), nil, nil, m.Outages, m.Open, nil,
	}
	if len(m.Pieces) > 0 {
		doc.Pieces = make([]pieceJSON, 0, len(m.Pieces))
	}
	for _, p := range m.Pieces {
		doc.Pieces = append(doc.Pieces, p.wire())
	}
	for _, member := range m.Members {
		doc.Members = append(doc.Members, member.wire())
	}
	for _, step := range m.DueSteps {
		doc.DueSteps = append(doc.DueSteps, dueStepJSON{step.Reason, span.Text(step.Length)})
	}
	return doc
}

func (doc measurementJSON) measurement() (Measurement, error) {
	m := Measurement{
		doc.Resource, doc.Period, doc.AsOf,
		time.Duration(doc.Up), time.Duration(doc.Down), time.Duration(doc.Excused), time.Duration(doc.Unknown), time.Duration(doc.Outside),
		time.Duration(doc.DownAtMost), time.Duration(doc.Due), nil, nil, doc.Outages, doc.Open, nil,
	}
	for i, piece := range doc.Pieces {
		p, err := piece.piece()
		if err != nil {
			return Measurement{}, fmt.Errorf("pieces[%d]: %w", i, err)
		}
		m.Pieces = append(m.Pieces, p)
	}
	for _, step := range doc.DueSteps {
		m.DueSteps = append(m.DueSteps, DueStep{step.Reason, time.Duration(step.Length)})
	}
	for i, member := range doc.Members {
		read, err := member.measurement()
		if err != nil {
			return Measurement{}, fmt.Errorf("members[%d]: %w", i, err)
		}
		m.Members = append(m.Members, read)
	}
	err := m.check()
	switch {
	case err != nil:
	case !m.Availability().written(doc.Availability):
		err = fmt.Errorf("availability: %s, but the parts say %v", numeral.Shorten(doc.Availability), m.Availability())
	case !m.Availability().AtLeast().written(doc.AtLeast):
		err = fmt.Errorf("availabilityAtLeast: %s, but the parts say %v", numeral.Shorten(doc.AtLeast), m.Availability().AtLeast())
	}
	for i := 0; i < len(m.Pieces) && err == nil; i++ {
		if fault := m.Pieces[i].check(); fault != nil {
			err = fmt.Errorf("pieces[%d]: %w", i, fault)
		}
	}
	return m, err
}
