package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slacredit/slacredit/internal/exact"
	"github.com/slacredit/slacredit/internal/numeral"
	"github.com/slacredit/slacredit/internal/span"
	"github.com/slacredit/slacredit/internal/strictjson"
	"github.com/slacredit/slacredit/outage"
)

// A Reason says why a stretch of time is in its state. It is a code from a closed
// set with the few arguments that its words need; [Reason.String] composes the
// words. Reasons are the same if == says so. The zero Reason says nothing: the
// resource was up, and no outage speaks of the time.
type Reason struct {
	code reasonCode

	floored  bool // more is lost than amount says
	requests bool // amount is a share of requests
	slot     bool // amount is a share of a slot
	removed  bool // excused, and not due
	harmless bool // unknown, and would not count if it was down

	amount int64  // the share that is lost, as in [loss]; how long before its start maintenance was announced; or a number of members
	name   string // the cause, or the mark
	agreed string // the loss, the length, the notice or the allowance, as the agreement states it
}

// A reasonCode is the code of a Reason.
type reasonCode uint8

const (
	nothingToSay reasonCode = iota

	// up
	causeIgnored
	clockNotStarted
	clockStoppedFirst
	tooLittle
	tooShort
	unobservedUp
	notAliveUp
	noneAliveUp

	// down
	lostEnough
	unobservedDown

	// down, beside lostEnough: why no exclusion excuses it
	beyondAllowance
	shortNotice
	neverAnnounced
	notExcused
	memberDown
	partExcused
	noWindow

	// excused, or outside where an exclusion removes it
	causeExcused
	setAside
	announcedInTime
	inHoursSetAside
	restTooLittle

	// unknown
	unobserved
	afterAsOf
	besideUnknown

	// outside
	outsideHours
	notAlive
	tooFewMembers
	leftOut
)

// reasons holds for each code its name, the step of the order of terms that
// decides, the state that it explains, and its words. The words name the
// arguments that the code has.
var reasons = [...]struct {
	name  string
	step  int
	state State
	words string
}{
	nothingToSay:      {"", 0, Up, ""},
	causeIgnored:      {"cause ignored", 2, Up, "{quoted} does not count"},
	clockNotStarted:   {"clock not started", 2, Up, "the clock did not start: no {mark}"},
	clockStoppedFirst: {"clock stopped first", 2, Up, "the clock stopped before it could start"},
	tooLittle:         {"too little", 4, Up, "{lost}, not {agreed}"},
	tooShort:          {"too short", 6, Up, "did not last {length}"},
	unobservedUp:      {"unobserved, up", 1, Up, "not observed, counted as up"},
	notAliveUp:        {"not alive, up", 8, Up, "not in the life of the resource, counted as up"},
	noneAliveUp:       {"no member alive, up", 8, Up, "no member is alive, counted as up"},
	lostEnough:        {"lost", 8, Down, "{lost}"},
	unobservedDown:    {"unobserved, down", 8, Down, "not observed, counted as down"},
	beyondAllowance:   {"beyond allowance", 7, Down, "beyond the allowance of {agreed}"},
	shortNotice:       {"short notice", 7, Down, "{cause} {announced}, not {agreed}"},
	neverAnnounced:    {"never announced", 7, Down, "{cause} never announced"},
	notExcused:        {"not excused", 7, Down, "{cause} is not excused"},
	memberDown:        {"member down", 7, Down, "a member counts as down during {cause}"},
	partExcused:       {"part excused", 7, Down, "not counting what is excused for {cause}"},
	noWindow:          {"no window", 7, Down, "maintenance by cause, in no announced window"},
	causeExcused:      {"cause excused", 7, Excused, "cause {cause}"},
	setAside:          {"set aside", 7, Excused, "set aside: {cause}"},
	announcedInTime:   {"announced in time", 7, Excused, "{cause} {announced}"},
	inHoursSetAside:   {"hours set aside", 7, Excused, "in the hours set aside"},
	restTooLittle:     {"rest too little", 7, Excused, "without what is excused, the slot lost too little to count"},
	unobserved:        {"unobserved", 1, Unknown, "not observed"},
	afterAsOf:         {"after as-of", 1, Unknown, "after the as-of instant"},
	besideUnknown:     {"beside unknown", 1, Unknown, "counts only if unknown time beside it was down"},
	outsideHours:      {"outside hours", 8, Outside, "outside the service hours"},
	notAlive:          {"not alive", 8, Outside, "not in the life of the resource"},
	tooFewMembers:     {"too few members", 8, Outside, "fewer than {members} members are to be served"},
	leftOut:           {"unobserved, out", 8, Outside, "not observed, and left out"},
}

