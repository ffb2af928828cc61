package sla

import _ "embed"

//go:embed agreement.schema.json
var agreementSchema string

// AgreementSchema returns the JSON Schema (draft 2020-12) of the documents that
// [ParseAgreement] reads, for editors and for programs in other languages.
//
// It refuses unknown keys, values of another type and most misspelt texts. It
// accepts every agreement that compiles, as [Agreement.MarshalJSON] writes it, if
// its instants are RFC 3339 and its time zones are names in the tz database. It
// does not know the rules that combine several terms: only [Agreement.Compile]
// checks those.
func AgreementSchema() []byte { return []byte(agreementSchema) }
