package cql2_test

import (
	"testing"
	"time"

	"demarc/geo"
)

// TestPartsOfValues asks each value for each part: only its own answers. The methods
// are geo's and were added for this package.
func TestPartsOfValues(t *testing.T) {
	at := time.Date(2022, 9, 16, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		v    geo.Value
		want string // the parts that answer
	}{
		{geo.Null(), ""}, {geo.BoolValue(true), "bool"}, {geo.IntValue(3), "int float"}, {geo.NumberValue(2.5), "float"},
		{geo.StringValue("x"), "string"}, {geo.DateValue(at), "day"}, {geo.DateTimeValue(at), "instant"}, {geo.ListValue([]string{"x"}), "list"},
	} {
		got := ""
		add := func(name string, ok bool) {
			if ok && got != "" {
				got += " "
			}
			if ok {
				got += name
			}
		}
		b, ok := c.v.Bool()
		add("bool", ok && b)
		i, ok := c.v.Int()
		add("int", ok && i == 3)
		f, ok := c.v.Float()
		add("float", ok && (f == 3 || f == 2.5))
		s, ok := c.v.Str()
		add("string", ok && s == "x")
		seconds, p, ok := c.v.Unix()
		add("day", ok && p == geo.PrecisionDay && seconds == at.Truncate(24*time.Hour).Unix())
		add("instant", ok && p == geo.PrecisionInstant && seconds == at.Unix())
		list, ok := c.v.List()
		add("list", ok && len(list) == 1 && list[0] == "x")
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.v.AppendJSON(nil), got, c.want)
		}
	}
}
