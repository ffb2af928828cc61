package oracle

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// Alone returns the world with its first resource and its first commitment only,
// which then covers that resource without groups.
func (w *World) Alone() *World {
	one := *w
	one.resources, one.more = w.resources[:1], nil
	one.terms.levels, one.terms.only = nil, nil
	return &one
}

// AsOf returns the instant at which the records speak; zero: they are complete.
func (w *World) AsOf() time.Time { return w.instant(w.asOf) }

// Period returns the billing period.
func (w *World) Period() calendar.Period { return sla.Must(calendar.NewPeriod(w.from, w.to, w.zone)) }

// Day returns the day that is n days after the first day of the billing period.
func (w *World) Day(n int) calendar.Period {
	return sla.Must(calendar.Cycle{Start: w.from, Zone: w.zone, Days: 1}.Period(n))
}

// CutsRuns reports whether an allowance begins anew with each measured period, so
// that the part of an outage beyond the period is another one for the next period.
func (w *World) CutsRuns() bool { return w.cut() }

// Records returns the records of the first resource.
func (w *World) Records() []outage.Record { return w.records(w.resources[0]) }

// records returns the records of a resource, in any order and some of them twice.
func (w *World) records(r *resource) []outage.Record {
	var all []outage.Record
	for _, o := range r.outages {
		out := outage.Outage{
			ID: o.id, Resource: r.name, Start: w.instant(o.start), End: w.instant(o.end),
			ServedPercent: decimal.New(o.served, -9), Cause: o.cause,
		}
		for name, at := range o.marks {
			if name == "reported" {
				out.Reported = w.instant(at)
				continue
			}
			if out.Marks == nil {
				out.Marks = map[string]time.Time{}
			}
			out.Marks[name] = w.instant(at)
		}
		all = append(all, out)
	}
	for _, m := range r.windows {
		out := outage.Maintenance{
			ID: m.id, Resource: r.name, Start: w.instant(m.start), End: w.instant(m.end), Cause: m.cause,
		}
		if !m.never {
			out.Announced = time.Unix(0, m.announced).UTC()
		}
		all = append(all, out)
	}
	for _, t := range r.traffic {
		all = append(all, outage.Traffic{
			ID: t.id, Resource: r.name, Start: w.instant(t.start), End: w.instant(t.end),
			Requests: t.requests, Failed: t.failed,
		})
	}
	for _, p := range r.coverage {
		all = append(all, outage.Coverage{Resource: r.name, Start: w.instant(p.start), End: w.instant(p.end)})
	}
	for _, p := range r.life {
		all = append(all, outage.Lifetime{Resource: r.name, Start: w.instant(p.start), End: w.instant(p.end)})
	}
	for _, i := range w.repeats {
		if i < len(all) {
			all = append(all, all[i])
		}
	}
	rand.New(rand.NewPCG(w.shuffle, 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// Timelines returns the timelines of the resources.
func (w *World) Timelines() ([]outage.Timeline, error) {
	var all []outage.Timeline
	for _, r := range w.resources {
		timelines, err := outage.Options{AsOf: w.AsOf(), Resources: []string{r.name}}.Timelines(w.records(r)...)
		if err != nil {
			return nil, err
		}
		all = append(all, timelines[0].WithLabels(r.labels))
	}
	return all, nil
}

// Agreement returns the terms of the world.
func (w *World) Agreement() sla.Agreement {
	a := sla.Agreement{Name: "oracle"}
	for i, one := range w.commitments() {
		c := one.commitment()
		c.Name = fmt.Sprint("c", i)
		a.Commitments = append(a.Commitments, c)
	}
	return a
}

// commitment returns the terms of the only commitment.
func (w *World) commitment() sla.Commitment {
	t := &w.terms
	c := sla.Commitment{Promise: sla.Range(t.promise.percent())}
	if t.counted {
		c.Promise = sla.Range("at most " + outagesText(t.promise.number))
	}
	for _, r := range t.rows {
		c.Credits = append(c.Credits, t.tier(r))
	}
	c.Scope.Only = t.only
	for _, l := range t.levels {
		level := sla.Level{By: l.by, Min: l.least, Pooled: l.pooled}
		if l.down.word != "" {
			level.Down = sla.Range(l.down.word + " " + l.down.number)
			if l.share {
				level.Down += "%"
			}
		}
		c.Scope.Levels = append(c.Scope.Levels, level)
	}
	c.Downtime = w.downtime()
	for _, e := range t.exclusions {
		c.Exclusions = append(c.Exclusions, e.exclusion())
	}
	if t.period != "" {
		c.Base.Window = "billed" // no fee is priced here
	}
	c.Calculation = sla.Calculation{
		Period: sla.Measuring(t.period), Hours: hoursOf(t.hours), Whole: t.whole, Unknown: sla.Treatment(t.unknown),
	}
	if t.zone != nil {
		c.Calculation.Zone = t.zone.String()
	}
	if t.length > 0 {
		c.Calculation.Length = lengthText(t.length)
	}
	if t.roundWord != "" {
		c.Calculation.Round = sla.Step(t.roundWord + " " + t.roundSize + "%")
	}
	return c
}

// tier returns a row.
func (t *terms) tier(r row) sla.Tier {
	tier := sla.Tier{Give: sla.Quantity(r.give + "%")}
	var when []string
	for _, b := range r.when {
		if t.counted {
			when = append(when, b.word+" "+outagesText(b.number))
		} else {
			when = append(when, b.percent())
		}
	}
	tier.When = sla.Range(strings.Join(when, ", "))
	switch {
	case r.per == "":
	case t.counted:
		tier.Per = sla.Step(r.per + " " + outagesText(strconv.FormatInt(r.size, 10)))
	default:
		tier.Per = sla.Step(r.per + " " + string(lengthText(r.size)))
	}
	return tier
}

func (w *World) downtime() sla.Downtime {
	t := &w.terms
	d := sla.Downtime{
		Causes: t.causes, Starts: t.starts, Ends: t.ends,
		Requests: t.requests, MinRequests: t.minRequests, Weighted: t.weighted, Loss: sla.Range(t.loss.percent()),
	}
	switch {
	case t.slotPeriod:
		d.Slot = "period"
	case t.slot > 0:
		d.Slot = sla.Slot(lengthText(int64(t.slot) * w.tick))
		if t.slotOrigin != none {
			d.Slot += sla.Slot(" from " + w.instant(t.slotOrigin).Format(time.RFC3339Nano))
		}
	}
	if t.lasting.word != "" {
		d.Lasting = sla.Range(t.lasting.word + " " + string(lengthText(integer(t.lasting.number))))
	}
	return d
}

func (e exclusion) exclusion() sla.Exclusion {
	x := sla.Exclusion{Causes: e.causes, Hours: hoursOf(e.hours), First: e.first, Removed: e.removed}
	switch {
	case e.noNotice:
	case e.notice == none:
		x.Notice = "none"
	default:
		x.Notice = lengthText(e.notice)
	}
	if e.allowance != none {
		x.Allowance = sla.Cap(strings.TrimSpace(string(lengthText(e.allowance)) + " " + e.per))
	}
	return x
}

// lengthText writes nanoseconds as a contract would, in the largest unit that
// divides them.
func lengthText(ns int64) sla.Quantity {
	for _, u := range []struct {
		name string
		ns   int64
	}{{"d", 24 * 3600e9}, {"h", 3600e9}, {"m", 60e9}, {"s", 1e9}} {
		if ns > 0 && ns%u.ns == 0 {
			return sla.Quantity(fmt.Sprintf("%d%s", ns/u.ns, u.name))
		}
	}
	return sla.Quantity(decimal.New(ns, -9).String() + "s")
}

func hoursOf(texts []string) []sla.Hours {
	var all []sla.Hours
	for _, t := range texts {
		all = append(all, sla.Hours(t))
	}
	return all
}

func outagesText(number string) string {
	if number == "1" {
		return "1 outage"
	}
	return number + " outages"
}

func (b bound) percent() string {
	if b.word == "" {
		return ""
	}
	return b.word + " " + b.number + "%"
}

// Verdicts returns the verdicts of the library. A panic of it is an error.
func (w *World) Verdicts() (all []sla.Verdict, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			all, err = nil, fmt.Errorf("a panic: %v", fault)
		}
	}()
	terms, err := w.Agreement().Compile()
	if err != nil {
		return nil, err
	}
	resources, err := w.Timelines()
	if err != nil {
		return nil, err
	}
	period, err := calendar.NewPeriod(w.from, w.to, w.zone)
	if err != nil {
		return nil, err
	}
	if w.single() {
		v, err := terms.Judge(resources[0], period)
		return []sla.Verdict{v}, err
	}
	verdicts, err := terms.JudgeAll(resources, period)
	if errors.Is(err, sla.ErrUncovered) {
		err = nil
	}
	return verdicts, err
}

// measurementsOf returns the measurements of verdicts, pools by their members.
func measurementsOf(verdicts []sla.Verdict) (names []string, all []sla.Measurement) {
	for _, v := range verdicts {
		for _, f := range v.Findings {
			if len(f.Measurement.Members) == 0 {
				names, all = append(names, v.Resource), append(all, f.Measurement)
			}
			for _, m := range f.Measurement.Members {
				names, all = append(names, v.Resource+"/"+m.Resource), append(all, m)
			}
		}
	}
	return names, all
}

// evidence names the runs of counted downtime whose records are missing or wrong.
func (w *World) evidence(verdicts []sla.Verdict) string {
	var b strings.Builder
	names, measured := measurementsOf(verdicts)
	for i, m := range measured {
		if i >= len(w.tallies) || w.tallies[i].name != names[i] || len(w.tallies[i].all) != len(m.Outages) {
			return b.String() // the figures differ
		}
		if w.tallies[i].open && !m.Open {
			fmt.Fprintf(&b, "%s: an outage that is under way can change its figures, and it is not open\n", names[i])
		}
		for j, run := range m.Outages {
			if fault := w.tallies[i].calc.evidence(w.tallies[i].all[j], run.Records); fault != "" {
				fmt.Fprintf(&b, "%s: run %s with the records %q: %s\n", names[i], run.Window, run.Records, fault)
			}
		}
	}
	return b.String()
}

// library returns the lines of the library, by name, and an error for anything
// that is wrong beside them.
func (w *World) library() (map[string][]string, error) {
	verdicts, err := w.Verdicts()
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	commitments := w.commitments()
	for _, v := range verdicts {
		for _, f := range v.Findings {
			_, number, _ := strings.Cut(f.Clause, "/commitments/")
			i, err := strconv.Atoi(number)
			if err != nil || i >= len(commitments) {
				return nil, fmt.Errorf("a finding under %s", f.Clause)
			}
			all[v.Resource] = append(all[v.Resource], commitments[i].judged(f)...)
		}
		if err := worst(v); err != nil {
			return nil, err
		}
	}
	if w.single() {
		timelines, err := w.Timelines()
		if err != nil {
			return nil, err
		}
		m, err := sla.Measure(timelines[0], w.Period())
		if err != nil {
			return nil, err
		}
		all[nothingAgreed] = w.plain().measured(m)
	}
	if fault := w.evidence(verdicts); fault != "" {
		return all, errors.New(fault)
	}
	return all, readBack(verdicts)
}

// worst returns an error unless the outcome of a verdict is the worst of its
// findings.
func worst(v sla.Verdict) error {
	severity := []sla.Outcome{sla.None, sla.Met, sla.Undecided, sla.Missed}
	most := 0
	for _, f := range v.Findings {
		most = max(most, slices.Index(severity, f.Outcome))
	}
	if v.Outcome() != severity[most] {
		return fmt.Errorf("the verdict is %s, and the worst of its findings %s", v.Outcome(), severity[most])
	}
	return nil
}

// readBack returns an error unless the text of verdicts is read as they are.
func readBack(verdicts []sla.Verdict) error {
	for _, v := range verdicts {
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("a verdict cannot be written: %w", err)
		}
		var read sla.Verdict
		if err := json.Unmarshal(text, &read); err != nil {
			return fmt.Errorf("a verdict cannot be read back: %w", err)
		}
		again, err := json.Marshal(read)
		if err != nil || string(again) != string(text) {
			return fmt.Errorf("a verdict is written as\n%s\nand read back as\n%s %w", text, again, err)
		}
		for i, f := range read.Findings {
			text, err := json.Marshal(f.Measurement)
			if err != nil {
				return fmt.Errorf("a measurement cannot be written: %w", err)
			}
			var read sla.Measurement
			if err := json.Unmarshal(text, &read); err != nil {
				return fmt.Errorf("a measurement cannot be read back: %w", err)
			}
			if !alike(read, v.Findings[i].Measurement) {
				return fmt.Errorf("a measurement is\n%+v\nand read back as\n%+v", v.Findings[i].Measurement, read)
			}
		}
		if !alike(read, v) {
			return fmt.Errorf("a verdict is\n%+v\nand read back as\n%+v", v, read)
		}
	}
	return nil
}

