package cql2_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
)

// batken is a feature of testSchema with a value for everything but the title.
func batken() *geo.Feature {
	day := func(s string) time.Time { t, _ := time.Parse(time.DateOnly, s); return t }
	f := &geo.Feature{ID: "x", Geometry: orb.Point{70, 40}, Values: make([]geo.Value, len(testSchema().Fields))}
	for name, v := range map[string]geo.Value{
		"id": geo.StringValue("2022-09-16-batken"), "in": geo.StringValue("Баткен, Ҷамоати Чоркӯҳ"),
		"killed_high": geo.IntValue(9), "killed_low": geo.IntValue(7), "uncertainty_km": geo.NumberValue(2.5),
		"disputed": geo.BoolValue(true), "start": geo.DateValue(day("2022-09-14")), "end": geo.DateValue(day("2022-09-17")),
		"reported": geo.DateTimeValue(time.Date(2022, 9, 16, 14, 0, 0, 0, time.UTC)), "parties": geo.ListValue([]string{"kg", "tj"}),
	} {
		f.Values[testSchema().Index(name)] = v
	}
	return f
}

// TestMeaning asks filters of batken, by Eval and by Compile.
func TestMeaning(t *testing.T) {
	const yes, no, unknown = cql2.True, cql2.False, cql2.Unknown
	for _, c := range []struct {
		filter string
		want   cql2.Truth
	}{
		// §6.2: three values.
		{"title = 'x'", unknown}, {"NOT title = 'x'", unknown}, {"title = 'x' OR TRUE", yes}, {"title = 'x' AND FALSE", no},
		{"title = 'x' AND TRUE", unknown}, {"title = 'x' OR FALSE", unknown}, {"title IS NULL", yes}, {"title IS NOT NULL", no},
		{"(title = 'x') IS NULL", yes}, {"title IN ('x')", unknown}, {"title LIKE '%'", unknown}, {"CASEI(title) = 'x'", unknown},
		{"disputed", yes}, {"NOT disputed", no}, {"disputed = TRUE", yes}, {"disputed > FALSE", yes},
		{"NOT (killed_low > 5 OR title = 'x')", no},
		// IN is unknown only if no member is equal and one is null.
		{"killed_low IN (7, 8)", yes}, {"killed_low NOT IN (7, 8)", no}, {"id IN ('a', title)", unknown}, {"id IN (id, title)", yes},
		// Numbers.
		{"killed_high = 9.0", yes}, {"killed_high = 9E0", yes}, {"killed_low + 2 = killed_high", yes}, {"killed_high / 2 = 4.5", yes},
		{"killed_high div 2 = 4", yes}, {"killed_high % 4 = 1", yes}, {"-killed_high % 4 = -1", yes}, {"-killed_high div 2 = -4", yes},
		{"2 ^ 3 = 8", yes}, {"-2 ^ 2 = 4", yes}, {"2 ^ -1 = 0.5", yes}, {"1 - 2 - 3 = -4", yes}, {"2 + 3 * 4 = 14", yes}, {"(2 + 3) * 4 = 20", yes},
		{"killed_high / 0 = 1", unknown}, {"killed_high % 0 = 1", unknown}, {"10 ^ 400 > 1", unknown}, {"0 / 0 = 0", unknown},
		{"killed_high BETWEEN 9 AND 10", yes}, {"killed_high BETWEEN 10 AND 9", no}, {"killed_high NOT BETWEEN 1 AND 5", yes},
		{"9007199254740993 = 9007199254740992", no}, {"9007199254740993 > 9007199254740992", yes}, {"9223372036854775807 < 9223372036854775808", yes},
		// Text is compared by code points.
		{"'ё' = 'е'", no}, {"'Z' < 'a'", yes}, {"id LIKE '2022-09-__-%'", yes}, {"id NOT LIKE '2022%'", no}, {`'a_b' LIKE 'a\_b'`, yes}, {`'axb' LIKE 'a\_b'`, no},
		{"CASEI(\"in\") LIKE CASEI('%ҷАМОАТИ%')", yes}, {"\"in\" LIKE '%ҷамоати%'", no},
		{"'it''s' = 'it\\'s'", yes}, {`'\\' LIKE '\\'`, yes}, {`'\t' = '	'`, yes}, {`'\\t' LIKE '_t'`, yes}, {`'\z' LIKE '_z'`, yes},
		// Instants: days are compared where one is a date.
		{"start = DATE('2022-09-14')", yes}, {"start = '2022-09-14'", yes}, {"start = '2022/09/14'", yes}, {"reported = DATE('2022-09-16')", yes},
		{"reported <= DATE('2022-09-16')", yes}, {"reported < DATE('2022-09-16')", no}, {"reported > DATE('2022-09-16')", no}, {"reported > DATE('2022-09-15')", yes},
		{"start < TIMESTAMP('2022-09-14T10:00:00Z')", no}, {"start = TIMESTAMP('2022-09-14T10:00:00Z')", yes},
		{"reported = TIMESTAMP('2022-09-16T14:00:00Z')", yes}, {"reported = TIMESTAMP('2022-09-16T20:00:00+06:00')", yes}, {"reported < TIMESTAMP('2022-09-16T14:00:00.5Z')", yes},
		{"reported = '2022/09/16 14:00:00'", yes}, {"start > TIMESTAMP('0000-01-01T00:00:00Z') AND start < TIMESTAMP('9999-12-31T00:00:00Z')", yes},
		{"start BETWEEN '2022-09-01' AND '2022-09-30'", yes}, {"start IN (DATE('2022-09-14'))", yes},
		// §7.8: spans.
		{"T_INTERSECTS(INTERVAL(start, \"end\"), INTERVAL('2022-09-17', '..'))", yes}, {"T_INTERSECTS(INTERVAL(start, \"end\"), INTERVAL('2022-09-18', '..'))", no},
		{"T_DISJOINT(INTERVAL(start, \"end\"), DATE('2022-09-13'))", yes}, {"T_MEETS(INTERVAL(start, \"end\"), INTERVAL('2022-09-17', '2022-09-20'))", yes},
		{"T_DURING(reported, INTERVAL('2022-09-14', '2022-09-17'))", yes}, {"T_CONTAINS(INTERVAL('..', '..'), start)", yes}, {"T_EQUALS(INTERVAL('..', '..'), INTERVAL('..', '..'))", yes},
		{"T_EQUALS(start, INTERVAL('2022-09-14', '2022-09-14'))", yes}, {"T_STARTS(start, INTERVAL(start, \"end\"))", yes}, {"T_AFTER(reported, '2022-09-15')", yes},
		// §7.9: sets.
		{"parties = 'kg; tj'", yes}, {"parties = 'kg'", no}, {"parties LIKE '%tj%'", yes}, {"CASEI(parties) = 'KG; TJ'", no}, {"CASEI(parties) = CASEI('KG; TJ')", yes},
		{"parties IN ('kg; tj')", yes}, {"parties IS NULL", no},
		{"A_CONTAINS(parties, ('kg'))", yes}, {"A_CONTAINS(parties, ('kg', 'uz'))", no}, {"A_OVERLAPS(parties, ('kg', 'uz'))", yes}, {"A_EQUALS(parties, ('tj', 'kg', 'tj'))", yes},
		{"A_CONTAINEDBY(parties, ('tj', 'kg', 'uz'))", yes}, {"A_CONTAINEDBY(('kg'), parties)", yes}, {"A_CONTAINS(parties, ())", yes}, {"A_OVERLAPS(parties, ())", no},
		{"A_OVERLAPS((killed_high, 5), (9))", yes}, {"A_OVERLAPS(('x', title), ('x'))", unknown}, {"A_CONTAINS(parties, (1))", no},
		// §7.7: geometries.
		{"S_INTERSECTS(geometry, BBOX(69, 39, 71, 41))", yes}, {"S_WITHIN(geometry, BBOX(70, 39, 71, 41))", no}, {"S_TOUCHES(geometry, BBOX(70, 39, 71, 41))", yes},
		{"S_INTERSECTS(geometry, BBOX(170, 39, 71, 41))", yes}, {"S_INTERSECTS(geometry, BBOX(170, 39, -170, 41))", no}, {"S_DISJOINT(geometry, POINT EMPTY)", yes},
		{"S_INTERSECTS(geometry, POLYGON EMPTY)", no}, {"S_EQUALS(POINT EMPTY, LINESTRING EMPTY)", yes}, {"S_EQUALS(geometry, POINT Z (70 40 900))", yes},
		{"S_EQUALS(geometry, MULTIPOINT(70 40, (70 40)))", yes}, {"S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(69 40, 71 40)))", yes},
		{"S_WITHIN(BBOX(1,1,1,1), BBOX(0,0,2,2))", yes}, {"S_CROSSES(BBOX(-1,1,3,1), BBOX(0,0,2,2))", yes},
		// Ours.
		{"distance_m(geometry, POINT(70 41)) BETWEEN 111044 AND 111045", yes}, {"dwithin(POINT(70 41), geometry, 111045)", yes}, {"dwithin(geometry, POINT(70 41), 111044)", no},
		{"dwithin(geometry, POINT(70 41), killed_high * 20000)", yes}, {"dwithin(geometry, POINT(70 41), killed_high * 1000)", no},
		{"distance_m(geometry, POLYGON((69 39,71 39,71 41,69 41,69 39))) = 0", yes}, {"distance_m(geometry, POINT EMPTY) = 0", unknown},
		{"length_m(LINESTRING(70 40, 70 41)) BETWEEN 111044 AND 111045", yes}, {"area_m2(geometry) = 0", yes}, {"area_m2(BBOX(70,40,71,41)) BETWEEN 9.4E9 AND 9.5E9", yes},
	} {
		e, err := cql2.ParseText(c.filter, testSchema())
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		if got := cql2.Eval(e, batken()); got != c.want {
			t.Errorf("Eval: %s: got %v, want %v", c.filter, got, c.want)
		}
		if got := cql2.Compile(e).Truth(batken()); got != c.want {
			t.Errorf("Compile: %s: got %v, want %v", c.filter, got, c.want)
		}
		roundTrips(t, e, testSchema())
	}
}

