module github.com/slacredit/slacredit/examples/yaml

go 1.25.0

require github.com/slacredit/slacredit v0.0.0

require (
	github.com/goccy/go-yaml v1.19.2
	github.com/shopspring/decimal v1.4.0 // indirect
)

replace github.com/slacredit/slacredit => ../..
