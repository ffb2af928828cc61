package main

import (
	"encoding/binary"
	"net/netip"

	"github.com/zyedidia/generic/interval"
	"go.etcd.io/etcd/pkg/v3/adt"
	"go4.org/netipx"

	made "github.com/slacredit/slacredit/internal/workload"
)

// netipxSums has a set of ranges of addresses merge instants: a sort of ranges
// whose ends belong to them.
func netipxSums(windows []made.Window) (*run[sums], error) {
	data := make([]netipx.IPRange, len(windows))
	for i, w := range windows {
		data[i] = netipx.IPRangeFrom(address(w.Start), address(w.End-1))
	}
	return &run[sums]{do: func() (sums, error) {
		var b netipx.IPSetBuilder
		for _, r := range data {
			b.AddRange(r)
		}
		set, err := b.IPSet()
		if err != nil {
			return sums{}, err
		}
		ranges := set.Ranges()
		merged := make([]made.Window, len(ranges))
		for i, r := range ranges {
			merged[i] = made.Window{Start: instant(r.From()), End: instant(r.To()) + 1}
		}
		return sumsOf(merged), nil
	}}, nil
}

func address(instant int64) netip.Addr {
	var a [16]byte
	binary.BigEndian.PutUint64(a[8:], uint64(instant))
	return netip.AddrFrom16(a)
}

func instant(address netip.Addr) int64 {
	a := address.As16()
	return int64(binary.BigEndian.Uint64(a[8:]))
}

// Interval trees hold the union so far. A window takes the place of those that
// it overlaps or touches, and reaches as far as they do.

func genericSums(windows []made.Window) (*run[sums], error) {
	return &run[sums]{do: func() (sums, error) {
		tree := interval.New[int64, struct{}]()
		for _, w := range windows {
			for _, v := range tree.Overlaps(w.Start-1, w.End+1) {
				tree.Remove(v.Low)
				w = made.Window{Start: min(w.Start, v.Low), End: max(w.End, v.High)}
			}
			tree.Put(w.Start, w.End, struct{}{})
		}
		merged := make([]made.Window, 0, tree.Size())
		tree.Each(func(low, high int64, _ struct{}) { merged = append(merged, made.Window{Start: low, End: high}) })
		return sumsOf(merged), nil
	}}, nil
}

func etcdSums(windows []made.Window) (*run[sums], error) {
	return &run[sums]{do: func() (sums, error) {
		tree := adt.NewIntervalTree()
		var covered []adt.Interval
		for _, w := range windows {
			covered = covered[:0] // a copy, as what is visited moves when another is deleted
			tree.Visit(adt.NewInt64Interval(w.Start-1, w.End+1), func(v *adt.IntervalValue) bool {
				covered = append(covered, v.Ivl)
				return true
			})
			for _, v := range covered {
				tree.Delete(v)
				old := windowOf(v)
				w = made.Window{Start: min(w.Start, old.Start), End: max(w.End, old.End)}
			}
			tree.Insert(adt.NewInt64Interval(w.Start, w.End), nil)
		}
		merged := make([]made.Window, 0, tree.Len())
		tree.Visit(adt.NewInt64Interval(0, 1<<62), func(v *adt.IntervalValue) bool {
			merged = append(merged, windowOf(v.Ivl))
			return true
		})
		return sumsOf(merged), nil
	}}, nil
}

func windowOf(v adt.Interval) made.Window {
	return made.Window{Start: int64(v.Begin.(adt.Int64Comparable)), End: int64(v.End.(adt.Int64Comparable))}
}
