package sla

import _ "embed"

//go:embed agreement.schema.json
var agreementSchema string

// AgreementSchema returns the JSON Schema (draft 2020-12) of the documents that
// [ParseAgreement] reads, for editors and for programs in other languages.
//
// It refuses unknown keys, values of another type and most texts that are
// misspelt, and accepts agreements that compile as [Agreement.MarshalJSON]
// writes them, with instants as RFC 3339 and zones as the tz database have
// them. What follows from several terms together only [Agreement.Compile] says.
func AgreementSchema() []byte { return []byte(agreementSchema) }
