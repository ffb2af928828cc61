// Package apart tells tests whether two values share memory that a caller could write
// to. It also fills values, so that they have memory to share.
package apart

import (
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"time"
)

// Shared returns the paths in a and b that lead to the same memory, if a caller can write
// to it through at least one of them: through slices, maps and pointers in exported
// fields. Memory that both reach only through unexported fields may be shared, and so may
// texts, functions and zones.
func Shared(a, b any) []string {
	ours, theirs := refsOf(a), refsOf(b)
	var paths []string
	said := map[string]bool{}
	for _, r := range ours {
		for _, s := range theirs {
			if !r.open && !s.open || r.start >= s.end || s.start >= r.end {
				continue
			}
			if path := fmt.Sprintf("%s and %s", r.path, s.path); !said[path] {
				said[path] = true
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// A ref is a stretch of memory behind a path.
type ref struct {
	start, end uintptr
	path       string
	open       bool // a caller can write to it
}

type walk struct {
	refs []ref
	seen map[ref]bool
}

func refsOf(v any) []ref {
	w := &walk{seen: map[ref]bool{}}
	w.value(reflect.ValueOf(v), reflect.TypeOf(v).String(), true)
	return w.refs
}

// add adds the memory behind a path, and reports whether it is new.
func (w *walk) add(start uintptr, size uintptr, path string, open bool) bool {
	r := ref{start, start + size, path, open}
	if start == 0 || size == 0 || w.seen[r] {
		return false
	}
	w.seen[r] = true
	w.refs = append(w.refs, r)
	return true
}

func (w *walk) value(v reflect.Value, path string, open bool) {
	if start, size, refers := behind(v); refers && !w.add(start, size, path, open) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			w.value(v.Elem(), path, open)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			w.value(v.Index(i), path+"[]", open)
		}
	case reflect.Map:
		for keys := v.MapRange(); keys.Next(); {
			w.value(keys.Key(), path+"[key]", open)
			w.value(keys.Value(), path+"[]", open)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			w.value(v.Field(i), path+"."+f.Name, open && (f.IsExported() || writable(v.Type())))
		}
	}
}

// behind returns the memory to which a pointer, a slice or a map refers. Its size is 0 for
// a zone, which never changes.
func behind(v reflect.Value) (start, size uintptr, refers bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*time.Location]() {
			return 0, 0, true
		}
		return v.Pointer(), v.Type().Elem().Size(), true
	case reflect.Slice:
		return v.Pointer(), uintptr(v.Cap()) * v.Type().Elem().Size(), true
	case reflect.Map:
		return v.Pointer(), 1, true
	}
	return 0, 0, false
}

// writable reports whether the methods of a type write to its fields.
func writable(t reflect.Type) bool {
	return t == reflect.TypeFor[big.Int]() || t == reflect.TypeFor[big.Rat]()
}

// Holds reports whether a caller can write to memory through a value of a type: whether
// the type has slices, maps or pointers in exported fields.
func Holds(t reflect.Type) bool { return holds(t, map[reflect.Type]bool{}) }

func holds(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer:
		return t.Elem() != reflect.TypeFor[time.Location]()
	case reflect.Slice, reflect.Map, reflect.Interface:
		return true
	case reflect.Array:
		return holds(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && holds(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// Empty returns the exported slices and maps of the structs in some values that are empty
// in all of them, each with its type.
func Empty(values ...any) []string {
	found := map[string]bool{} // whether anything lies behind it
	var look func(v reflect.Value)
	look = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				look(v.Elem())
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				look(v.Index(i))
			}
		case reflect.Map:
			for keys := v.MapRange(); keys.Next(); {
				look(keys.Value())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				f := v.Type().Field(i)
				if !f.IsExported() {
					continue
				}
				switch f.Type.Kind() {
				case reflect.Slice, reflect.Map:
					name := v.Type().String() + "." + f.Name
					found[name] = found[name] || v.Field(i).Len() > 0
				}
				look(v.Field(i))
			}
		}
	}
	for _, v := range values {
		look(reflect.ValueOf(v))
	}
	var empty []string
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if !found[name] {
			empty = append(empty, name)
		}
	}
	return empty
}

// Fill sets every exported field of the value to which p points, and of all values that it
// refers to. A field with the type of a given value gets that value. Structs without
// exported fields stay as they are, and interfaces need a given value.
func Fill(p any, given ...any) {
	f := filler{}
	for _, g := range given {
		f[reflect.TypeOf(g)] = reflect.ValueOf(g)
	}
	f.fill(reflect.ValueOf(p).Elem(), 0)
}

type filler map[reflect.Type]reflect.Value

// deepest is the depth to which a type that contains itself is filled.
const deepest = 12

func (f filler) fill(v reflect.Value, depth int) {
	if given, found := f[v.Type()]; found {
		v.Set(given)
		return
	}
	if depth > deepest {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("text")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), depth+1)
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key, depth+1)
		f.fill(value, depth+1)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i), depth+1)
			}
		}
	case reflect.Interface:
		for t, given := range f {
			if t.Implements(v.Type()) {
				v.Set(given)
			}
		}
	}
}
