package credit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/slacredit/slacredit/outage"
)

// A Batch settles customers, as many at once as it has workers. What it returns
// is the same for any number of them, to the byte.
type Batch struct {
	Workers int // below 2: no goroutines
}

// A CustomerError says which customer of a batch could not be settled, and why.
type CustomerError struct {
	Index int // of the customer, from 0 on
	Err   error
}

func (e *CustomerError) Error() string { return fmt.Sprintf("customer %d: %v", e.Index, e.Err) }

// Unwrap returns Err.
func (e *CustomerError) Unwrap() error { return e.Err }

// Settle appends to dst what each customer is owed, in their order: one
// settlement for each period of his fleet, as [Settler.Settle] does. Of one that
// cannot be settled they are Failed, and the error, which joins one
// [CustomerError] for each of those, does not keep the others from theirs. If ctx
// is cancelled, its error is returned, with dst as it was.
func (b Batch) Settle(ctx context.Context, dst []Settlement, customers []Customer) ([]Settlement, error) {
	n := len(dst)
	for i := range customers {
		n += customers[i].periods()
	}
	all := slices.Grow(dst, n-len(dst))[:n]
	to := len(dst)
	var faults []error
	chunks := func(yield func(*chunk) bool) {
		for from := 0; from < len(customers); from += chunkSize {
			c := &chunk{first: from, customers: customers[from:min(from+chunkSize, len(customers))]}
			end := to
			for i := range c.customers {
				end += c.customers[i].periods()
			}
			c.settled = all[to:to:end] // where it belongs
			to = end
			if !yield(c) {
				return
			}
		}
	}
	err := b.each(ctx, chunks, func(c *chunk) bool {
		faults = append(faults, c.faults...)
		return true
	})
	if err != nil {
		return dst, err
	}
	return all, errors.Join(faults...)
}

// Stream settles customers as they come, and yields for each, in their order,
// his settlements, one for each period of his fleet, or a [CustomerError]. It
// holds a few hundred of them for each worker, however many there are. If ctx
// is cancelled, its error comes last.
//
// The outages of a customer may be overwritten once the next is asked for; the
// rest of what he refers to may not be until his settlements have come, which
// are overwritten in turn.
func (b Batch) Stream(ctx context.Context, customers iter.Seq[Customer]) iter.Seq2[[]Settlement, error] {
	return func(yield func([]Settlement, error) bool) {
		chunks, free := chunked(customers)
		stopped := false
		err := b.each(ctx, chunks, func(c *chunk) bool {
			from := 0
			faults := c.faults
			for i := range c.customers {
				to := c.ends[i]
				settled, err := c.settled[from:to:to], error(nil)
				if len(faults) > 0 && faults[0].(*CustomerError).Index == c.first+i { //nolint:errorlint // as it was made
					settled, err, faults = nil, faults[0], faults[1:]
				}
				if from = to; !yield(settled, err) {
					stopped = true
					return false
				}
			}
			free(c)
			return true
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// chunkSize is how many customers a worker takes at once.
const chunkSize = 256

// A chunk is customers that one worker settles.
type chunk struct {
	first     int // index of the first of them
	customers []Customer
	outages   []outage.Window // of all of them, if they had to be copied
	settled   []Settlement
	ends      []int // in settled, for each customer
	faults    []error
	done      chan struct{}
}

// chunked returns customers in chunks, and takes back those that are free.
func chunked(customers iter.Seq[Customer]) (chunks iter.Seq[*chunk], free func(*chunk)) {
	var pool []*chunk
	next := func(first int) *chunk {
		c := &chunk{}
		if n := len(pool); n > 0 {
			c, pool = pool[n-1], pool[:n-1]
		}
		c.first, c.customers, c.outages, c.settled, c.ends, c.faults = first, c.customers[:0], c.outages[:0], c.settled[:0], c.ends[:0], nil
		return c
	}
	chunks = func(yield func(*chunk) bool) {
		c := next(0)
		for customer := range customers {
			from := len(c.outages)
			c.outages = append(c.outages, customer.Outages...)
			customer.Outages = c.outages[from:len(c.outages):len(c.outages)]
			if c.customers = append(c.customers, customer); len(c.customers) < chunkSize {
				continue
			}
			first := c.first + len(c.customers)
			if !yield(c) {
				return
			}
			c = next(first)
		}
		if len(c.customers) > 0 {
			yield(c)
		}
	}
	return chunks, func(c *chunk) { pool = append(pool, c) }
}

// settle settles the customers of c.
func (c *chunk) settle(s *Settler) {
	for i := range c.customers {
		settled, err := s.Settle(c.settled, c.customers[i])
		if err != nil {
			c.faults = append(c.faults, &CustomerError{c.first + i, err})
			for range c.customers[i].periods() {
				settled = append(settled, Settlement{Failed: true})
			}
		}
		c.settled = settled
		c.ends = append(c.ends, len(settled))
	}
}

// periods returns how many settlements there are for a customer.
func (c *Customer) periods() int {
	if c.Tariff == nil {
		return 1 // which says that he could not be settled
	}
	return len(c.Tariff.periods)
}

// each has chunks settled, and hands them on in their order until told to stop.
// Chunks are asked for by the caller's goroutine only, and handed on by it.
func (b Batch) each(ctx context.Context, chunks iter.Seq[*chunk], done func(*chunk) bool) error {
	if b.Workers < 2 {
		var s Settler
		for c := range chunks {
			if err := ctx.Err(); err != nil {
				return err
			}
			if c.settle(&s); !done(c) {
				return nil
			}
		}
		return nil
	}
	ahead := 2 * b.Workers // so that none waits for the caller
	work := make(chan *chunk, ahead)
	var workers sync.WaitGroup
	for range b.Workers {
		workers.Go(func() {
			var s Settler
			for c := range work {
				c.settle(&s)
				c.done <- struct{}{}
			}
		})
	}
	defer workers.Wait()
	defer close(work)
	next, stop := iter.Pull(chunks)
	defer stop()
	var given []*chunk // to the workers, in their order
	for more := true; more || len(given) > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if more && len(given) < ahead {
			var c *chunk
			if c, more = next(); more {
				if c.done == nil {
					c.done = make(chan struct{}, 1)
				}
				work <- c
				given = append(given, c)
			}
			continue
		}
		<-given[0].done
		if !done(given[0]) {
			return nil
		}
		given = slices.Delete(given, 0, 1)
	}
	return nil
}
