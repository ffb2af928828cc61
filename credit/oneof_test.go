package credit

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
)

// regional returns an agreement under which a region gives one share and each
// of its instances another, and only one of both for an instance.
func regional(region, instance sla.Quantity, by ...string) sla.Agreement {
	return sla.Agreement{Name: "cloud", Commitments: []sla.Commitment{
		{
			Name: "region", Scope: sla.Scope{Levels: []sla.Level{{By: "region"}}}, Promise: "exactly 100%", OneOf: []string{"claim"},
			Base: sla.Base{By: by}, Credits: []sla.Tier{{Give: region}},
		},
		{Name: "instance", Promise: "exactly 100%", OneOf: []string{"claim"}, Credits: []sla.Tier{{Give: instance}}},
	}}
}

// downOf returns resources of region x. The named ones were down for an hour
// each, one after the other.
func downOf(t require.TestingT, names []string, down ...string) []outage.Timeline {
	var all []outage.Timeline
	start := june.Window().Start()
	for _, name := range names {
		var records []outage.Record
		for i, d := range down {
			if d == name {
				at := start.Add(time.Duration(i) * 24 * time.Hour)
				records = append(records, outage.Outage{ID: "o-" + name, Resource: name, Start: at, End: at.Add(time.Hour)})
			}
		}
		timeline, err := outage.Options{Resources: []string{name}}.Timeline(records...)
		require.NoError(t, err)
		all = append(all, timeline.WithLabels(map[string]string{"region": "x"}))
	}
	return all
}

// inRegion returns a charge with the label of region x.
func inRegion(resource, amount string) Charge {
	c := charge(resource, amount)
	c.Labels = map[string]string{"region": "x"}
	return c
}

// judgeAll returns the statement on resources under an agreement.
func judgeAll(t *testing.T, a sla.Agreement, resources []outage.Timeline, charges ...Charge) Statement {
	t.Helper()
	terms, err := a.Compile()
	require.NoError(t, err)
	verdicts, err := terms.JudgeAll(resources, june)
	require.NoError(t, err)
	s := state(t, charges, verdicts...)
	data, err := json.Marshal(s)
	require.NoError(t, err)
	var read Statement
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, s.Text(), read.Text())
	return s
}

// amountsOf returns the amount of each commitment for each target, such as
// "region x 10.00".
func amountsOf(s Statement) string {
	var all []string
	for _, p := range s.Credits[0].Parts {
		all = append(all, p.Commitment+" "+p.Resource+" "+strings.TrimPrefix(p.Amount.String(), "USD "))
	}
	return strings.Join(all, ", ")
}

