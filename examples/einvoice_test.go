package examples_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/slacredit/slacredit/credit"
)

// A ublCreditNote holds the elements of a credit note of EN 16931 (UNTDID 1001
// code 381, UBL 2.1) that a credit fills, in the order of the schema. The
// parties, the taxes and the totals with tax are the caller's. Amounts on a
// credit note are positive, and what is credited stands on its lines: an
// allowance on it would take away from what is credited.
type ublCreditNote struct {
	XMLName xml.Name `xml:"CreditNote"`
	Space   string   `xml:"xmlns,attr"`
	CAC     string   `xml:"xmlns:cac,attr"`
	CBC     string   `xml:"xmlns:cbc,attr"`

	ID       string    `xml:"cbc:ID"`                                                   // BT-1
	Issued   string    `xml:"cbc:IssueDate"`                                            // BT-2
	Type     string    `xml:"cbc:CreditNoteTypeCode"`                                   // BT-3
	Note     string    `xml:"cbc:Note"`                                                 // BT-22
	Currency string    `xml:"cbc:DocumentCurrencyCode"`                                 // BT-5
	Start    string    `xml:"cac:InvoicePeriod>cbc:StartDate"`                          // BT-73
	End      string    `xml:"cac:InvoicePeriod>cbc:EndDate"`                            // BT-74, the last day
	Invoice  string    `xml:"cac:BillingReference>cac:InvoiceDocumentReference>cbc:ID"` // BT-25
	Net      ublAmount `xml:"cac:LegalMonetaryTotal>cbc:LineExtensionAmount"`           // BT-106
	Taxable  ublAmount `xml:"cac:LegalMonetaryTotal>cbc:TaxExclusiveAmount"`            // BT-109
	Lines    []ublLine `xml:"cac:CreditNoteLine"`                                       // BG-25
}

type ublLine struct {
	ID       int         `xml:"cbc:ID"`                  // BT-126
	Note     string      `xml:"cbc:Note"`                // BT-127
	Quantity ublQuantity `xml:"cbc:CreditedQuantity"`    // BT-129
	Net      ublAmount   `xml:"cbc:LineExtensionAmount"` // BT-131
	Name     string      `xml:"cac:Item>cbc:Name"`       // BT-153
	Price    ublAmount   `xml:"cac:Price>cbc:PriceAmount"`
}

type ublAmount struct {
	Currency string `xml:"currencyID,attr"`
	Amount   string `xml:",chardata"`
}

type ublQuantity struct {
	Unit     string `xml:"unitCode,attr"`
	Quantity int    `xml:",chardata"`
}

// A ublAllowance is a credit that is not paid back, but taken off the next
// invoice (code 380): an allowance on the document, BG-20.
type ublAllowance struct {
	XMLName    xml.Name   `xml:"cac:AllowanceCharge"`
	Charge     bool       `xml:"cbc:ChargeIndicator"`
	ReasonCode string     `xml:"cbc:AllowanceChargeReasonCode"`         // BT-98, UNTDID 5189
	Reason     string     `xml:"cbc:AllowanceChargeReason"`             // BT-97
	Percent    string     `xml:"cbc:MultiplierFactorNumeric,omitempty"` // BT-94
	Amount     ublAmount  `xml:"cbc:Amount"`                            // BT-92
	Base       *ublAmount `xml:"cbc:BaseAmount"`                        // BT-93
	Category   string     `xml:"cac:TaxCategory>cbc:ID"`                // BT-95
	Rate       string     `xml:"cac:TaxCategory>cbc:Percent"`           // BT-96
	Scheme     string     `xml:"cac:TaxCategory>cac:TaxScheme>cbc:ID"`
}

// ublOf returns an amount. EN 16931 knows no more than two decimal places.
func ublOf(m credit.Money) (ublAmount, error) {
	if m.Digits() > 2 {
		return ublAmount{}, fmt.Errorf("%v has more than two decimal places", m)
	}
	return ublAmount{m.Currency(), m.Amount().StringFixed(int32(m.Digits()))}, nil
}

// creditNote returns the credit note for one credit on one invoice.
func creditNote(s credit.Statement, c credit.Credit, id, issued, invoice string) (ublCreditNote, error) {
	switch {
	case c.Amount.IsZero():
		return ublCreditNote{}, errors.New("nothing is owed")
	case len(s.Provisional) > 0:
		return ublCreditNote{}, fmt.Errorf("provisional: %s", strings.Join(s.Provisional, "; "))
	}
	net, err := ublOf(c.Amount)
	if err != nil {
		return ublCreditNote{}, err
	}
	n := ublCreditNote{
		Space: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
		CAC:   "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
		CBC:   "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
		ID:    id, Issued: issued, Type: "381", Currency: c.Amount.Currency(),
		Note:  fmt.Sprintf("Service credit under %s: %s", c.Agreement, strings.Join(reasons(s, c), "; ")),
		Start: c.Period.First().String(), End: c.Period.Last().String(), Invoice: invoice, Net: net, Taxable: net,
	}
	for _, p := range c.Parts {
		if p.Amount.IsZero() {
			continue
		}
		amount, err := ublOf(p.Amount)
		if err != nil {
			return ublCreditNote{}, err
		}
		n.Lines = append(n.Lines, ublLine{
			ID: len(n.Lines) + 1, Note: reason(c, p), Quantity: ublQuantity{"C62", 1}, Net: amount, Name: "Service credit for " + p.Resource, Price: amount,
		})
	}
	return n, nil
}

