package sla

import (
	"errors"
	"fmt"
	"slices"

	"github.com/slacredit/slacredit/internal/label"
	"github.com/slacredit/slacredit/internal/numeral"
)

// A rivalry is the compiled OneOf of a [Commitment].
type rivalry struct {
	groups  []string
	grouped bool // what is measured is several resources
}

// groups reports commitments that name a group twice, and groups whose
// commitments share no resource.
func (c *compiler) groups(commitments []Commitment, above bool) {
	members, automatic := map[string]int{}, map[string]int{}
	for _, commitment := range commitments {
		for i, group := range commitment.OneOf {
			if !slices.Contains(commitment.OneOf[:i], group) {
				members[group]++
				if commitment.Automatic {
					automatic[group]++
				}
			}
		}
	}
	for i, commitment := range commitments {
		for j, group := range commitment.OneOf {
			at := path{}.key("commitments").index(i).key("oneOf").index(j)
			switch problem := label.Problem(group); {
			case group == "":
				c.fault(at, errors.New("empty"))
			case problem != "":
				c.fault(at, errors.New(problem))
			case slices.Contains(commitment.OneOf[:j], group):
				c.fault(at, fmt.Errorf("%s comes twice", numeral.Shorten(group)))
			case members[group] == 1:
				c.fault(at, fmt.Errorf("%s is a group of this commitment alone", numeral.Shorten(group)))
			case !meets(commitments, i, group):
				c.fault(at, fmt.Errorf("says nothing; no resource is covered by this commitment and by another one of %s, as their scopes have no value of some label in common", numeral.Shorten(group)))
			case above && automatic[group] > 0 && automatic[group] < members[group]:
				c.fault(at, fmt.Errorf("%s has what is automatic beside what has to be claimed, and the latter may be withheld by above, though it takes the place of the former; put them in two groups, or leave above out", numeral.Shorten(group)))
			}
		}
	}
}

// meets reports whether a resource can be covered by a commitment and by another
// one of a group.
func meets(commitments []Commitment, i int, group string) bool {
	for j, other := range commitments {
		if j != i && slices.Contains(other.OneOf, group) && commitments[i].Scope.meets(other.Scope) {
			return true
		}
	}
	return false
}

// english states which commitments do not give together.
func (r rivalry) english() []string {
	var s sentences
	for _, group := range r.groups {
		s.say("Of the commitments in group %s, only the one with the largest credit gives.", group)
	}
	if len(r.groups) > 0 && r.grouped {
		s.say("For this comparison, the credit is spread over the members in proportion to their charges.")
	}
	return s
}

func (rivalry) words(addWord) {}

func (rivalry) direct() bool { return true }