// Code returns the code of r, a text that stays the same whatever the words are:
//
//	up        "cause ignored", "clock not started", "clock stopped first" (step 2),
//	          "too little" (4), "too short" (6), "unobserved, up" (1),
//	          "not alive, up", "no member alive, up" (8)
//	down      "lost", "unobserved, down" (8)
//	excused   "cause excused", "set aside", "announced in time", "hours set aside",
//	          "rest too little" (7)
//	unknown   "unobserved", "after as-of", "beside unknown" (1)
//	outside   "outside hours", "not alive", "too few members", "unobserved, out" (8),
//	          and the codes of excused time, where an exclusion removes it (8)
//
// The zero Reason has the code "". The codes in [Piece.Also], which say why no
// exclusion excuses downtime, are "beyond allowance", "short notice", "never
// announced", "not excused", "member down", "part excused" and "no window".
func (r Reason) Code() string { return reasons[r.code].name }

// Step returns the number of the step that decided, in the order in which terms
// apply: see the package documentation. It is 0 for the zero Reason.
//
// Time that is down has passed all steps up to 8, which cuts it to the period, and
// has that number, so that it stands beside the sum. Unknown time waits for
// records, and has 1. The reasons in [Piece.Also] for downtime have 7.
func (r Reason) Step() int {
	if r.removed {
		return reasons[notAlive].step
	}
	return reasons[r.code].step
}

// state returns the state that r explains.
func (r Reason) state() State {
	if r.removed {
		return Outside
	}
	return reasons[r.code].state
}

// String returns r in words.
func (r Reason) String() string { return sayAll(r, nil) }

// sayAll returns a reason and others beside it in words.
func sayAll(r Reason, also []Reason) string {
	var room [128]byte
	text := r.appendWords(room[:0])
	for _, a := range also {
		text = append(a.appendWords(append(text, "; "...)), a.rest()...)
	}
	return string(append(text, r.rest()...))
}

// dueStep returns what the denominator says of time that is outside.
func (r Reason) dueStep() string {
	switch {
	case r.removed:
		return "excused, and not due"
	case r.code == leftOut:
		return "not observed"
	}
	return r.String()
}

// appendWords appends what r says, with its arguments.
func (r Reason) appendWords(text []byte) []byte {
	plain, template, found := strings.Cut(reasons[r.code].words, "{")
	text = append(text, plain...)
	for found {
		var argument string
		argument, template, _ = strings.Cut(template, "}")
		plain, template, found = strings.Cut(template, "{")
		text = append(append(text, r.argument(argument)...), plain...)
	}
	return text
}

// rest returns what r says at the end, behind the words of other reasons.
func (r Reason) rest() string {
	switch {
	case r.removed:
		return "; not due"
	case r.harmless:
		return ", and would not count"
	}
	return ""
}

// argument returns an argument of r in words.
func (r Reason) argument(name string) string {
	switch name {
	case "lost":
		return r.lossText()
	case "quoted":
		if r.name == "" {
			return "an outage without a cause"
		}
		return fmt.Sprintf("cause %q", r.name)
	case "length":
		return inWords(r.agreed)
	case "announced":
		if r.amount < 0 {
			return fmt.Sprintf("announced %s after its start", span.String(time.Duration(-r.amount)))
		}
		return fmt.Sprintf("announced %s ahead", span.String(time.Duration(r.amount)))
	case "members":
		return strconv.FormatInt(r.amount, 10)
	case "agreed":
		return r.agreed
	}
	return r.name
}

// has reports whether the words of r name one of some arguments.
func (r Reason) has(arguments ...string) bool {
	for _, argument := range arguments {
		if strings.Contains(reasons[r.code].words, "{"+argument+"}") {
			return true
		}
	}
	return false
}

// lossText says how much is lost.
func (r Reason) lossText() string {
	text := "lost "
	if r.floored {
		text += "about "
	}
	text += percentText(r.amount)
	if r.requests {
		text += " of the requests"
	}
	if r.slot {
		text += " of the slot"
	}
	return text
}

// percentText returns the share that is lost, as [loss] holds it, with no more
// digits than it needs: "5%".
func percentText(lost int64) string {
	const point = everything / 100
	if lost%point == 0 {
		return strconv.FormatInt(lost/point, 10) + "%"
	}
	rest := strconv.FormatInt(point+lost%point, 10)[1:]
	return strconv.FormatInt(lost/point, 10) + "." + strings.TrimRight(rest, "0") + "%"
}

