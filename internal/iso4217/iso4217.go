// Package iso4217 knows the minor units of the world's currencies: ISO 4217
// list one as published on 2026-01-01, and of list three, which names no minor
// units, the codes withdrawn from 2002 on, with those that list one gave for them
// while they were in it. Two that were hardly used are not known, CHC and GHP, and
// none that was withdrawn before, such as ECS: nobody was billed in them under an
// agreement on availability.
package iso4217

// An Entry says how amounts of a currency are written.
type Entry struct {
	Digits    int  // decimal places of the minor unit
	NoMinor   bool // metals, bond units, testing and the like: it has no minor unit
	Withdrawn bool // no longer in list one
}

// Lookup returns the entry of an upper-case code, and whether there is one.
func Lookup(code string) (Entry, bool) {
	switch code {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
		"UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return Entry{Digits: 0}, true

	case "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM",
		"BBD", "BDT", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP",
		"BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CNY", "COP", "COU",
		"CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB",
		"EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD",
		"HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES",
		"KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
		"MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
		"MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR",
		"NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD",
		"RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS",
		"SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP",
		"TRY", "TTD", "TWD", "TZS", "UAH", "USD", "USN", "UYU", "UZS", "VED",
		"VES", "WST", "XAD", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG":
		return Entry{Digits: 2}, true

	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return Entry{Digits: 3}, true

	case "CLF", "UYW":
		return Entry{Digits: 4}, true

	case "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU",
		"XTS", "XUA", "XXX":
		return Entry{NoMinor: true}, true

	case "ADP", "BEF", "BYR", "ESP", "GRD", "ITL", "LUF", "MGF", "PTE", "TPE",
		"TRL":
		return Entry{Digits: 0, Withdrawn: true}, true

	case "AFA", "ANG", "ATS", "AYM", "AZM", "BGL", "BGN", "CSD", "CUC", "CYP",
		"DEM", "EEK", "FIM", "FRF", "GHC", "HRK", "IEP", "LTL", "LVL", "MRO",
		"MTL", "MZM", "NLG", "ROL", "SDD", "SIT", "SKK", "SLL", "SRG", "STD",
		"TMM", "USS", "VEB", "VEF", "YUM", "ZMK", "ZWD", "ZWL", "ZWN", "ZWR":
		return Entry{Digits: 2, Withdrawn: true}, true

	case "XFO", "XFU":
		return Entry{NoMinor: true, Withdrawn: true}, true
	}
	return Entry{}, false
}
