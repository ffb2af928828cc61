package credit_test

import (
	"fmt"
	"os"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/outage"
	"github.com/slacredit/slacredit/sla"
	"github.com/slacredit/slacredit/sla/calendar"
)

// One outage, one invoice line: which credit is owed?
func Example() {
	terms := sla.MustCompile("plain", sla.Commitment{Promise: "at least 99.95%", Credits: []sla.Tier{{When: "below 99.95%", Give: "10%"}}})
	june := calendar.Month(2026, time.June, time.UTC)
	start := time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC)
	web := sla.Must(outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(44 * time.Minute)}))
	statement := sla.Must(credit.NewStatement(credit.Bill{
		Customer: "acme",
		Verdicts: []sla.Verdict{sla.Must(terms.Judge(web, june))},
		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.00")}},
	}))
	fmt.Println(statement.Total)
	// Output:
	// USD 49.90
}

// Two rows, a limit, and one outage: the total as money and in minor units.
func ExampleNewStatement() {
	terms := sla.Must(sla.Agreement{
		Name: "plain",
		Commitments: []sla.Commitment{{
			Promise: "at least 99.9%",
			Credits: []sla.Tier{
				{When: "below 99.9%", Give: "10%"},
				{When: "below 99.0%", Give: "25%"},
			},
			AtMost: []sla.Cap{"50%"},
		}},
	}.Compile())
	june := calendar.Month(2026, time.June, time.UTC)

	timeline, err := outage.NewTimeline(outage.Outage{
		ID: "o-1", Resource: "web",
		Start: time.Date(2026, 6, 9, 14, 0, 0, 0, time.UTC),
		End:   time.Date(2026, 6, 9, 15, 30, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict, err := terms.Judge(timeline, june)
	if err != nil {
		fmt.Println(err)
		return
	}

	statement, err := credit.NewStatement(credit.Bill{
		Customer: "acme",
		Period:   june,
		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.00")}},
		Verdicts: []sla.Verdict{verdict},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(statement.Total)
	fmt.Println(statement.Total.MinorUnits(), "minor units")
	// Output:
	// USD 49.90
	// 4990 minor units
}

// A provider gives 50 times the price of the lost time, and counts a month as 30
// days. What are 149 minutes worth at a fee of USD 20.00?
func ExampleNewStatement_serviceTime() {
	terms := sla.Must(sla.Agreement{
		Name: "fifty",
		Commitments: []sla.Commitment{{
			Promise: "exactly 100%",
			Base:    sla.Base{Without: []string{"one-time"}, Length: "30d"},
			Credits: []sla.Tier{{Give: "50x"}},
			AtMost:  []sla.Cap{"100%"},
		}},
	}.Compile())
	start := time.Date(2014, 5, 27, 20, 13, 0, 0, time.UTC)
	timeline, err := outage.NewTimeline(outage.Outage{ID: "o-1", Resource: "web", Start: start, End: start.Add(149 * time.Minute)})
	if err != nil {
		fmt.Println(err)
		return
	}
	may := calendar.Month(2014, time.May, time.UTC)
	verdict, err := terms.Judge(timeline, may)
	if err != nil {
		fmt.Println(err)
		return
	}
	statement, err := credit.NewStatement(credit.Bill{
		Customer: "acme",
		Period:   may,
		Charges: []credit.Charge{
			{ID: "inv-7/1", Resource: "web", Kind: "monthly", Amount: credit.MustMoney("USD 20.00")},
			{ID: "inv-7/2", Resource: "web", Kind: "one-time", Amount: credit.MustMoney("USD 99.00")},
		},
		Verdicts: []sla.Verdict{verdict},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	part := statement.Credits[0].Parts[0]
	fmt.Println(part.Remedy.Service, "of service at", part.Base, "for 720h")
	fmt.Println("exactly", part.Exact)
	fmt.Println(statement.Total)
	// Output:
	// 124h10m of service at USD 20.00 for 720h
	// exactly 745/216
	// USD 3.45
}

// disputed returns the statement of the examples. The resource web was down
// twice, and the customer asks why only one of the outages counts.
func disputed() (credit.Statement, error) {
	terms := sla.Must(sla.Agreement{
		Name: "plain",
		Commitments: []sla.Commitment{{
			Exclusions: []sla.Exclusion{{Causes: []string{"maintenance"}, Notice: "24h"}},
			Promise:    "at least 99.9%",
			Credits:    []sla.Tier{{When: "below 99.9%", Give: "10%"}},
			AtMost:     []sla.Cap{"50%"},
		}},
	}.Compile())
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 6, day, hour, minute, 0, 0, time.UTC) }
	timeline, err := outage.NewTimeline(
		outage.Outage{ID: "o-1", Resource: "web", Start: at(9, 14, 0), End: at(9, 15, 30)},
		outage.Outage{ID: "o-2", Resource: "web", Start: at(20, 2, 10), End: at(20, 2, 50)},
		outage.Maintenance{ID: "m-1", Resource: "web", Start: at(20, 2, 0), End: at(20, 3, 0), Announced: at(17, 2, 0)},
	)
	if err != nil {
		return credit.Statement{}, err
	}
	june := calendar.Month(2026, time.June, time.UTC)
	verdict, err := terms.Judge(timeline, june)
	if err != nil {
		return credit.Statement{}, err
	}
	return credit.NewStatement(credit.Bill{
		Customer: "acme",
		Period:   june,
		Charges:  []credit.Charge{{ID: "inv-7/1", Resource: "web", Amount: credit.MustMoney("USD 499.95")}},
		Verdicts: []sla.Verdict{verdict},
	})
}

// The text that the customer reads.
func ExampleStatement_Text() {
	statement, err := disputed()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(statement.Text())
	// Output:
	// Statement for acme, 2026-06-01 to 2026-06-30, UTC
	// Credit: USD 50.00
	//
	// plain: web
	//    7  excused: maintenance announced 72h ahead          40m  2026-06-20T02:10:00Z  o-2, m-1  /commitments/0/exclusions/0
	//    8  down: lost 100%                                 1h30m  2026-06-09T14:00:00Z  o-1
	//    8  total downtime                                  1h30m
	//    9  length of the period                             720h
	//    9  due                                              720h
	//   10  availability, (due − down) / due, floored  99.791666%
	//   12  promised: at least 99.9%                       missed  /commitments/0
	//   12  downtime allowed                               43m12s  /commitments/0
	//   12  over budget                                    46m48s
	//   12  below 99.9%                                       10%  /commitments/0/credits/0
	//   13  10% of USD 499.95                          USD 49.995
	//   13  at most 50% of USD 499.95                  USD 249.97  /commitments/0/atMost/0
	//
	// plain
	//   13  total before rounding                      USD 49.995
	//   15  rounded once, half away from zero           USD 50.00
	//   18  credit                                      USD 50.00
}

// A customer disputes an amount: which records and clauses does it follow from?
func ExampleStatement_Account() {
	statement, err := disputed()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range statement.Account() {
		if len(step.Records) > 0 || step.Clause != "" {
			fmt.Println(step.Number, step.Text, step.Value, step.Clause, step.Records)
		}
	}
	// Output:
	// 7 excused: maintenance announced 72h ahead 40m /commitments/0/exclusions/0 [o-2 m-1]
	// 8 down: lost 100% 1h30m  [o-1]
	// 12 promised: at least 99.9% missed /commitments/0 []
	// 12 downtime allowed 43m12s /commitments/0 []
	// 12 below 99.9% 10% /commitments/0/credits/0 []
	// 13 at most 50% of USD 499.95 USD 249.97 /commitments/0/atMost/0 []
}

// An auditor wants the account in a spreadsheet.
func ExampleStatement_WriteCSV() {
	statement, err := disputed()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := statement.WriteCSV(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// customer,first_day,last_day,zone,step,subject,text,value,start,end,records,clause
	// acme,2026-06-01,2026-06-30,UTC,7,plain: web,excused: maintenance announced 72h ahead,40m,2026-06-20T02:10:00Z,2026-06-20T02:50:00Z,"o-2, m-1",/commitments/0/exclusions/0
	// acme,2026-06-01,2026-06-30,UTC,8,plain: web,down: lost 100%,1h30m,2026-06-09T14:00:00Z,2026-06-09T15:30:00Z,o-1,
	// acme,2026-06-01,2026-06-30,UTC,8,plain: web,total downtime,1h30m,,,,
	// acme,2026-06-01,2026-06-30,UTC,9,plain: web,length of the period,720h,,,,
	// acme,2026-06-01,2026-06-30,UTC,9,plain: web,due,720h,,,,
	// acme,2026-06-01,2026-06-30,UTC,10,plain: web,"availability, (due − down) / due, floored",99.791666%,,,,
	// acme,2026-06-01,2026-06-30,UTC,12,plain: web,promised: at least 99.9%,missed,,,,/commitments/0
	// acme,2026-06-01,2026-06-30,UTC,12,plain: web,downtime allowed,43m12s,,,,/commitments/0
	// acme,2026-06-01,2026-06-30,UTC,12,plain: web,over budget,46m48s,,,,
	// acme,2026-06-01,2026-06-30,UTC,12,plain: web,below 99.9%,10%,,,,/commitments/0/credits/0
	// acme,2026-06-01,2026-06-30,UTC,13,plain: web,10% of USD 499.95,USD 49.995,,,,
	// acme,2026-06-01,2026-06-30,UTC,13,plain: web,at most 50% of USD 499.95,USD 249.97,,,,/commitments/0/atMost/0
	// acme,2026-06-01,2026-06-30,UTC,13,plain,total before rounding,USD 49.995,,,,
	// acme,2026-06-01,2026-06-30,UTC,15,plain,"rounded once, half away from zero",USD 50.00,,,,
	// acme,2026-06-01,2026-06-30,UTC,18,plain,credit,USD 50.00,,,,
}
