package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// With labels too, a name that met no match is said.
func TestNamesThatMetNoMatchWithLabels(t *testing.T) {
	gold := strings.Replace(agreement, `"promise"`, `"scope":{"only":{"tier":["gold"]}},"promise"`, 1)
	run := func(records, labels string) (string, string, error) {
		return slacredit(t, "-agreement", file(t, "a.json", gold), "-records", file(t, "r.csv", records), "-labels", file(t, "l.csv", labels),
			"-charges", file(t, "c.csv", "customer,id,resource,amount,currency\nacme,1,web,1000.00,EUR\n"), "-from", "2026-03-01", "-zone", "UTC")
	}
	const web = "id,resource,start,end\no-1,web,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z\n"
	out, notes, err := run(web, "resource,label,value\nweb,tier,gold\n")
	require.NoError(t, err)
	assert.Contains(t, out, "Credit: EUR 100.00")
	assert.Empty(t, notes)

	out, notes, err = run(strings.Replace(web, "web", "Web", 1), "resource,label,value\nweb,tier,gold\n")
	require.NoError(t, err)
	assert.Contains(t, out, "Credit: EUR 0.00")
	assert.Equal(t, "slacredit: note: no record names \"web\"; counted as up\n"+
		"slacredit: note: no label is of \"Web\", and no agreement covers it without; left out, with its records\n"+
		"slacredit: note: names differ by the case of their letters, and are two: \"Web and web\"\n", notes)

	_, _, err = run(web, "resource,label,value\nweb,tier,Gold\n")
	assert.EqualError(t, err, `sla: judging under "plain": no resource is covered: /commitments/0/scope/only: "tier" = "gold", where a resource has "Gold"`)
	_, _, err = run(web, "resource,label,value\nweb,Tier,gold\n")
	assert.EqualError(t, err, `-labels: /commitments/0/scope/only/tier, agreement "plain": label "tier": no resource has the label, and so none is covered`)
	_, notes, err = run(web, "resource,label,value\nweb,tier,gold\ndb,tier,Gold\n")
	require.NoError(t, err)
	assert.Contains(t, notes, `slacredit: note: words of "plain": suspicious: label "tier" = "Gold", once, in no clause: the agreement has "gold"`+"\n")
}

// A cause that differs by a letter from that of the agreement excuses nothing,
// and is said; so is every word, if it is asked for. Records in their order say
// the same.
func TestWords(t *testing.T) {
	customer := strings.Replace(agreement, `"exclusions":[`, `"exclusions":[{"causes":["customer"]},`, 1)
	records := "id,resource,start,end,cause\no-1,db,2026-03-05T02:00:00Z,2026-03-05T03:00:00Z,power\no-2,web,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,Customer\n"
	run := func(more ...string) string {
		args := append([]string{"-agreement", file(t, "a.json", customer), "-records", file(t, "r.csv", records), "-charges", file(t, "c.csv", "customer,id,resource,amount,currency\nacme,1,db,1.00,EUR\nacme,2,web,1.00,EUR\n"), "-from", "2026-03-01", "-zone", "UTC"}, more...)
		_, notes, err := slacredit(t, args...)
		require.NoError(t, err)
		return notes
	}
	const slip = "slacredit: note: words of \"plain\": suspicious: cause \"Customer\", once, in no clause: the agreement has \"customer\"\n"
	const rest = "slacredit: note: words of \"plain\": listed: cause \"customer\", never used\n" +
		"slacredit: note: words of \"plain\": listed: cause \"maintenance\", never used\n" +
		"slacredit: note: words of \"plain\": listed: cause \"power\", once, in no clause\n"
	assert.Equal(t, slip, run())
	assert.Equal(t, slip, run("-sorted"))
	assert.Equal(t, slip+rest, run("-words"))
	assert.Equal(t, slip+rest, run("-words", "-sorted"))
	assert.Equal(t, slip+rest, run("-words", "-sorted", "-format", "figures"))
}
