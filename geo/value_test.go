package geo_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"demarc/geo"
)

var moment = time.Date(2022, 9, 16, 14, 30, 15, 999, time.FixedZone("KG", 6*3600))

func TestValueAppendJSON(t *testing.T) {
	for name, c := range map[string]struct {
		v          geo.Value
		json, text string
	}{
		"null":                           {geo.Null(), `null`, ""},
		"zero value":                     {geo.Value{}, `null`, ""},
		"true":                           {geo.BoolValue(true), `true`, "true"},
		"false":                          {geo.BoolValue(false), `false`, "false"},
		"integer":                        {geo.IntValue(-12), `-12`, "-12"},
		"largest integer":                {geo.IntValue(math.MaxInt64), `9223372036854775807`, "9223372036854775807"},
		"number":                         {geo.NumberValue(12.5), `12.5`, "12.5"},
		"small number has no exponent":   {geo.NumberValue(1e-7), `0.0000001`, "0.0000001"},
		"NaN is null":                    {geo.NumberValue(nan), `null`, ""},
		"infinity is null":               {geo.NumberValue(math.Inf(-1)), `null`, ""},
		"string":                         {geo.StringValue(`Ворух "x"`), `"Ворух \"x\""`, `Ворух "x"`},
		"empty string":                   {geo.StringValue(""), `""`, ""},
		"empty text is null":             {geo.TextValue(""), `null`, ""},
		"text":                           {geo.TextValue("a"), `"a"`, "a"},
		"string that could end a script": {geo.StringValue("</script>"), `"\u003c/script\u003e"`, "</script>"},
		"string that is not UTF-8":       {geo.StringValue("a\xffb"), `"a\ufffdb"`, "a\xffb"},
		"day, in UTC":                    {geo.DateValue(moment), `"2022-09-16"`, "2022-09-16"},
		"day before in UTC":              {geo.DateValue(time.Date(2022, 9, 16, 2, 0, 0, 0, moment.Location())), `"2022-09-15"`, "2022-09-15"},
		"no day":                         {geo.DateValue(time.Time{}), `null`, ""},
		"instant":                        {geo.DateTimeValue(moment), `"2022-09-16T08:30:15Z"`, "2022-09-16T08:30:15Z"},
		"no instant":                     {geo.DateTimeValue(time.Time{}), `null`, ""},
		"list":                           {geo.ListValue([]string{"KG", `T"J`}), `["KG","T\"J"]`, `KG; T"J`},
		"empty list is null":             {geo.ListValue([]string{}), `null`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := string(c.v.AppendJSON([]byte("x"))); got != "x"+c.json {
				t.Errorf("AppendJSON = %s, want x%s", got, c.json)
			}
			if got := c.v.Text(); got != c.text {
				t.Errorf("Text() = %q, want %q", got, c.text)
			}
			if got, want := c.v.IsNull(), c.json == "null"; got != want {
				t.Errorf("IsNull() = %v, want %v", got, want)
			}
		})
	}
}

func TestListValueKeepsItsOwnStrings(t *testing.T) {
	list := []string{"KG", "TJ"}
	v := geo.ListValue(list)
	list[0] = "UZ"
	if got := v.Text(); got != "KG; TJ" {
		t.Errorf("the value changed with the caller's list: %s", got)
	}
}

func TestValueMatches(t *testing.T) {
	list := geo.ListValue([]string{"KG", "TJ"})
	for name, c := range map[string]struct {
		v, want geo.Value
		match   bool
	}{
		"same string":                     {geo.StringValue("a"), geo.StringValue("a"), true},
		"strings match by case":           {geo.StringValue("a"), geo.StringValue("A"), false},
		"same integer":                    {geo.IntValue(3), geo.IntValue(3), true},
		"other integer":                   {geo.IntValue(3), geo.IntValue(4), false},
		"integer as a number":             {geo.IntValue(3), geo.NumberValue(3), true},
		"integer as a number with a rest": {geo.IntValue(3), geo.NumberValue(3.5), false},
		"integer is no string":            {geo.IntValue(3), geo.StringValue("3"), false},
		"list has it":                     {list, geo.StringValue("TJ"), true},
		"list does not have it":           {list, geo.StringValue("T"), false},
		"list and the same list":          {list, geo.ListValue([]string{"KG", "TJ"}), true},
		"list in another order":           {list, geo.ListValue([]string{"TJ", "KG"}), false},
		"day":                             {geo.DateValue(day(16)), geo.DateValue(day(16)), true},
		"day is no instant":               {geo.DateValue(day(16)), geo.DateTimeValue(day(16)), false},
		"true is not 1":                   {geo.BoolValue(true), geo.IntValue(1), false},
		"null matches nothing":            {geo.Null(), geo.StringValue(""), false},
		"null does not even match null":   {geo.Null(), geo.Null(), false},
		"the empty string is not null":    {geo.StringValue(""), geo.Null(), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.v.Matches(c.want); got != c.match {
				t.Errorf("%s.Matches(%s) = %v", c.v.AppendJSON(nil), c.want.AppendJSON(nil), got)
			}
		})
	}
}

