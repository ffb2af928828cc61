package examples_test

import (
	"fmt"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// A customer disputes the credit. Why is it what it is?
func Example_dispute() {
	terms := sla.Must(sla.Agreement{
		Name: "plain",
		Commitments: []sla.Commitment{{
			Downtime:   sla.Downtime{Lasting: "at least 5m"},
			Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}},
			Promise:    "at least 99.95%",
			Credits:    []sla.Tier{{When: "below 99.95%", Give: "10%"}, {When: "below 99.0%", Give: "25%"}},
		}},
	}.Compile())
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC) }
	timeline, err := outage.NewTimeline(
		outage.Outage{ID: "o-1", Resource: "web", Start: at(2, 9, 0), End: at(2, 9, 30)},
		outage.Outage{ID: "o-2", Resource: "web", Start: at(2, 9, 20), End: at(2, 9, 45)}, // overlaps o-1
		outage.Outage{ID: "o-3", Resource: "web", Start: at(7, 11, 0), End: at(7, 11, 4)}, // too short
		outage.Outage{ID: "o-4", Resource: "web", Start: at(9, 2, 30), End: at(9, 3, 10)},
		outage.Maintenance{ID: "m-1", Resource: "web", Start: at(9, 2, 0), End: at(9, 3, 0), Announced: at(5, 12, 0)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	march := calendar.Month(2026, time.March, time.UTC)
	verdict, err := terms.Judge(timeline, march)
	if err != nil {
		fmt.Println(err)
		return
	}
	statement, err := credit.NewStatement(credit.Bill{
		Customer: "acme",
		Period:   march,
		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.00")}},
		Verdicts: []sla.Verdict{verdict},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(statement.Text())
	// Output:
	// Statement for acme, 2026-03-01 to 2026-03-31, UTC
	// Credit: USD 49.90
	//
	// plain: web
	//    6  up: did not last at least 5 minutes                4m  2026-03-07T11:00:00Z  o-3  /commitments/0/downtime/lasting
	//    7  excused: maintenance announced 86h ahead          30m  2026-03-09T02:30:00Z  o-4, m-1  /commitments/0/exclusions/0
	//    8  down: lost 100%                                   30m  2026-03-02T09:00:00Z  o-1
	//    8  down: lost 100%                                   15m  2026-03-02T09:30:00Z  o-2
	//    8  down: lost 100%                                   10m  2026-03-09T03:00:00Z  o-4
	//    8  total downtime                                    55m
	//    9  length of the period                             744h
	//    9  due                                              744h
	//   10  availability, (due − down) / due, floored  99.876792%
	//   12  promised: at least 99.95%                      missed  /commitments/0
	//   12  downtime allowed                             22m19.2s  /commitments/0
	//   12  over budget                                  32m40.8s
	//   12  below 99.95%                                      10%  /commitments/0/credits/0
	//   13  10% of USD 499.00                            USD 49.9
	//
	// plain
	//   13  total before rounding                        USD 49.9
	//   15  rounded once, half away from zero           USD 49.90
	//   18  credit                                      USD 49.90
}
