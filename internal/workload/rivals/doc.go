// Command rivals has the library and what a user of Go would take instead do
// the same workloads in turn, and prints what each took as Markdown. An answer
// that is not exact stops it. It is a module of its own, so that the databases
// are no dependency of the library.
package main
