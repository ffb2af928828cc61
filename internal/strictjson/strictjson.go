// Package strictjson reads JSON strictly. A key that is unknown, repeated or of another
// case, a null, a value of another type, text that is not UTF-8 and text after the
// document are errors, and each names the path of the field.
package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/slacredit/slacredit/internal/numeral"
)

// Unmarshal reads data into the value to which v points, as json.Unmarshal
// does for structs, slices, strings, bools, integers and types with methods
// of their own. It reports all faults, up to a hundred, each a [*FieldError] if
// the data is JSON, and then leaves the value as it was.
func Unmarshal(data []byte, v any) error {
	if err := Check(data); err != nil {
		return err
	}
	target := reflect.ValueOf(v).Elem()
	fresh := reflect.New(target.Type()).Elem()
	d := &decoder{}
	d.decode("", data, fresh)
	if err := errors.Join(d.faults...); err != nil {
		return err
	}
	target.Set(fresh)
	return nil
}

// Check returns an error for data that is not JSON, and for text that stands for no
// characters: bytes that are not UTF-8, and halves of surrogate pairs, which package
// encoding/json would replace.
func Check(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("not UTF-8")
	}
	if err := json.Unmarshal(data, new(json.RawMessage)); err != nil {
		return err // with the position
	}
	if loneSurrogate(data) {
		return errors.New(`half of a \u surrogate pair, which is no character`)
	}
	return nil
}

// UnmarshalDocument is Unmarshal for a document with its format version in one of its
// fields. Another version than the wanted one is an error.
func UnmarshalDocument(data []byte, v any, format *string, want string) error {
	if err := Unmarshal(data, v); err != nil {
		return err
	}
	return CheckFormat(*format, want)
}

// CheckFormat returns an error for a format version that is not the wanted one.
func CheckFormat(got, want string) error {
	switch got {
	case want:
		return nil
	case "":
		return Field("format", fmt.Errorf("missing; want %q", want))
	}
	return Field("format", fmt.Errorf("%s is not known; want %q", numeral.Shorten(got), want))
}

// A FieldError is a fault at a path, "list[1].a", which is empty for the document
// itself.
type FieldError struct {
	Path string
	Err  error
}

func (e *FieldError) Error() string {
	if e.Path == "" {
		return e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *FieldError) Unwrap() error { return e.Err }

// Field returns err as a FieldError, and nil if it is nil.
func Field(name string, err error) error {
	if err != nil {
		err = &FieldError{name, err}
	}
	return err
}

// A decoder collects faults.
type decoder struct{ faults []error }

// mostFaults is the number of faults that are listed.
const mostFaults = 100

func (d *decoder) fault(path string, err error) {
	switch len(d.faults) {
	case mostFaults:
		d.faults = append(d.faults, errors.New("and more faults"))
		return
	case mostFaults + 1:
		return
	}
	d.faults = append(d.faults, Field(path, err))
}

// decode reads one value of valid JSON into v, which is zero.
func (d *decoder) decode(path string, data []byte, v reflect.Value) {
	data = bytes.TrimSpace(data)
	var err error
	switch target := v.Addr().Interface().(type) {
	case *json.RawMessage:
		*target = bytes.Clone(data)
		return
	case json.Unmarshaler:
		err = target.UnmarshalJSON(data)
		if err == nil && data[0] == 'n' { // time.Time, for one, takes no notice of it
			err = errors.New("want a value, not null")
		}
		if _, isTime := target.(*time.Time); err != nil && isTime { // whose error repeats the text whole, and twice
			err = fmt.Errorf("want an RFC 3339 instant such as \"2014-05-27T20:13:00Z\", not %s", describe(data))
		}
		if err != nil {
			d.fault(path, err)
		}
		return
	case encoding.TextUnmarshaler:
		var text string
		if json.Unmarshal(data, &text) != nil || data[0] != '"' {
			err = fmt.Errorf("want a string, not %s", describe(data))
		} else {
			err = target.UnmarshalText([]byte(text))
		}
		if err != nil {
			d.fault(path, err)
		}
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(path, data, v.Elem())
		return
	}
	switch want, open := wants(v.Kind()); {
	case data[0] == 'n' || open != 0 && data[0] != open:
		d.fault(path, fmt.Errorf("want %s, not %s", want, describe(data)))
	case v.Kind() == reflect.Struct || v.Kind() == reflect.Map:
		d.object(path, data, v)
	case v.Kind() == reflect.Slice:
		d.array(path, data, v)
	default:
		if json.Unmarshal(data, v.Addr().Interface()) != nil {
			d.fault(path, fmt.Errorf("want %s, not %s", want, describe(data)))
		}
	}
}

// object reads an object into a struct, or into a map of texts to values.
func (d *decoder) object(path string, data []byte, v reflect.Value) {
	fields := map[string]reflect.Value{}
	isMap := v.Kind() == reflect.Map
	if isMap {
		v.Set(reflect.MakeMap(v.Type()))
	} else {
		collect(v, fields)
	}
	seen := map[string]bool{}
	parts := json.NewDecoder(bytes.NewReader(data))
	parts.Token()
	for parts.More() {
		key, _ := parts.Token()
		name := key.(string)
		var value json.RawMessage
		parts.Decode(&value)
		at := strings.TrimPrefix(path+"."+numeral.Plain(name), ".")
		field, known := fields[name]
		switch {
		case seen[name]:
			d.fault(path, fmt.Errorf("key %s comes twice", numeral.Shorten(name)))
		case isMap:
			element := reflect.New(v.Type().Elem()).Elem()
			d.decode(at, value, element)
			v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), element)
		case !known:
			d.fault(path, fmt.Errorf("unknown key %s", numeral.Shorten(name)))
		default:
			d.decode(at, value, field)
		}
		seen[name] = true
	}
}

