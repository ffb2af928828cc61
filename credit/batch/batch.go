package batch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/slacredit/slacredit/outage"
)

// A Batch settles customers, as many at once as it has workers. The result is the
// same for any number of workers, to the byte.
type Batch struct {
	Workers int // number of goroutines; 0 or 1 runs in the caller's goroutine, more than 1,024 are capped
}

// A CustomerError says which customer of a batch could not be settled, and why.
type CustomerError struct {
	Index int // of the customer, from 0 on
	Err   error
}

func (e *CustomerError) Error() string {
	return fmt.Sprintf("batch: settling customer %d: %v", e.Index, e.Err)
}

// Unwrap returns Err.
func (e *CustomerError) Unwrap() error { return e.Err }

// Settle appends to dst what each customer is owed, in their order: figures for
// each period of their fleet, as [Settler.Settle] does. A customer who cannot be
// settled is Failed, and keeps nobody else from theirs; the error joins a
// [CustomerError] for each of them ([errors.As] finds the first, and the Unwrap of
// [errors.Join] has all). If ctx is cancelled, its error is returned, with dst as
// it was.
func (b Batch) Settle(ctx context.Context, dst []Figures, customers []Customer) ([]Figures, error) {
	n := len(dst)
	for i := range customers {
		n += customers[i].periods()
	}
	all := slices.Grow(dst, n-len(dst))[:n]
	var faults []error
	var free spare
	rest := all[len(dst):]
	size := min(chunkSize, len(customers)/(4*b.workers())+1) // so that all workers have some
	chunks := func(yield func(*chunk) bool) {
		for from := 0; from < len(customers); from += size {
			c := free.take()
			c.first, c.customers = from, customers[from:min(from+size, len(customers))]
			n := 0
			for i := range c.customers {
				n += c.customers[i].periods()
			}
			c.settled, rest = rest[:0:n], rest[n:] // where it belongs
			if !yield(c) {
				return
			}
		}
	}
	err := b.each(ctx, chunks, func(c *chunk) bool {
		faults = append(faults, c.faults...)
		free.put(c)
		return true
	})
	if err != nil {
		return dst, err
	}
	return all, errors.Join(faults...)
}

// Stream settles customers as they come, and yields for each, in their order,
// figures for each period of their fleet, or a [CustomerError]. It holds a few
// thousand customers for each worker, however many there are. If ctx is cancelled,
// its error comes last.
//
// The outages of a customer may be overwritten once the next customer is asked for.
// Whatever else a customer refers to may be overwritten once the figures have come,
// which are overwritten in turn.
func (b Batch) Stream(ctx context.Context, customers iter.Seq[Customer]) iter.Seq2[[]Figures, error] {
	return func(yield func([]Figures, error) bool) {
		var free spare
		stopped := false
		err := b.each(ctx, free.chunks(customers), func(c *chunk) bool {
			from := 0
			faults := c.faults
			for i := range c.customers {
				to := from + c.customers[i].periods()
				settled, err := c.settled[from:to:to], error(nil)
				if len(faults) > 0 && faults[0].(*CustomerError).Index == c.first+i { //nolint:errorlint // as it was made
					settled, err, faults = nil, faults[0], faults[1:]
				}
				if from = to; !yield(settled, err) {
					stopped = true
					return false
				}
			}
			free.put(c)
			return true
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// chunkSize is how many customers a worker takes at once.
const chunkSize = 1024

// A chunk is customers that one worker settles.
type chunk struct {
	first     int // index of the first of them
	customers []Customer
	outages   []outage.Window // of all of them, if they had to be copied
	settled   []Figures
	faults    []error
	panicked  any // what a function of the caller panicked with
	done      chan struct{}
}

// Spare chunks are free to be used again.
type spare []*chunk

func (s *spare) take() *chunk {
	n := len(*s)
	if n == 0 {
		return &chunk{done: make(chan struct{}, 1)}
	}
	c := (*s)[n-1]
	*s = (*s)[:n-1]
	return c
}

func (s *spare) put(c *chunk) {
	c.customers, c.outages, c.settled, c.faults = c.customers[:0], c.outages[:0], c.settled[:0], nil
	*s = append(*s, c)
}

// chunks returns customers in chunks, with copies of their outages.
func (s *spare) chunks(customers iter.Seq[Customer]) iter.Seq[*chunk] {
	return func(yield func(*chunk) bool) {
		first := 0
		c := s.take()
		for customer := range customers {
			from := len(c.outages)
			c.outages = append(c.outages, customer.Outages...)
			customer.Outages = c.outages[from:len(c.outages):len(c.outages)]
			c.customers = append(c.customers, customer)
			if len(c.customers) < chunkSize {
				continue
			}
			c.first = first
			if !yield(c) {
				return
			}
			first += chunkSize
			c = s.take()
		}
		if c.first = first; len(c.customers) > 0 {
			yield(c)
		}
	}
}

// settle settles the customers of c, until ctx is cancelled.
func (c *chunk) settle(ctx context.Context, s *Settler) {
	for i := range c.customers {
		if i%16 == 0 && ctx.Err() != nil { // of which nobody asks for each customer
			return
		}
		settled, err := s.settle(c.settled, &c.customers[i])
		if err != nil {
			c.faults = append(c.faults, &CustomerError{c.first + i, err})
			settled = c.settled
			for range c.customers[i].periods() {
				settled = append(settled, Figures{Failed: true})
			}
		}
		c.settled = settled
	}
}

// periods returns how many settlements there are for a customer.
func (c *Customer) periods() int {
	if c.Fleet == nil {
		return 1 // judged otherwise, or not to be settled
	}
	return len(c.Fleet.periods)
}

// workers returns how many workers there are, at least one.
func (b Batch) workers() int {
	const most = 1024
	return min(max(1, b.Workers), most)
}

// each has chunks settled, and hands them on in their order until told to stop.
// Chunks are asked for by the caller's goroutine only, and handed on by it.
func (b Batch) each(ctx context.Context, chunks iter.Seq[*chunk], done func(*chunk) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if b.workers() < 2 {
		var s Settler
		for c := range chunks {
			c.settle(ctx, &s)
			if err := ctx.Err(); err != nil {
				return err
			}
			if !done(c) {
				return nil
			}
		}
		return nil
	}
	ahead := 4 * b.workers() // so that none waits for the caller
	work := make(chan *chunk, ahead)
	var workers sync.WaitGroup
	for range b.workers() {
		workers.Go(func() {
			var s Settler
			for c := range work {
				func() {
					defer func() { c.panicked = recover() }()
					c.settle(ctx, &s)
				}()
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
				work <- c
				given = append(given, c)
			}
			continue
		}
		<-given[0].done
		if p := given[0].panicked; p != nil {
			panic(p) // where the caller can recover
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !done(given[0]) {
			return nil
		}
		given = slices.Delete(given, 0, 1)
	}
	return nil
}
