package sla_test

import (
	"fmt"

	"github.com/slacredit/slacredit/sla"
)

// A form for agreements shows each problem beside its field.
func ExampleFieldErrors() {
	_, err := sla.Compile("amazon/ec2", sla.Commitment{
		Promise: "99.95%",
		Credits: []sla.Tier{{When: "below 99.95%", Give: "10%"}, {When: "below 99%", Give: "25"}},
	})
	for _, fault := range sla.FieldErrors(err) {
		fmt.Println("field:  ", fault.Path)
		fmt.Println("problem:", fault.Err)
	}
	// Output:
	// field:   commitments[0].promise
	// problem: "99.95%" needs a word, in lower case: below, at most, over, at least or exactly
	// field:   commitments[0].credits[1].give
	// problem: "25" lacks a unit; want what is given, such as 10%, 1d, 50x or 20USD
}