// lost returns the reason of a code that names a loss.
func (c *commitment) lost(code reasonCode, l loss) Reason {
	return Reason{code: code, amount: l.lost, floored: l.floored(), requests: c.requests, slot: !c.grid.isZero()}
}

// ofWork returns the reason of a code that names the cause of maintenance and how
// long before its start it was announced.
func ofWork(code reasonCode, m outage.Maintenance) Reason {
	return Reason{code: code, name: causeOf(m), amount: int64(m.Start.Sub(m.Announced))}
}

// reasonJSON is the JSON of a reason: its code, and the arguments that the code has.
type reasonJSON struct {
	Code          string `json:"code"`
	Lost          string `json:"lost,omitempty"`
	Floored       bool   `json:"floored,omitempty"` // a little more is lost
	Requests      bool   `json:"requests,omitempty"`
	Slot          bool   `json:"slot,omitempty"`
	Ahead         string `json:"ahead,omitempty"`
	Members       int64  `json:"members,omitempty"`
	Cause         string `json:"cause,omitempty"`
	Mark          string `json:"mark,omitempty"`
	Agreed        string `json:"agreed,omitempty"`
	NotDue        bool   `json:"notDue,omitempty"`
	WouldNotCount bool   `json:"wouldNotCount,omitempty"`
}

// wire returns the JSON of r, without arguments that its code does not have.
func (r Reason) wire() reasonJSON {
	doc := reasonJSON{Code: r.Code(), NotDue: r.removed && reasons[r.code].state == Excused, WouldNotCount: r.harmless && reasons[r.code].state == Unknown}
	if r.has("lost") {
		doc.Lost, doc.Floored, doc.Requests, doc.Slot = percentText(r.amount), r.floored, r.requests, r.slot
	}
	if r.has("announced") {
		doc.Ahead = span.String(time.Duration(r.amount))
	}
	if r.has("members") {
		doc.Members = r.amount
	}
	if r.has("cause", "quoted") {
		doc.Cause = r.name
	}
	if r.has("mark") {
		doc.Mark = r.name
	}
	if r.has("agreed", "length") {
		doc.Agreed = r.agreed
	}
	return doc
}

// MarshalJSON writes the code of r and its arguments.
func (r Reason) MarshalJSON() ([]byte, error) { return json.Marshal(r.wire()) }

// UnmarshalJSON reads what [Reason.MarshalJSON] writes. An argument that the code
// does not have is an error.
func (r *Reason) UnmarshalJSON(data []byte) error {
	var doc reasonJSON
	err := strictjson.Unmarshal(data, &doc)
	var read Reason
	if err == nil {
		read, err = doc.reason()
	}
	if err != nil {
		return fmt.Errorf("sla: reading a reason: %w", err)
	}
	*r = read
	return nil
}

func (doc reasonJSON) reason() (Reason, error) {
	code := 0
	for code < len(reasons) && reasons[code].name != doc.Code {
		code++
	}
	if code == len(reasons) {
		return Reason{}, strictjson.Field("code", fmt.Errorf("%s is not known", numeral.Shorten(doc.Code)))
	}
	var err error
	r := Reason{
		code: reasonCode(code), floored: doc.Floored, requests: doc.Requests, slot: doc.Slot, removed: doc.NotDue, harmless: doc.WouldNotCount,
		amount: doc.Members, name: doc.Cause + doc.Mark, agreed: doc.Agreed,
	}
	switch {
	case r.has("lost"):
		r.amount, err = parseLost(doc.Lost)
		err = strictjson.Field("lost", err)
	case r.has("announced"):
		var ahead span.Text
		err = strictjson.Field("ahead", ahead.UnmarshalText([]byte(doc.Ahead)))
		r.amount = int64(ahead)
	}
	if err == nil && r.wire() != doc {
		err = fmt.Errorf("code: %s has other arguments than those given", numeral.Shorten(doc.Code))
	}
	return r, err
}

// parseLost reads the share that is lost, as [loss] holds it.
func parseLost(text string) (int64, error) {
	var p Percent
	if err := p.UnmarshalText([]byte(text)); err != nil {
		return 0, err
	}
	lost := p.points.Mul(exact.Int(everything / 100))
	if !lost.IsInt() || lost.Sign() < 0 || lost.Cmp(exact.Int(everything)) > 0 {
		return 0, errors.New("not from 0% to 100% with at most nine decimal places")
	}
	whole, _ := lost.Floor()
	return whole, nil
}