// What a region is given is spread over its instances by their charges, and each
// takes the better of its share and its own.
func TestOneOfBetweenAGroupAndItsMembersDecidesForEachMember(t *testing.T) {
	for name, tt := range map[string]struct {
		agreement sla.Agreement
		down      []string
		charges   []Charge
		total     string
		parts     string
	}{
		"the smallest case": {
			regional("10%", "10%", "region"),
			[]string{"i"},
			[]Charge{inRegion("i", "USD 100.00")},
			"USD 10.00", "instance i 0.00, region x 10.00", // of equals the first
		},
		"one instance gives more": {
			regional("10%", "30%", "region"),
			[]string{"i"},
			[]Charge{inRegion("i", "USD 100.00"), inRegion("j", "USD 100.00")},
			"USD 40.00", "instance i 30.00, instance j 0.00, region x 10.00",
		},
		"by what is charged": {
			regional("10%", "11%", "region"),
			[]string{"i"},
			[]Charge{inRegion("i", "USD 300.00"), inRegion("j", "USD 100.00")},
			"USD 43.00", "instance i 33.00, instance j 0.00, region x 10.00",
		},
		"a sum is spread too": {
			regional("30USD", "20%", "region"),
			[]string{"i", "j"},
			[]Charge{inRegion("i", "USD 100.00"), inRegion("j", "USD 50.00")},
			"USD 30.00", "instance i 0.00, instance j 0.00, region x 30.00", // 20 and 10 either way
		},
		"a discount lessens the share of its resource": {
			regional("10%", "9%", "region"),
			[]string{"i"},
			[]Charge{inRegion("i", "USD 100.00"), other(inRegion("i", "USD -50.00")), inRegion("j", "USD 50.00")},
			"USD 10.00", "instance i 0.00, instance j 0.00, region x 10.00",
		},
		"charges for no member stay with the group": {
			regional("10%", "30%", "region"),
			[]string{"i"},
			[]Charge{inRegion("i", "USD 100.00"), inRegion("j", "USD 100.00"), inRegion("traffic", "USD 50.00")},
			"USD 45.00", "instance i 30.00, instance j 0.00, region x 15.00",
		},
		"a fee of its own cannot be spread, and is less": {
			regional("10%", "30%"),
			[]string{"i"},
			[]Charge{charge("x", "USD 200.00"), charge("i", "USD 100.00"), charge("j", "USD 100.00")},
			"USD 30.00", "instance i 30.00, instance j 0.00, region x 0.00",
		},
		"or more": {
			regional("10%", "19%"),
			[]string{"i"},
			[]Charge{charge("x", "USD 200.00"), charge("i", "USD 100.00"), charge("j", "USD 100.00")},
			"USD 20.00", "instance i 0.00, instance j 0.00, region x 20.00",
		},
		"or as much, and the first gives": {
			regional("10%", "10%"),
			[]string{"i", "j"},
			[]Charge{charge("x", "USD 200.00"), charge("i", "USD 100.00"), charge("j", "USD 100.00")},
			"USD 20.00", "instance i 0.00, instance j 0.00, region x 20.00",
		},
		"no charge of a member is above zero": {
			regional("5USD", "0.5%", "region"),
			[]string{"i"},
			[]Charge{inRegion("i", "USD 0.00"), inRegion("j", "USD 0.00")},
			"USD 5.00", "instance i 0.00, instance j 0.00, region x 5.00",
		},
	} {
		names := []string{"i", "j"}
		if name == "the smallest case" {
			names = names[:1]
		}
		s := judgeAll(t, tt.agreement, downOf(t, names, tt.down...), tt.charges...)
		assert.Equal(t, tt.total, s.Total.String(), name)
		assert.Equal(t, tt.parts, amountsOf(s), name)
	}
}

// other returns another line for the same resource.
func other(c Charge) Charge {
	c.ID += "/other"
	return c
}

// The account shows the share of each member, and the commitment that gives
// instead of a share that yields.
func TestTheAccountExplainsHowAGroupIsSpread(t *testing.T) {
	charges := []Charge{inRegion("i", "USD 100.00"), inRegion("j", "USD 100.00"), inRegion("traffic", "USD 50.00")}
	s := judgeAll(t, regional("10%", "30%", "region"), downOf(t, []string{"i", "j"}, "i"), charges...)
	var lines []string
	for _, step := range s.Account() {
		if step.Number == stepCombine {
			lines = append(lines, step.Subject+" | "+step.Text+" | "+step.Value)
		}
	}
	assert.Equal(t, []string{
		`cloud: x, region | share by charges: "i": USD 10; yields under the group "claim" to "instance", which gives the most | USD 0`,
		`cloud: x, region | share by charges: "j" | USD 10`,
		`cloud: x, region | share by charges: no member | USD 5`,
		`cloud: x, region | sum of the shares that do not yield | USD 15`,
	}, lines)
	got, err := s.Credits[0].Lines()
	require.NoError(t, err)
	var shares []string
	for _, l := range got {
		shares = append(shares, l.Share.String())
	}
	assert.Equal(t, []string{"USD 30.00", "USD 10.00", "USD 5.00"}, shares, "nothing of the region's falls to i")
}

// A group whose fee is of its own gives only if it gives more than its members
// together, and the account says why.
func TestTheAccountExplainsAGroupThatCannotBeSpread(t *testing.T) {
	s := judgeAll(t, regional("10%", "30%"), downOf(t, []string{"i", "j"}, "i"), charge("x", "USD 200.00"), charge("i", "USD 100.00"), charge("j", "USD 100.00"))
	assert.Contains(t, s.Text(), `yields under the group "claim" to the members, which get USD 30 together, as their charges are not in the fee`)
}