// alike reports whether two values print alike, nil like empty: instants may be of
// two zones, and fractions have a past.
func alike(a, b any) bool { return fmt.Sprintf("%v", a) == fmt.Sprintf("%v", b) }

// judged returns the lines of a finding.
func (w *World) judged(f sla.Finding) []string {
	t := &w.terms
	lines := w.measured(f.Measurement)
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	gives := func(e sla.Entitlement) string {
		if e.Clause == "" {
			return "nothing"
		}
		return fmt.Sprintf("row %s, %d steps, %s%%", strings.TrimPrefix(e.Clause, f.Clause+"/credits/"), e.Steps, e.Percent.Points().Rat().RatString())
	}
	next := none
	if f.Next.Clause != "" {
		var err error
		if next, err = strconv.Atoi(strings.TrimPrefix(f.Next.Clause, f.Clause+"/credits/")); err != nil {
			say("but the next row is %s", f.Next.Clause)
		}
	}
	say("outcome %s", f.Outcome)
	say("gives %s, at most %s", gives(f.Entitlement), gives(f.EntitlementAtMost))
	say("decided %t", f.Decided())
	say("next %d", next)
	if !t.counted {
		if t.roundWord == "" {
			lines = append(lines, budgetLines(f.ErrorBudget())...)
		}
		lines = append(lines, t.limits(f, next)...)
	}
	for _, m := range f.Measurement.Members {
		say("member %s", m.Resource)
		lines = append(lines, w.measured(m)...)
	}
	return lines
}