func TestNoGeometryIsUnknown(t *testing.T) {
	f := batken()
	f.Geometry = nil
	for _, filter := range []string{
		"S_INTERSECTS(geometry, BBOX(0,0,1,1))", "S_DISJOINT(geometry, POINT(1 1))", "S_EQUALS(geometry, POINT EMPTY)",
		"dwithin(geometry, POINT(1 1), 5)", "length_m(geometry) = 0", "S_WITHIN(geometry, geometry)",
	} {
		e, err := cql2.ParseText(filter, testSchema())
		if err != nil {
			t.Fatal(err)
		}
		if slow, fast := cql2.Eval(e, f), cql2.Compile(e).Truth(f); slow != cql2.Unknown || fast != cql2.Unknown {
			t.Errorf("%s: got %v and %v, want unknown", filter, slow, fast)
		}
	}
	e, _ := cql2.ParseText("geometry IS NULL", testSchema())
	if cql2.Eval(e, f) != cql2.True || cql2.Compile(e).Truth(f) != cql2.True {
		t.Error("geometry IS NULL is not true")
	}
	if short := (&geo.Feature{}); cql2.Compile(e).Truth(short) != cql2.True || cql2.Eval(e, short) != cql2.True {
		t.Error("a feature without values is not all null")
	}
}

