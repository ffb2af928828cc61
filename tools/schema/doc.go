// Package schema holds the tests that prove the JSON Schema of an agreement
// against a validator. They are a module of their own, so that the library
// needs none.
package schema
