module github.com/slacredit/slacredit/tools/schema

go 1.25.0

require (
	github.com/dlclark/regexp2 v1.12.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/slacredit/slacredit v0.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/shopspring/decimal v1.4.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.14.0 // indirect
)

replace github.com/slacredit/slacredit => ../..
