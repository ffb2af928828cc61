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

// A Batch settles customers, with several workers at once. The result is the
// same for any number of workers, to the byte.
type Batch struct {
	Workers int // number of goroutines; 0 or 1 runs in the caller's goroutine, more than 1,024 are capped
}

// A CustomerError states which customer of a batch could not be settled, and
// why.
type CustomerError struct {
	Index int // of the customer, from 0
	Err   error
}

func (e *CustomerError) Error() string {
	return fmt.Sprintf("batch: settling customer %d: %v", e.Index, e.Err)
}

// Unwrap returns Err.
func (e *CustomerError) Unwrap() error { return e.Err }

// Settle appends the figures of each customer to dst, in the order of the
// customers. As with [Settler.Settle], there are figures for each period of the
// customer's fleet.
//
// The figures of a customer that cannot be settled are marked Failed; the other
// customers are settled all the same. The error then joins a [CustomerError]
// for each failed customer. [errors.As] finds the first one, and the Unwrap
// method of [errors.Join] returns all. If ctx is cancelled, Settle returns dst
// unchanged and the error of ctx.
func (b Batch) Settle(ctx context.Context, dst []Figures, customers []Customer) ([]Figures, error) {
	n := len(dst)
	for i := range customers {
		n += customers[i].periods()
	}
	all := slices.Grow(dst, n-len(dst))[:n]
	var faults []error
	var free spare
	rest := all[len(dst):]
	size := min(chunkSize, len(customers)/(4*b.workers())+1) // so that every worker gets some
	chunks := func(yield func(*chunk) bool) {
		for from := 0; from < len(customers); from += size {
			c := free.take()
			c.first, c.customers = from, customers[from:min(from+size, len(customers))]
			n := 0
			for i := range c.customers {
				n += c.customers[i].periods()
			}
			c.settled, rest = rest[:0:n], rest[n:] // its place in the result
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

// Stream settles customers as they arrive. For each customer, in order, it
// yields figures for each period of the customer's fleet, or a [CustomerError].
// It keeps at most a few thousand customers for each worker in memory, however
// long the stream is. If ctx is cancelled, its error is yielded last.
//
// The outages of a customer may be overwritten once the next customer is
// requested. Other data of a customer may be overwritten once its figures were
// yielded. The yielded figures are valid until the next iteration.
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
				if len(faults) > 0 && faults[0].(*CustomerError).Index == c.first+i { //nolint:errorlint // it was made as one
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

// chunkSize is the number of customers that a worker takes at once.
const chunkSize = 1024

// A chunk is a number of customers that one worker settles.
type chunk struct {
	first     int // index of the first customer
	customers []Customer
	outages   []outage.Window // outages of all customers, if they had to be copied
	settled   []Figures
	faults    []error
	panicked  any // the panic of a function of the caller
	done      chan struct{}
}

// A spare contains chunks that are free for reuse.
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

// chunks yields customers in chunks, with copies of their outages.
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
		if i%16 == 0 && ctx.Err() != nil { // asking for each customer would cost too much
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

// periods returns the number of figures of a customer.
func (c *Customer) periods() int {
	if c.Fleet == nil {
		return 1 // judged by a function, or faulty
	}
	return len(c.Fleet.periods)
}

// workers returns the number of workers, at least one.
func (b Batch) workers() int {
	const most = 1024
	return min(max(1, b.Workers), most)
}

// each settles chunks and passes them to done in their order, until done
// returns false. Only the caller's goroutine requests chunks and calls done.
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
	ahead := 4 * b.workers() // so that no worker waits for the caller
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
	var given []*chunk // chunks that the workers have, in order
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
			panic(p) // in the caller's goroutine, where it can be recovered
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
