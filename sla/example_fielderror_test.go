package sla_test

import (
	"fmt"

	"github.com/slacredit/slacredit/sla"
)

// An editor of agreements marks the fields that are wrong.
func ExampleFieldErrors() {
	_, err := sla.Compile("plain", sla.Commitment{
		Promise: "at least 99,95%",
		Credits: []sla.Tier{{When: "below 99%", Give: "10"}},
	})
	for _, fault := range sla.FieldErrors(err) {
		fmt.Println(fault.Pointer)
		fmt.Println("  ", fault.Err)
	}
	// Output:
	// /commitments/0/promise
	//    "99,95%" is not one number with one unit (%, s, m, h or d); want a percentage such as 99.95%
	// /commitments/0/credits/0/give
	//    "10" lacks a unit; want what is given, such as 10%, 1d, 50x or 20USD
}
