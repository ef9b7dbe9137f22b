package geo

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// Value is the value of one property: null, a boolean, an integer, a number, a
// string, a day or instant, or a list of strings. The zero value is null.
// Values are immutable; treat a list as shared.
//
// Each feature has some thirty, so that they are most of what a change leaves to the
// garbage collector: as log/slog's, they keep one of the things they can be in the same
// three words.
type Value struct {
	_ [0]func() // no ==, which would compare where texts stand
	// at is where the bytes of a string begin, or the strings of a list; n is how many
	// they are. Of others n is an integer, a boolean, Unix seconds of a day or instant,
	// or the bits of a number.
	at   unsafe.Pointer
	n    uint64
	kind kind
}

// integer, float, text and strings return what a value of such a kind holds; for those of
// others, zero.
func (v Value) integer() int64 {
	switch v.kind {
	case kindBool, kindInt, kindDate, kindDateTime:
		return int64(v.n)
	}
	return 0
}

func (v Value) float() float64 {
	if v.kind != kindNumber {
		return 0
	}
	return math.Float64frombits(v.n)
}

func (v Value) text() string {
	if v.kind != kindString {
		return ""
	}
	return unsafe.String((*byte)(v.at), int(v.n))
}

func (v Value) strings() []string {
	if v.kind != kindList {
		return nil
	}
	return unsafe.Slice((*string)(v.at), int(v.n))
}

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindInt
	kindNumber
	kindString
	kindDate
	kindDateTime
	kindList
)

// Null returns the null value.
func Null() Value { return Value{} }

// BoolValue returns b as a value.
func BoolValue(b bool) Value {
	v := Value{kind: kindBool}
	if b {
		v.n = 1
	}
	return v
}

// IntValue returns i as a value.
func IntValue(i int64) Value { return Value{kind: kindInt, n: uint64(i)} }

// NumberValue returns f as a value. NaN and the infinities, which JSON cannot
// say (RFC 8259 §6), become null.
func NumberValue(f float64) Value {
	if f != f || f-f != 0 {
		return Value{}
	}
	return Value{kind: kindNumber, n: math.Float64bits(f)}
}

// StringValue returns s as a value.
func StringValue(s string) Value {
	return Value{kind: kindString, at: unsafe.Pointer(unsafe.StringData(s)), n: uint64(len(s))}
}

// TextValue returns s as a value, and null for the empty string.
func TextValue(s string) Value {
	if s == "" {
		return Value{}
	}
	return StringValue(s)
}

// DateValue returns the day of t in UTC as a value, and null for the zero time.
func DateValue(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return Value{kind: kindDate, n: uint64(t.UTC().Truncate(24 * time.Hour).Unix())}
}

// DateTimeValue returns t, to the second, as a value, and null for the zero time.
func DateTimeValue(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return Value{kind: kindDateTime, n: uint64(t.Unix())}
}

// UnixValue returns the day or instant that Value.Unix tells of: seconds since
// 1970 in UTC, for PrecisionDay those of its midnight, else an instant. Unlike
// the others it has no null.
func UnixValue(seconds int64, p Precision) Value {
	if p == PrecisionDay {
		return Value{kind: kindDate, n: uint64(seconds)}
	}
	return Value{kind: kindDateTime, n: uint64(seconds)}
}

// ListValue returns the strings as a value, and null when there are none: an
// attribute table shows an empty cell for both.
func ListValue(ss []string) Value {
	if len(ss) == 0 {
		return Value{}
	}
	return Value{kind: kindList, at: unsafe.Pointer(unsafe.SliceData(slices.Clone(ss))), n: uint64(len(ss))}
}

// IsNull tells whether v is null.
func (v Value) IsNull() bool { return v.kind == kindNull }

// Bool returns the boolean that v is; ok is false for every other value.
func (v Value) Bool() (b, ok bool) { return v.integer() == 1, v.kind == kindBool }

// Int returns the integer that v is; ok is false for every other value.
func (v Value) Int() (i int64, ok bool) { return v.integer(), v.kind == kindInt }

// Float returns the integer or number that v is; ok is false for every other
// value. An integer beyond 2^53 is rounded.
func (v Value) Float() (f float64, ok bool) {
	if v.kind == kindInt {
		return float64(v.integer()), true
	}
	return v.float(), v.kind == kindNumber
}

// Str returns the string that v is; ok is false for every other value.
func (v Value) Str() (s string, ok bool) { return v.text(), v.kind == kindString }

