// Package examples answers one question in each of its Example tests, and
// holds the command slacredit. It has no code of its own.
package examples