// reason says in words what a part gives.
func reason(c credit.Credit, p credit.Part) string {
	text := fmt.Sprintf("Service credit under %s for %s, %s to %s", c.Agreement, p.Resource, c.Period.First(), c.Period.Last())
	if share, base, exact := shareOf(c, p); exact {
		return fmt.Sprintf("%s: %s%% of %v", text, share, base)
	}
	return text
}

// shareOf returns the percentage that gave the amount of a part, and of what.
// It is not exact where something else decided: time of service, a sum, a limit
// of the commitment or the agreement, another commitment that gives more, or
// where the percentage has no end as a decimal number. Peppol's rule R040
// allows an amount to be 0.02 beside the percentage of the base.
func shareOf(c credit.Credit, p credit.Part) (percent string, base credit.Money, exact bool) {
	percent, _ = strings.CutSuffix(p.Remedy.Percent.String(), "%")
	capped := slices.ContainsFunc(c.Limits, func(cap credit.Limit) bool { return cap.Binds })
	if strings.Contains(percent, "/") || !p.Remedy.Service.IsZero() || !p.Remedy.Sum.IsZero() || !p.Owed.Equal(p.Exact) || capped {
		return "", credit.Money{}, false
	}
	gap := new(big.Rat).Sub(p.Exact.Rat(), p.Amount.Amount().Rat())
	return percent, p.Base, gap.Abs(gap).Cmp(big.NewRat(2, 100)) <= 0
}

// allowances returns the allowances for one credit on the next invoice, in the
// tax category of the charges.
func allowances(c credit.Credit, category, rate string) ([]ublAllowance, error) {
	var allowances []ublAllowance
	for _, p := range c.Parts {
		if p.Amount.IsZero() {
			continue
		}
		amount, err := ublOf(p.Amount)
		if err != nil {
			return nil, err
		}
		a := ublAllowance{ReasonCode: "95", Reason: reason(c, p), Amount: amount, Category: category, Rate: rate, Scheme: "VAT"}
		if percent, base, exact := shareOf(c, p); exact {
			of, err := ublOf(base)
			if err != nil {
				return nil, err
			}
			a.Percent, a.Base = percent, &of
		}
		allowances = append(allowances, a)
	}
	return allowances, nil
}

// How do I take a credit off the next electronic invoice? With the percentage
// where that gave the amount, and without where a limit did. The credit note
// that pays it back instead is testdata/credit-note.xml.
func Example_einvoice() {
	statement, err := interop("EUR")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range statement.Credits {
		allowances, err := allowances(c, "S", "19")
		if err != nil {
			fmt.Println(err)
			return
		}
		data, err := xml.MarshalIndent(allowances, "", "  ")
		fmt.Println(string(data), err)
	}
	// Output:
	// <cac:AllowanceCharge>
	//   <cbc:ChargeIndicator>false</cbc:ChargeIndicator>
	//   <cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode>
	//   <cbc:AllowanceChargeReason>Service credit under acme-cloud/2026 for db, 2026-06-01 to 2026-06-30</cbc:AllowanceChargeReason>
	//   <cbc:Amount currencyID="EUR">49.99</cbc:Amount>
	//   <cac:TaxCategory>
	//     <cbc:ID>S</cbc:ID>
	//     <cbc:Percent>19</cbc:Percent>
	//     <cac:TaxScheme>
	//       <cbc:ID>VAT</cbc:ID>
	//     </cac:TaxScheme>
	//   </cac:TaxCategory>
	// </cac:AllowanceCharge>
	// <cac:AllowanceCharge>
	//   <cbc:ChargeIndicator>false</cbc:ChargeIndicator>
	//   <cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode>
	//   <cbc:AllowanceChargeReason>Service credit under acme-cloud/2026 for web, 2026-06-01 to 2026-06-30: 10% of EUR 421.58</cbc:AllowanceChargeReason>
	//   <cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>
	//   <cbc:Amount currencyID="EUR">42.16</cbc:Amount>
	//   <cbc:BaseAmount currencyID="EUR">421.58</cbc:BaseAmount>
	//   <cac:TaxCategory>
	//     <cbc:ID>S</cbc:ID>
	//     <cbc:Percent>19</cbc:Percent>
	//     <cac:TaxScheme>
	//       <cbc:ID>VAT</cbc:ID>
	//     </cac:TaxScheme>
	//   </cac:TaxCategory>
	// </cac:AllowanceCharge> <nil>
}