// Unix returns the day or instant that v is, in seconds since 1970 in UTC: for
// a day, which p tells, its first second. ok is false for every other value.
func (v Value) Unix() (seconds int64, p Precision, ok bool) {
	if v.kind == kindDate {
		return v.integer(), PrecisionDay, true
	}
	return v.integer(), PrecisionInstant, v.kind == kindDateTime
}

// List returns the strings that v lists, for reading only; ok is false for
// every other value.
func (v Value) List() (ss []string, ok bool) { return v.strings(), v.kind == kindList }

// Equal tells whether v and o are the same value of the same type.
func (v Value) Equal(o Value) bool {
	if v.kind != o.kind {
		return false
	}
	switch v.kind {
	case kindNumber:
		return v.float() == o.float()
	case kindString:
		return v.text() == o.text()
	case kindList:
		return slices.Equal(v.strings(), o.strings())
	}
	return v.n == o.n
}

// Matches tells whether v satisfies the question "= want": it is that value, or
// a list that has it or whose text it is. Null matches nothing, not even null.
func (v Value) Matches(want Value) bool {
	switch {
	case v.IsNull():
		return false
	case v.kind == kindList && want.kind == kindString:
		return slices.Contains(v.strings(), want.text()) || v.Text() == want.text()
	case v.kind == kindInt && want.kind == kindNumber:
		return float64(v.integer()) == want.float()
	}
	return v.Equal(want)
}

// Text returns v for people and tables: the empty string for null, lists
// joined by "; ".
func (v Value) Text() string {
	switch v.kind {
	case kindString:
		return v.text()
	case kindList:
		return strings.Join(v.strings(), "; ")
	case kindNull:
		return ""
	}
	return strings.Trim(string(v.AppendJSON(nil)), `"`)
}

// AppendJSON appends v as JSON (RFC 8259): days as "YYYY-MM-DD", instants as
// RFC 3339 in UTC.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case kindBool:
		return strconv.AppendBool(dst, v.integer() == 1)
	case kindInt:
		return strconv.AppendInt(dst, v.integer(), 10)
	case kindNumber:
		return strconv.AppendFloat(dst, v.float(), 'f', -1, 64)
	case kindString:
		return AppendJSONString(dst, v.text())
	case kindDate:
		return time.Unix(v.integer(), 0).UTC().AppendFormat(dst, `"2006-01-02"`)
	case kindDateTime:
		return time.Unix(v.integer(), 0).UTC().AppendFormat(dst, `"2006-01-02T15:04:05Z"`)
	case kindList:
		dst = append(dst, '[')
		for i, s := range v.strings() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendJSONString(dst, s)
		}
		return append(dst, ']')
	}
	return append(dst, "null"...)
}

// ParseValue reads text, as it stands in a query parameter, as a value of the
// field's type. Its error names what would be right.
func ParseValue(text string, f *Field) (Value, error) {
	if len(f.Enum) > 0 {
		return parseEnum(text, f.Enum)
	}
	switch f.Type {
	case Integer:
		i, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return Value{}, fmt.Errorf("a whole number such as 12")
		}
		return IntValue(i), nil
	case Number:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || x != x || x-x != 0 {
			return Value{}, fmt.Errorf("a number such as 12.5")
		}
		return NumberValue(x), nil
	case Boolean:
		switch text {
		case "true":
			return BoolValue(true), nil
		case "false":
			return BoolValue(false), nil
		}
		return Value{}, fmt.Errorf("true or false")
	case Date:
		t, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return Value{}, fmt.Errorf("a day as YYYY-MM-DD")
		}
		return DateValue(t), nil
	case DateTime:
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return Value{}, fmt.Errorf("an instant as in RFC 3339, such as 2022-09-16T14:00:00Z")
		}
		return DateTimeValue(t), nil
	}
	return StringValue(text), nil
}

// ParseJSONValue reads a value of the field's type as AppendJSON wrote it.
func ParseJSONValue(b []byte, f *Field) (Value, error) {
	switch f.Type {
	case Integer, Number, Boolean:
		return ParseValue(string(b), &Field{Type: f.Type})
	case StringList:
		var ss []string
		err := json.Unmarshal(b, &ss)
		return ListValue(ss), err
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return Value{}, err
	}
	return ParseValue(s, &Field{Type: f.Type})
}

// parseEnum accepts text only as a word of the vocabulary.
func parseEnum(text string, terms []Term) (Value, error) {
	ids := make([]string, len(terms))
	for i, t := range terms {
		if t.ID == text {
			return StringValue(text), nil
		}
		ids[i] = t.ID
	}
	return Value{}, fmt.Errorf("one of %s", strings.Join(ids, ", "))
}