// collect adds the fields of a struct by their JSON names, those of embedded
// structs included.
func collect(v reflect.Value, fields map[string]reflect.Value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			collect(v.Field(i), fields)
		case name != "" && name != "-":
			fields[name] = v.Field(i)
		}
	}
}

// array reads an array into a slice.
func (d *decoder) array(path string, data []byte, v reflect.Value) {
	var elements []json.RawMessage
	json.Unmarshal(data, &elements) //nolint:errcheck // it is valid, and starts as an array
	all := reflect.MakeSlice(v.Type(), len(elements), len(elements))
	for i, element := range elements {
		d.decode(fmt.Sprintf("%s[%d]", path, i), element, all.Index(i))
	}
	v.Set(all)
}

// wants returns the kind of JSON from which a kind of value is read, in words, and the
// character with which it starts, if that is always the same.
func wants(kind reflect.Kind) (words string, open byte) {
	switch kind {
	case reflect.Struct, reflect.Map:
		return "an object", '{'
	case reflect.Slice:
		return "an array", '['
	case reflect.String:
		return "a string", '"'
	case reflect.Bool:
		return "true or false", 0
	}
	return "a whole number", 0
}

// describe returns a value for an error; only strings are in quotes.
func describe(data []byte) string {
	switch data[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case 'n', 't', 'f':
		return string(data)
	case '"':
		var text string
		json.Unmarshal(data, &text) //nolint:errcheck // it is valid, and a string
		return "the string " + numeral.Shorten(text)
	}
	return "the number " + strings.ReplaceAll(numeral.Shorten(string(data)), `"`, "")
}

// loneSurrogate reports whether valid JSON escapes half of a surrogate pair,
// for which encoding/json would put another character.
func loneSurrogate(data []byte) bool {
	for {
		i := bytes.IndexByte(data, '\\')
		if i < 0 {
			return false
		}
		if first := escaped(data[i:]); !utf16.IsSurrogate(first) {
			data = data[i+2:]
		} else if utf16.DecodeRune(first, escaped(data[i+6:])) == utf8.RuneError {
			return true
		} else {
			data = data[i+12:]
		}
	}
}

// escaped returns the code unit of the \u escape with which valid JSON goes
// on, or 0.
func escaped(data []byte) rune {
	if !bytes.HasPrefix(data, []byte(`\u`)) {
		return 0
	}
	unit, _ := strconv.ParseUint(string(data[2:6]), 16, 16)
	return rune(unit)
}