func budgetLines(b sla.ErrorBudget) []string {
	lines := []string{fmt.Sprintf("consumed %d", b.Consumed)}
	for _, places := range []uint8{0, 2, 9} {
		left, err := b.RemainingPercent(places)
		if err != nil {
			lines = append(lines, "no budget")
			continue
		}
		lines = append(lines, "budget left "+left.StringFixed(int32(places)))
	}
	return lines
}

// limits returns lines about figures of a finding that lie on the wrong side of a
// bound. One nanosecond more than is allowed breaks the promise, and one more than
// the margin of the next row reaches that row.
func (t *terms) limits(f sla.Finding, next int) []string {
	var lines []string
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	due, b := int64(f.Measurement.Due), f.ErrorBudget()
	after := func(down int64) *big.Rat { return ratioOf(due, big.NewRat(down, 1)) }
	allowed := int64(f.Allowed)
	switch {
	case due == 0 && allowed != 0, due > 0 && (!t.kept(after(allowed)) || allowed < due && t.kept(after(allowed+1))):
		say("but %d of %d are allowed", allowed, due)
	case f.Margin() != f.Allowed-f.Measurement.Down || b.Allowed != f.Allowed || b.Remaining() != f.Margin():
		say("but the margin is %d, and the budget %v", f.Margin(), b)
	}
	if next >= 0 {
		most := int64(f.Measurement.Down + f.Next.Margin)
		if t.reaches(next, after(most)) || most < due && !t.reaches(next, after(most+1)) {
			say("but %d of %d reach row %d", most, due, next)
		}
	}
	return lines
}

