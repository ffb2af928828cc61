package credit_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/slacredit/slacredit/credit"
)

func ExampleMoney() {
	fee := credit.MustMoney("USD 499.00")

	// 10 % of the fee: exact first, then rounded once.
	exact := fee.Amount().Mul(decimal.RequireFromString("10")).Shift(-2)
	owed, err := credit.RoundMoney(exact, fee.Currency(), credit.HalfAwayFromZero)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(owed)
	fmt.Println(owed.MinorUnits(), "minor units")

	data, _ := json.Marshal(owed)
	fmt.Println(string(data))
	// Output:
	// USD 49.90
	// 4990 minor units
	// {"amount":"49.90","currency":"USD"}
}

func ExampleNewMoney() {
	for _, amount := range []string{"49.9", "49.900", "49.905"} {
		m, err := credit.NewMoney(decimal.RequireFromString(amount), "USD")
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(m)
	}
	// Output:
	// USD 49.90
	// USD 49.90
	// credit: new money: "49.905" has more than the 2 decimal places of "USD"
}

func ExampleRoundMoney() {
	exact := decimal.RequireFromString("5.025")
	for _, mode := range []credit.Rounding{credit.HalfAwayFromZero, credit.HalfEven, credit.TowardZero, credit.AwayFromZero} {
		m, _ := credit.RoundMoney(exact, "USD", mode)
		fmt.Printf("%v: %v\n", mode, m)
	}
	// Output:
	// half away from zero: USD 5.03
	// half even: USD 5.02
	// toward zero: USD 5.02
	// away from zero: USD 5.03
}

func ExampleMoneyFromMinor() {
	for _, currency := range []string{"USD", "JPY", "KWD"} {
		m, _ := credit.MoneyFromMinor(4990, currency)
		fmt.Println(m)
	}
	// Output:
	// USD 49.90
	// JPY 4990
	// KWD 4.990
}

func ExampleMoney_Add() {
	var total credit.Money // zero of no currency
	for _, text := range []string{"USD 11.57", "USD 30.59", "EUR 1.00"} {
		sum, err := total.Add(credit.MustMoney(text))
		if errors.Is(err, credit.ErrCurrencyMismatch) {
			fmt.Println(err)
			continue
		}
		total = sum
	}
	fmt.Println(total)
	// Output:
	// credit: currencies differ: USD and EUR
	// USD 42.16
}