// TestFormat asks for the canonical text of what can be written in several ways.
func TestFormat(t *testing.T) {
	for _, c := range []struct{ filter, want string }{
		{"(((disputed)))and(not(title is null))", "disputed AND title IS NOT NULL"},
		{"disputed or disputed and disputed or disputed", "disputed OR disputed AND disputed OR disputed"},
		{"disputed and (disputed and disputed)", "disputed AND disputed AND disputed"},
		{"disputed and (disputed or disputed)", "disputed AND (disputed OR disputed)"},
		{"not (title like 'x%')", "title NOT LIKE 'x%'"}, {"not not disputed", "NOT (NOT disputed)"},
		{"- killed_low - (1 - 2) > (2*3)+1", "-1 * killed_low - (1 - 2) > 2 * 3 + 1"},
		{`"in" = 'x' and "title" = 'it\'s'`, `"in" = 'x' AND title = 'it''s'`},
		{"s_intersects(geometry,point z(1.50 2 3))", "S_INTERSECTS(geometry, POINT(1.5 2))"},
		{"t_during(start,interval('..','2022-09-14T06:00:00+06:00'))", "T_DURING(start, INTERVAL('..', '2022-09-14T00:00:00Z'))"},
		{"A_CONTAINS(parties,('kg'))", "A_CONTAINS(parties, ('kg'))"}, {"(NOT (disputed))", "NOT disputed"},
		{"S_WITHIN(geometry, MULTIPOINT((1 2),(3 4)))", "S_WITHIN(geometry, MULTIPOINT((1 2), (3 4)))"},
		{"killed_low = 1.0E3 or killed_low = .5", "killed_low = 1000 OR killed_low = 0.5"},
	} {
		e, err := cql2.ParseText(c.filter, testSchema())
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
		} else if got := cql2.Format(e); got != c.want {
			t.Errorf("%s: got %s, want %s", c.filter, got, c.want)
		}
	}
}

func TestWithGeometryNamesTheProperty(t *testing.T) {
	if _, err := cql2.ParseText("S_INTERSECTS(geom, POINT(1 2))", testSchema()); err == nil {
		t.Error("geom is known without the option")
	}
	if _, err := cql2.ParseText("S_INTERSECTS(geom, POINT(1 2))", testSchema(), cql2.WithGeometry("geom")); err != nil {
		t.Error(err)
	}
}

func TestFunctionsAreDescribed(t *testing.T) {
	for _, f := range cql2.Functions() {
		if f.Doc == "" || f.Returns == "" || len(f.Args) == 0 {
			t.Errorf("%+v", f)
		}
		for _, a := range f.Args {
			if a.Doc == "" || !strings.Contains("string number geometry", a.Type) {
				t.Errorf("%s: %+v", f.Name, a)
			}
		}
	}
}

// TestFilterIsSafeForConcurrentUse means something under the race detector only.
func TestFilterIsSafeForConcurrentUse(t *testing.T) {
	e, err := cql2.ParseText(`(S_INTERSECTS(geometry, POLYGON((69 39,71 39,71 41,69 39))) AND S_OVERLAPS(geometry, BBOX(0,0,1,1))
		OR S_TOUCHES(geometry, POLYGON((69 39,71 39,71 41,69 39))) OR CASEI("in") LIKE '%ß_%' OR dwithin(geometry, LINESTRING(1 1,2 2), 5))
		AND id IN ('a','b') OR A_CONTAINS(parties, ('kg','uz'))`, testSchema())
	if err != nil {
		t.Fatal(err)
	}
	filter := cql2.Compile(e)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				f := batken()
				f.Geometry = orb.LineString{{69, 39}, {70.5, 40}}
				if got, want := filter.Truth(f), cql2.Eval(e, f); got != want {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	wait.Wait()
}
