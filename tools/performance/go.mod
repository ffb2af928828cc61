module github.com/slacredit/slacredit/tools/performance

go 1.25.0