func TestParseValue(t *testing.T) {
	enum := []geo.Term{{ID: "killed", Title: "Killed"}, {ID: "wounded", Title: "Wounded"}}
	for name, c := range map[string]struct {
		field geo.Field
		text  string
		want  string // as JSON
		mend  string // part of the error, empty for none
	}{
		"integer":                 {geo.Field{Type: geo.Integer}, "12", `12`, ""},
		"integer with a fraction": {geo.Field{Type: geo.Integer}, "12.5", "", "whole number"},
		"integer too large":       {geo.Field{Type: geo.Integer}, "9223372036854775808", "", "whole number"},
		"integer, empty":          {geo.Field{Type: geo.Integer}, "", "", "whole number"},
		"number":                  {geo.Field{Type: geo.Number}, "-0.5", `-0.5`, ""},
		"number NaN":              {geo.Field{Type: geo.Number}, "NaN", "", "number such as"},
		"number infinite":         {geo.Field{Type: geo.Number}, "Inf", "", "number such as"},
		"number too large":        {geo.Field{Type: geo.Number}, "1e999", "", "number such as"},
		"number in words":         {geo.Field{Type: geo.Number}, "many", "", "number such as"},
		"true":                    {geo.Field{Type: geo.Boolean}, "true", `true`, ""},
		"false":                   {geo.Field{Type: geo.Boolean}, "false", `false`, ""},
		"boolean as a digit":      {geo.Field{Type: geo.Boolean}, "1", "", "true or false"},
		"day":                     {geo.Field{Type: geo.Date}, "2022-09-16", `"2022-09-16"`, ""},
		"day that does not exist": {geo.Field{Type: geo.Date}, "2022-02-30", "", "YYYY-MM-DD"},
		"month for a day":         {geo.Field{Type: geo.Date}, "2022-09", "", "YYYY-MM-DD"},
		"instant":                 {geo.Field{Type: geo.DateTime}, "2022-09-16T14:00:00+06:00", `"2022-09-16T08:00:00Z"`, ""},
		"instant without a zone":  {geo.Field{Type: geo.DateTime}, "2022-09-16T14:00:00", "", "RFC 3339"},
		"string":                  {geo.Field{}, "", `""`, ""},
		"member of a list":        {geo.Field{Type: geo.StringList}, "KG", `"KG"`, ""},
		"word":                    {geo.Field{Enum: enum}, "killed", `"killed"`, ""},
		"word unknown":            {geo.Field{Enum: enum}, "Killed", "", "one of killed, wounded"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := geo.ParseValue(c.text, &c.field)
			if c.mend != "" {
				if err == nil || !strings.Contains(err.Error(), c.mend) || !v.IsNull() {
					t.Errorf("ParseValue(%q) = %s, %v, want an error that says %q", c.text, v.AppendJSON(nil), err, c.mend)
				}
				return
			}
			if got := string(v.AppendJSON(nil)); err != nil || got != c.want {
				t.Errorf("ParseValue(%q) = %s, %v, want %s", c.text, got, err, c.want)
			}
		})
	}
}