// measured returns the lines of a measurement.
func (w *World) measured(m sla.Measurement) []string {
	var lines []string
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	window := m.Period.Window()
	say("period %s", window)
	say("up %d, down %d, excused %d, unknown %d, outside %d", m.Up, m.Down, m.Excused, m.Unknown, m.Outside)
	say("down at most %d, due %d", m.DownAtMost, m.Due)
	for _, a := range []sla.Availability{m.Availability(), m.Availability().AtLeast()} {
		lines = append(lines, percentLines(a)...)
	}
	if len(m.Members) == 0 {
		say("cells %s", w.statesOf(m))
	} else {
		say("cells")
	}
	lines = append(lines, w.runLines(m)...)
	var due time.Duration
	for _, step := range m.DueSteps {
		due += step.Length
	}
	if due != m.Due {
		say("but the steps of the time due add up to %d", due)
	}
	return lines
}

func percentLines(a sla.Availability) []string {
	ratio := a.Ratio()
	if ratio == nil {
		if _, defined := a.Percent(3); defined || a.Text(3) != "undefined" {
			return []string{"undefined", "but " + a.Text(3)}
		}
		return []string{"undefined"}
	}
	lines := []string{"ratio " + ratio.RatString()}
	for _, places := range []uint8{0, 1, 2, 3, 6, 9} {
		percent, _ := a.Percent(places)
		lines = append(lines, percent.StringFixed(int32(places))+" "+a.Text(places))
	}
	return lines
}

