// Package yaml shows how an agreement that is written in YAML is read. It is a
// module of its own, so that the library needs no YAML.
package yaml
