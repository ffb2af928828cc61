package batch

import (
	"math"
	"math/big"
	"math/bits"
	"time"

	"github.com/slacredit/slacredit/credit"
	"github.com/slacredit/slacredit/sla"
)

// A rate is the worth of an entitlement or a limit as a function of the fee, in
// minor units:
//
//	fee × num ÷ den + sum
//
// The zero rate is zero.
type rate struct {
	num, den uint64 // below 2⁶³
	sum      int64
	currency string // of the sum; empty: none
}

// rateOf returns the rate of an entitlement, for a fee that pays for a length
// of time. It returns false if the rate needs larger numbers.
func rateOf(e sla.Remedy, length time.Duration) (rate, bool) {
	share := e.Percent.Rat()
	share.Quo(share, new(big.Rat).SetInt64(100))
	service := e.Service.Nanoseconds()
	share.Add(share, service.Quo(service, new(big.Rat).SetInt64(int64(length))))
	if !share.Num().IsInt64() || !share.Denom().IsInt64() || share.Sign() < 0 {
		return rate{}, false
	}
	r := rate{num: share.Num().Uint64(), den: share.Denom().Uint64(), currency: e.Sum.Currency()}
	if e.Sum.IsZero() && r.currency == "" {
		return r, true
	}
	sum, err := credit.NewExact(e.Sum.Amount()).Round(r.currency, credit.TowardZero)
	if err != nil || sum.Amount().Rat().Cmp(e.Sum.Amount()) != 0 {
		return rate{}, false
	}
	r.sum = sum.MinorUnits()
	return r, true
}

// of returns the worth for a fee, which is not negative. It rounds half away
// from zero, or down if asked. It returns false if the worth leaves int64.
func (r *rate) of(fee int64, down bool) (minor int64, fits bool) {
	if r.num == 0 {
		return r.sum, true
	}
	hi, lo := bits.Mul64(uint64(fee), r.num)
	if hi >= r.den {
		return 0, false
	}
	whole, rest := bits.Div64(hi, lo, r.den)
	if whole > math.MaxInt64 {
		return 0, false
	}
	if !down && rest >= r.den-rest {
		whole++
	}
	if whole > math.MaxInt64-uint64(r.sum) {
		return 0, false
	}
	return int64(whole) + r.sum, true
}