// Where for a resource there is no other commitment of a group, the account says
// that the group decides nothing.
func TestTheAccountSaysThatAGroupOfCommitmentsIsIdle(t *testing.T) {
	a := regional("10%", "30%", "region")
	a.Commitments[0].Scope.Only = map[string][]string{"class": {"covered"}}
	resources := downOf(t, []string{"i", "j"}, "i", "j")
	resources[0] = resources[0].WithLabels(map[string]string{"region": "x", "class": "covered"})
	s := judgeAll(t, a, resources, inRegion("i", "USD 100.00"), charge("j", "USD 100.00"))
	idle := map[string]int{}
	for _, step := range s.Account() {
		if step.Text == `no other commitment of the group "claim" covers it` {
			idle[step.Subject]++
		}
	}
	assert.Equal(t, map[string]int{"cloud: j, instance": 1}, idle)
	assert.Equal(t, "USD 60.00", s.Total.String())
}

// Over three levels, each instance takes the best of its own amount and the
// shares of its region and its zone.
func TestOneOfOverThreeLevels(t *testing.T) {
	a := regional("10%", "30%", "region")
	zone := a.Commitments[0]
	zone.Name, zone.Scope.Levels, zone.Base.By, zone.Credits = "zone", []sla.Level{{By: "zone"}}, []string{"zone"}, []sla.Tier{{Give: "20%"}}
	a.Commitments = append(a.Commitments, zone)
	resources := downOf(t, []string{"i", "j", "k"}, "i")
	charges := make([]Charge, 3)
	for i, name := range []string{"i", "j", "k"} {
		labels := map[string]string{"region": "x", "zone": map[bool]string{true: "y", false: "z"}[name != "k"]}
		resources[i] = resources[i].WithLabels(labels)
		charges[i] = charge(name, "USD 100.00")
		charges[i].Labels = labels
	}
	s := judgeAll(t, a, resources, charges...)
	assert.Equal(t, "instance i 30.00, instance j 0.00, instance k 0.00, region x 10.00, zone y 20.00, zone z 0.00", amountsOf(s))
	assert.Equal(t, "USD 60.00", s.Total.String())

	// Where each level has a fee of its own, the greater of a group and of all
	// that is given within it counts, from the inside.
	for i := range a.Commitments {
		a.Commitments[i].Base.By = nil
	}
	own := func(region string) []Charge {
		return []Charge{charge("i", "USD 100.00"), charge("j", "USD 100.00"), charge("k", "USD 100.00"), charge("x", region), charge("y", "USD 200.00"), charge("z", "USD 100.00")}
	}
	s = judgeAll(t, a, resources, own("USD 300.00")...)
	assert.Equal(t, "instance i 0.00, instance j 0.00, instance k 0.00, region x 0.00, zone y 40.00, zone z 0.00", amountsOf(s))
	s = judgeAll(t, a, resources, own("USD 400.01")...)
	assert.Equal(t, "instance i 0.00, instance j 0.00, instance k 0.00, region x 40.00, zone y 0.00, zone z 0.00", amountsOf(s))
	assert.NotContains(t, s.Text(), "only the members give", "what the zone gave, the region does")
}

// It is an error if two groups share some members and neither fee consists of
// the charges of these members.
func TestGroupsThatShareSomeMembersOnlyAreAnError(t *testing.T) {
	a := regional("10%", "30%")
	rack := a.Commitments[0]
	rack.Name, rack.Scope.Levels = "rack", []sla.Level{{By: "rack"}}
	a.Commitments = []sla.Commitment{a.Commitments[0], rack}
	resources := downOf(t, []string{"i", "j", "k"}, "j")
	for i, labels := range []map[string]string{{"region": "x", "rack": "1"}, {"region": "x", "rack": "2"}, {"region": "y", "rack": "2"}} {
		resources[i] = resources[i].WithLabels(labels)
	}
	terms, err := a.Compile()
	require.NoError(t, err)
	verdicts, err := terms.JudgeAll(resources, june)
	require.NoError(t, err)
	charges := []Charge{charge("x", "USD 200.00"), charge("y", "USD 200.00"), charge("1", "USD 100.00"), charge("2", "USD 100.00")}
	_, err = NewStatement(Bill{Customer: "acme", Period: june, Charges: charges, Verdicts: verdicts})
	assert.ErrorContains(t, err, `only one commitment of the group "claim" gives, but "x" and "2" share some of their members, and neither fee consists of the charges for these, so it is undecided which of them gives`)
}
