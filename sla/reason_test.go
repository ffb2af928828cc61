package sla

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
)

// onTenth returns the pieces of May 2014 whose window begins on the tenth.
func onTenth(m Measurement) []Piece {
	return slices.DeleteFunc(slices.Clone(m.Pieces), func(p Piece) bool {
		return p.Window.Start().Before(at("2014-05-10T00:00:00Z")) || !p.Window.Start().Before(at("2014-05-11T00:00:00Z"))
	})
}

// Each code of a reason, with the smallest history that has it: of what begins on
// the tenth of May it is on the first piece.
func TestEveryReason(t *testing.T) {
	const tenth = "2014-05-10T00:00:00Z"
	down := func(id, cause string, served int64) outage.Outage {
		return caused(dark(id, tenth, hour), cause, served)
	}
	work := func(cause string, ahead time.Duration) outage.Maintenance {
		m := planned("m", tenth, hour, ahead)
		m.Cause = cause
		return m
	}
	there := func(resource string) outage.Record {
		return outage.Lifetime{Resource: resource, Start: at("2014-01-01T00:00:00Z")}
	}
	until := func(resource, end string) outage.Record {
		return outage.Lifetime{Resource: resource, Start: at("2014-01-01T00:00:00Z"), End: at(end)}
	}
	excusing := func(exclusions ...Exclusion) Commitment { return Commitment{Exclusions: exclusions} }
	unknown := func(t Treatment) Commitment { return Commitment{Calculation: Calculation{Unknown: t}} }
	maintained := Exclusion{Causes: []string{"maintenance"}, Notice: "24h"}
	anyMaintenance := Exclusion{Causes: []string{"maintenance"}, Notice: "none"}
	weekend := Exclusion{Hours: []Hours{"Sat 00:00-24:00"}} // the tenth is one
	hours := Calculation{Zone: "UTC", Hours: []Hours{"not Sat 00:00-24:00"}}
	group := func(l Level, c Commitment) Commitment {
		l.By = "set"
		c.Scope.Levels = []Level{l}
		return c
	}
	gap := []outage.Record{coverage("2014-05-01T00:00:00Z", tenth), coverage("2014-05-10T01:00:00Z", "2014-06-01T00:00:00Z")}

	said := map[string]bool{"": true} // the zero reason
	for _, tt := range []struct {
		code    string // of the reason, or where that is "lost", of the one beside it
		words   string // of all reasons
		step    int
		state   State
		clause  string // after that of the commitment; "-" for none
		c       Commitment
		records []outage.Record
	}{
		{"cause ignored", `cause "power" does not count`, 2, Up, "/downtime/causes", Commitment{Downtime: Downtime{Causes: []string{"network"}}}, []outage.Record{down("o", "power", 0)}},
		{"cause ignored", "an outage without a cause does not count", 2, Up, "/downtime/causes", Commitment{Downtime: Downtime{Causes: []string{"network"}}}, []outage.Record{down("o", "", 0)}},
		{"clock not started", "the clock did not start: no ticket", 2, Up, "/downtime/starts", Commitment{Downtime: Downtime{Starts: []string{"ticket"}}}, []outage.Record{down("o", "", 0)}},
		{
			"clock stopped first", "the clock stopped before it could start", 2, Up, "/downtime/starts",
			Commitment{Downtime: Downtime{Starts: []string{"ticket"}}},
			[]outage.Record{outage.Outage{ID: "o", Start: at(tenth), End: at(tenth).Add(hour), Marks: map[string]time.Time{"ticket": at(tenth).Add(2 * hour)}}},
		},
		{"too little", "lost 5%, not over 5%", 4, Up, "/downtime/loss", Commitment{Downtime: Downtime{Loss: "over 5%"}}, []outage.Record{down("o", "", 95)}},
		{"too little", "lost about 1.388888888% of the slot, not over 5%", 4, Up, "/downtime/loss", Commitment{Downtime: Downtime{Loss: "over 5%", Slot: "1d"}}, []outage.Record{dark("o", tenth, 20*minute)}},
		{
			"too little", "lost 5% of the requests of the slot, not over 5%", 4, Up, "/downtime/loss",
			Commitment{Downtime: Downtime{Loss: "over 5%", Slot: "1h", Requests: true}},
			[]outage.Record{outage.Traffic{ID: "t", Start: at(tenth), End: at(tenth).Add(hour), Requests: 100, Failed: 5}},
		},
		{"too short", "did not last over 2 hours", 6, Up, "/downtime/lasting", Commitment{Downtime: Downtime{Lasting: "over 2h"}}, []outage.Record{down("o", "", 0)}},
		{"unobserved, up", "not observed, counted as up", 1, Up, "/calculation/unknown", unknown("up"), gap},
		{"not alive, up", "not in the life of the resource, counted as up", 8, Up, "/calculation/whole", Commitment{Calculation: Calculation{Whole: true}}, []outage.Record{until("vm", tenth)}},
		{"no member alive, up", "no member is alive, counted as up", 8, Up, "/calculation/whole", group(Level{}, Commitment{Calculation: Calculation{Whole: true}}), []outage.Record{until("a", tenth), until("b", tenth)}},

		{"lost", "lost 50%", 8, Down, "", Commitment{}, []outage.Record{down("o", "", 50)}},
		{"unobserved, down", "not observed, counted as down", 8, Down, "/calculation/unknown", unknown("down"), gap},
		{
			"beyond allowance", "lost 100%; beyond the allowance of 1h", 7, Down, "", excusing(Exclusion{Causes: []string{"theirs"}, Allowance: "1h"}),
			[]outage.Record{down("o", "theirs", 0), caused(dark("before", "2014-05-01T00:00:00Z", hour), "theirs", 0)},
		},
		{
			"beyond allowance", "lost 100%; beyond the allowance of 1h", 7, Down, "", excusing(Exclusion{Causes: []string{"maintenance"}, Notice: "none", Allowance: "1h"}),
			[]outage.Record{down("o", "", 0), work("", 0), dark("before", "2014-05-01T00:00:00Z", hour), planned("then", "2014-05-01T00:00:00Z", hour, 0)},
		},
		{"short notice", "lost 100%; maintenance announced 1h ahead, not 24h", 7, Down, "", excusing(maintained), []outage.Record{down("o", "", 0), work("", hour)}},
		{"short notice", "lost 100%; maintenance announced 1h after its start, not 24h", 7, Down, "", excusing(maintained), []outage.Record{down("o", "", 0), work("", -hour)}},
		{"never announced", "lost 100%; maintenance never announced", 7, Down, "", excusing(maintained), []outage.Record{down("o", "", 0), work("", 0)}},
		{"not excused", "lost 100%; upgrade is not excused", 7, Down, "", excusing(maintained), []outage.Record{down("o", "", 0), work("upgrade", 48*hour)}},
		{
			"member down", "lost 100%; a member counts as down during maintenance", 7, Down, "", group(Level{Down: "exactly 100%", ExcusedDown: true}, excusing(anyMaintenance)),
			[]outage.Record{
				outage.Outage{ID: "o", Resource: "a", Start: at(tenth), End: at(tenth).Add(hour)},
				outage.Maintenance{ID: "m", Resource: "b", Start: at(tenth), End: at(tenth).Add(hour)},
			},
		},
		{
			"part excused", "lost about 4.166666666% of the slot; not counting what is excused for maintenance", 7, Down, "",
			Commitment{Downtime: Downtime{Slot: "1d"}, Exclusions: []Exclusion{anyMaintenance}},
			[]outage.Record{work("", 0), dark("o", "2014-05-10T00:00:00Z", 2*hour)},
		},
		{"no window", "lost 100%; maintenance by cause, in no announced window", 7, Down, "", excusing(maintained), []outage.Record{down("o", "maintenance", 0)}},

		{"cause excused", "cause theirs", 7, Excused, "/exclusions/0", excusing(Exclusion{Causes: []string{"theirs"}}), []outage.Record{down("o", "theirs", 0)}},
		{
			"cause excused", "cause ours; cause theirs", 7, Excused, "/exclusions/0",
			Commitment{Downtime: Downtime{Slot: "1d"}, Exclusions: []Exclusion{{Causes: []string{"theirs", "ours"}}}},
			[]outage.Record{down("o", "theirs", 0), caused(dark("p", "2014-05-10T02:00:00Z", hour), "ours", 0)},
		},
		{"cause excused", "cause theirs; not due", 8, Outside, "/exclusions/0", excusing(Exclusion{Causes: []string{"theirs"}, Removed: true}), []outage.Record{down("o", "theirs", 0)}},
		{"set aside", "set aside: maintenance", 7, Excused, "/exclusions/0", excusing(anyMaintenance), []outage.Record{down("o", "", 0), work("", 0)}},
		{"set aside", "set aside: waiting", 7, Excused, "/exclusions/0", excusing(Exclusion{Causes: []string{"waiting"}}), []outage.Record{down("o", "", 0), work("waiting", hour)}},
		{"announced in time", "maintenance announced 24h ahead", 7, Excused, "/exclusions/0", excusing(maintained), []outage.Record{down("o", "", 0), work("", 24*hour)}},
		{"announced in time", "maintenance announced 24h ahead; not due", 8, Outside, "/exclusions/0", excusing(Exclusion{Causes: []string{"maintenance"}, Notice: "24h", Removed: true}), []outage.Record{work("", 24*hour)}},
		{"hours set aside", "in the hours set aside", 7, Excused, "/exclusions/0", Commitment{Calculation: Calculation{Zone: "UTC"}, Exclusions: []Exclusion{weekend}}, []outage.Record{down("o", "", 0)}},
		{
			"rest too little", "without what is excused, the slot lost too little to count", 7, Excused, "/exclusions/0",
			Commitment{Downtime: Downtime{Slot: "1d", Loss: "over 5%"}, Exclusions: []Exclusion{anyMaintenance}},
			[]outage.Record{planned("m", "2014-05-10T01:00:00Z", hour, 0), dark("o", "2014-05-10T00:00:00Z", 2*hour)},
		},

		{"unobserved", "not observed", 1, Unknown, "-", Commitment{}, gap},
		{"unobserved", "not observed, and would not count", 1, Unknown, "-", Commitment{Downtime: Downtime{Lasting: "over 2h"}}, gap},
		{"after as-of", "after the as-of instant", 1, Unknown, "-", Commitment{}, nil},
		{"beside unknown", "counts only if unknown time beside it was down", 1, Unknown, "-", Commitment{Downtime: Downtime{Lasting: "at least 1h"}}, append(gap, dark("o", tenth, 30*minute))},

		{"outside hours", "outside the service hours", 8, Outside, "/calculation/hours", Commitment{Calculation: hours}, nil},
		{"not alive", "not in the life of the resource", 8, Outside, "-", Commitment{}, []outage.Record{until("vm", tenth)}},
		{"too few members", "fewer than 2 members are to be served", 8, Outside, "-", group(Level{Min: 2}, Commitment{}), []outage.Record{until("a", tenth), there("b")}},
		{"unobserved, out", "not observed, and left out", 8, Outside, "/calculation/unknown", unknown("out"), gap},
	} {
		t.Run(tt.words, func(t *testing.T) {
			tt.c.Promise = "exactly 100%"
			options := outage.Options{}
			if tt.code == "after as-of" {
				options.AsOf = at(tenth)
			}
			timelines := []outage.Timeline{Must(options.Timeline())}
			if len(tt.records) > 0 {
				timelines = Must(options.Timelines(tt.records...))
			}
			for i := range timelines {
				timelines[i] = timelines[i].WithLabels(map[string]string{"set": "s"})
			}
			verdicts := Must(Must(single(tt.c).Compile()).JudgeAll(timelines, may2014))
			m := verdicts[0].Findings[0].Measurement
			pieces := onTenth(m)
			require.NotEmpty(t, pieces, account(m))
			p := pieces[0]
			assert.Equal(t, tt.words, p.Why(), account(m))
			reason := p.Reason
			if len(p.Also) > 0 && tt.code != reason.Code() {
				assert.Equal(t, "lost", reason.Code())
				reason = p.Also[0]
			}
			assert.Equal(t, tt.code, reason.Code())
			assert.Equal(t, tt.step, reason.Step())
			assert.Equal(t, tt.state, p.State)
			if tt.clause == "-" {
				assert.Empty(t, p.Clause)
			} else {
				assert.Equal(t, "/commitments/0"+tt.clause, p.Clause)
			}
			said[reason.Code()] = true

			var again Reason
			require.NoError(t, json.Unmarshal(Must(json.Marshal(reason)), &again))
			assert.Equal(t, reason, again)
			var read Measurement
			require.NoError(t, json.Unmarshal(Must(json.Marshal(m)), &read))
			assert.Equal(t, m, read)
		})
	}
	for _, r := range reasons {
		assert.True(t, said[r.name], "no history has the reason %q", r.name)
	}
}

// The share that a reason names is the text of the percentage, and is read back.
func TestShareOfAReason(t *testing.T) {
	for _, lost := range []int64{0, 1, 10, 999_999_999, 1_000_000_000, 1_388_888_888, 50_000_000_000, 99_999_999_999, everything} {
		text := percentText(lost)
		assert.Equal(t, percentOf(lost*percentPerLost).String(), text)
		again, err := parseLost(text)
		require.NoError(t, err)
		assert.Equal(t, lost, again)
	}
}
