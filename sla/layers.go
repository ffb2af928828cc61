package sla

import "github.com/slacredit/slacredit/outage"

// Layers are what becomes of the losses of a thing, from the records as they
// are to what counts. Those at worst hold all that is in those as known.
type layers struct {
	lost     [][]loss     // by slot, if there are slots: before any exclusion acted, and after each
	forgiven []outage.Set // by each exclusion
	lasting  outage.Set   // outages that were long enough, also what was then forgiven
	down     outage.Set   // what counts
}

// An excuse is what the exclusions up to one of them forgive.
type excuse struct {
	upTo int // index of the last that acts; −1 for none

	// spent holds for each the time in which its allowance is used up, and
	// nothing is forgiven.
	spent []outage.Set
}

// layers lets the exclusions act one after the other, each on what those
// before it left. Those that act first do so before the outages are tested for
// their length.
func (c *commitment) layers(t *thing, worst bool) layers {
	x := excuse{upTo: -1}
	lost := c.losses(t, x, worst)
	l := layers{lost: [][]loss{lost}}
	left := moments(lost, c.passes) // what still counts
	tested := false
	for i, e := range c.exclusions {
		if !e.source.First && !tested {
			left, tested = left.Where(c.lasts), true
			l.lasting = left
		}
		x.upTo, x.spent = i, append(x.spent, outage.Set{})
		var excused outage.Set
		if t.touched(i) {
			lost = c.losses(t, x, worst)
			excused = left.Subtract(moments(lost, c.passes))
		}
		if e.allowance.isSet() {
			spent := e.allowance.spend(t, excused, l.lasting)
			if !spent.IsEmpty() {
				x.spent[i], excused = spent, excused.Subtract(spent)
				lost = c.losses(t, x, worst)
			}
		}
		left = left.Subtract(excused)
		l.lost, l.forgiven = append(l.lost, lost), append(l.forgiven, excused)
	}
	if !tested {
		left = left.Where(c.lasts)
		l.lasting = left
	}
	l.down = left
	return l
}

// losses returns what is lost when some exclusions have acted, by slot if
// there are slots.
func (c *commitment) losses(t *thing, x excuse, worst bool) []loss {
	if c.source.Downtime.Requests {
		return c.requests(t, x, worst)
	}
	losses, _ := t.root.losses(x, worst)
	return t.slots.means(losses)
}