// What a value says of itself, as a query parameter, finds it again.
func TestParseValueReadsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "seconds")
		tm := time.Unix(seconds, 0)
		for typ, v := range map[geo.Type]geo.Value{
			geo.Integer:  geo.IntValue(rapid.Int64().Draw(t, "integer")),
			geo.Number:   geo.NumberValue(rapid.Float64().Draw(t, "number")),
			geo.Boolean:  geo.BoolValue(rapid.Bool().Draw(t, "boolean")),
			geo.Date:     geo.DateValue(tm),
			geo.DateTime: geo.DateTimeValue(tm),
			geo.String:   geo.StringValue(rapid.String().Draw(t, "string")),
		} {
			got, err := geo.ParseValue(v.Text(), &geo.Field{Type: typ})
			if err != nil || !v.Matches(got) {
				t.Fatalf("%s %s: read back as %s, %v", typ, v.AppendJSON(nil), got.AppendJSON(nil), err)
			}
		}
	})
}

func TestAppendJSONStringIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		b := geo.AppendJSONString(nil, s)
		var back string
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatalf("%q became %s: %v", s, b, err)
		}
		if utf8.ValidString(s) && back != s {
			t.Fatalf("%q read back as %q", s, back)
		}
		if strings.ContainsAny(string(b), "<>&\u2028\u2029") {
			t.Fatalf("%s can end a script element", b)
		}
	})
}

func TestSchemaIndex(t *testing.T) {
	sc := geo.Schema{Fields: []geo.Field{{Name: "id"}, {Name: "killed_low", Type: geo.Integer}}}
	if got := sc.Index("killed_low"); got != 1 {
		t.Errorf(`Index("killed_low") = %d, want 1`, got)
	}
	if got := sc.Index("Killed_low"); got != -1 {
		t.Errorf(`Index("Killed_low") = %d, want -1`, got)
	}
}

func TestTypeNames(t *testing.T) {
	var got []string
	for typ := geo.String; typ <= geo.StringList; typ++ {
		got = append(got, typ.String())
	}
	want := []string{"string", "integer", "number", "boolean", "date", "date-time", "list of strings"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names of the types (-want +got):\n%s", diff)
	}
}

func ExampleParseValue() {
	field := geo.Field{Name: "killed_low", Type: geo.Integer}
	_, err := geo.ParseValue("many", &field)
	fmt.Println("write", err)
	// Output: write a whole number such as 12
}

// A value answers as the one type that it is of.
func TestValueAccessors(t *testing.T) {
	for name, v := range map[string]geo.Value{
		"null": geo.Null(), "bool": geo.BoolValue(true), "int": geo.IntValue(1), "number": geo.NumberValue(1.5), "string": geo.StringValue("x"),
		"date": geo.DateValue(moment), "date-time": geo.DateTimeValue(moment), "list": geo.ListValue([]string{"KG"}),
	} {
		b, isBool := v.Bool()
		i, isInt := v.Int()
		f, isFloat := v.Float()
		s, isString := v.Str()
		seconds, precision, isTime := v.Unix()
		list, isList := v.List()
		got := fmt.Sprint(isBool, isInt, isFloat, isString, isTime, isList)
		want := map[string]string{
			"null": "false false false false false false", "bool": "true false false false false false", "int": "false true true false false false",
			"number": "false false true false false false", "string": "false false false true false false", "date": "false false false false true false",
			"date-time": "false false false false true false", "list": "false false false false false true",
		}[name]
		if got != want {
			t.Errorf("%s answers as bool, int, float, string, time, list: %s, want %s", name, got, want)
		}
		if isBool && !b || isInt && (i != 1 || f != 1) || isFloat && !isInt && f != 1.5 || isString && s != "x" || isList && (len(list) != 1 || list[0] != "KG") {
			t.Errorf("%s is %v, %v, %v, %q, %v", name, b, i, f, s, list)
		}
		if !isBool && !isInt && b || !isInt && !isBool && !isTime && i != 0 || !isFloat && f != 0 || !isString && s != "" || !isList && list != nil {
			t.Errorf("%s is also %v, %v, %v, %q, %v", name, b, i, f, s, list)
		}
		if name == "date" && (seconds != moment.Unix()/86400*86400 || precision != geo.PrecisionDay) ||
			name == "date-time" && (seconds != moment.Unix() || precision != geo.PrecisionInstant) {
			t.Errorf("%s is %d seconds, %v", name, seconds, precision)
		}
	}
}