// statesOf returns the states of the cells by the pieces of a measurement.
func (w *World) statesOf(m sla.Measurement) string {
	var states strings.Builder
	window := m.Period.Window()
	for i := range w.cells() {
		from, to := w.instant(i), w.instant(i+1)
		if from.Before(window.Start()) || to.After(window.End()) {
			continue
		}
		state := byte('-') // no piece
		for _, p := range m.Pieces {
			if !p.Window.Start().Before(to) || !p.Window.End().After(from) {
				continue
			}
			if state = letters[p.State]; p.Window.Start().After(from) || p.Window.End().Before(to) {
				state = '/' // a part of the cell
				break
			}
		}
		states.WriteByte(state)
	}
	return states.String()
}

// runLines returns the lines about the runs of a measurement.
func (w *World) runLines(m sla.Measurement) []string {
	if len(m.Members) > 0 {
		return []string{"runs"}
	}
	window := m.Period.Window()
	var runs strings.Builder
	runs.WriteString("runs")
	for _, r := range m.Outages {
		run := r.Window
		if w.cut() {
			run = run.Intersect(window)
		}
		runs.WriteString(" " + run.String())
		if r.Open {
			runs.WriteString(" goes on")
		}
	}
	lines := []string{runs.String(), fmt.Sprintf("count %d", m.Count())}
	if !w.cut() {
		lines = append(lines, fmt.Sprintf("longest %d", m.Longest()))
		if mean, any := m.MeanTimeToRestore(); any {
			lines = append(lines, fmt.Sprintf("mean %d", mean))
		}
	}
	if w.asOf != none && !w.AsOf().Before(window.End()) {
		lines = append(lines, fmt.Sprintf("open %t", m.Open))
	}
	return lines
}

// Open reports whether an outage that is under way can still change a figure, by
// the oracle.
func (w *World) Open() bool {
	w.oracle()
	return slices.ContainsFunc(w.tallies, func(t found) bool { return t.open })
}

// Shows reports whether the oracle found a cell of a state in a measured period.
// Call it after [World.Differences].
func (w *World) Shows(s sla.State) bool {
	return slices.ContainsFunc(w.tallies, func(t found) bool { return slices.Contains(t.states, state(s)) })
}

// Differences returns the lines in which the oracle and the library differ. It is
// empty where they agree.
func (w *World) Differences() string {
	oracle := w.oracle()
	library, err := w.library()
	if library == nil && err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	names := map[string]bool{}
	for name := range oracle {
		names[name] = true
	}
	for name := range library {
		names[name] = true
	}
	for name := range names {
		difference(&b, name, oracle[name], library[name])
	}
	if b.Len() == 0 && err != nil {
		return err.Error() + "\n"
	}
	return b.String()
}

func difference(b *strings.Builder, name string, oracle, library []string) {
	if slices.Equal(oracle, library) {
		return
	}
	fmt.Fprintf(b, "%s:\n", name)
	for i := range max(len(oracle), len(library)) {
		var x, y string
		if i < len(oracle) {
			x = oracle[i]
		}
		if i < len(library) {
			y = library[i]
		}
		if x == y {
			fmt.Fprintf(b, "\t  both    %s\n", x)
			continue
		}
		fmt.Fprintf(b, "\t! oracle  %s\n\t! library %s\n", x, y)
	}
}

// String returns the world in words.
func (w *World) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "period %v to %v %s, cells of %s, as of %s\n", w.from, w.to, w.zone, time.Duration(w.tick), w.AsOf().Format(time.RFC3339Nano))
	for _, r := range w.resources {
		fmt.Fprintf(&b, "resource %q %v\n", r.name, r.labels)
		for _, record := range w.records(r) {
			text, _ := json.Marshal(record)
			fmt.Fprintf(&b, "  %s\n", text)
		}
	}
	text, _ := json.Marshal(w.Agreement())
	fmt.Fprintf(&b, "%s\n", text)
	return b.String()
}
