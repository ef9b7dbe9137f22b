package csv_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/csv"
	"demarc/geo/format/formattest"
)

// encode returns what an encoder writes for the features.
func encode(t testing.TB, sc *geo.Schema, opts csv.Options, fs ...geo.Feature) string {
	t.Helper()
	var b bytes.Buffer
	e := csv.NewEncoder(&b, sc, opts)
	for i := range fs {
		if err := e.Encode(&fs[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAFeatureOfEveryType(t *testing.T) {
	when := time.Date(2022, 9, 16, 14, 0, 0, 0, time.UTC)
	got := encode(t, formattest.Schema(), csv.Options{}, geo.Feature{ID: "inc-1", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{
		geo.StringValue(`Обстрел у "Ак-Сай", день`), geo.StringValue("Ак-Сай"), geo.IntValue(-12), geo.NumberValue(0.1),
		geo.BoolValue(true), geo.DateValue(when), geo.DateTimeValue(when), geo.ListValue([]string{"KG", `T"J`}),
	}}, geo.Feature{ID: "inc-2", Values: make([]geo.Value, 8)})
	want := "id,title,место,killed_low,uncertainty_km,confirmed,start,recorded,parties,lon,lat,WKT\r\n" +
		`inc-1,"Обстрел у ""Ак-Сай"", день",Ак-Сай,-12,0.1,true,2022-09-16,2022-09-16T14:00:00Z,"[""KG"",""T\""J""]",70.5,40.25,POINT(70.5 40.25)` + "\r\n" +
		"inc-2,,,,,,,,,,,\r\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFormulasAreGuarded(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "text"}}}
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "\"'\t=1\"", "\r=1": "\"'\r=1\"",
		"\n=1": "\"'\n=1\"", "＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x",
		`=HYPERLINK("http://x")`: `"'=HYPERLINK(""http://x"")"`, "=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0",
		"-71.5": "'-71.5", "a\n=1": "\"a\n=1\"", " =1": "' =1", "'=1": "''=1", "'": "'", "'x": "'x", "1-2": "1-2", "": `""`,
		"O'Neill": "O'Neill", " x": `" x"`, "a;=1": `"a;=1"`, "\xff=": "\uFFFD=", "\uFEFF=1": "'\uFEFF=1",
	} {
		got := encode(t, sc, csv.Options{Columns: csv.WKTOnly}, geo.Feature{ID: "i", Values: []geo.Value{geo.StringValue(in)}})
		if got != "id,text,WKT\r\ni,"+want+",\r\n" {
			t.Errorf("%q became %q, want the cell %q", in, got, want)
		}
	}
}

func TestNumbersAreNotGuarded(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "n", Type: geo.Number}, {Name: "=s", Type: geo.Number}}}
	got := encode(t, sc, csv.Options{Columns: csv.PositionOnly},
		geo.Feature{ID: "=i", Geometry: orb.Point{-71.5, -1}, Values: []geo.Value{geo.NumberValue(-71.5), geo.StringValue("-71.5")}})
	if want := "id,n,'=s,lon,lat\r\n'=i,-71.5,'-71.5,-71.5,-1\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestColumns(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "id"}, {Name: "Lon"}, {Name: "wkt"}}}
	fs := []geo.Feature{
		{ID: "a", Geometry: orb.Point{70, 40}, Values: []geo.Value{geo.StringValue("a"), {}, {}}},
		{ID: "b", Geometry: orb.LineString{{70, 40}, {71, 41}}, Values: []geo.Value{geo.StringValue("b"), {}, {}}},
	}
	for columns, want := range map[csv.Columns]string{
		csv.PositionAndWKT: "id,Lon,wkt,lon_,lat,WKT_\r\na,,,70,40,POINT(70 40)\r\nb,,,,,\"LINESTRING(70 40,71 41)\"\r\n",
		csv.PositionOrWKT:  "id,Lon,wkt,lon_,lat,WKT_\r\na,,,70,40,\r\nb,,,,,\"LINESTRING(70 40,71 41)\"\r\n",
		csv.PositionOnly:   "id,Lon,wkt,lon_,lat\r\na,,,70,40\r\nb,,,,\r\n",
		csv.WKTOnly:        "id,Lon,wkt,WKT_\r\na,,,POINT(70 40)\r\nb,,,\"LINESTRING(70 40,71 41)\"\r\n",
	} {
		if got := encode(t, sc, csv.Options{Columns: columns}, fs...); got != want {
			t.Errorf("columns %d: got %q, want %q", columns, got, want)
		}
	}
	got := encode(t, sc, csv.Options{Columns: csv.WKTOnly, ID: "fid"}, fs[0])
	if want := "fid,id,Lon,wkt,WKT_\r\na,a,,,POINT(70 40)\r\n"; got != want {
		t.Errorf("own ID column: got %q, want %q", got, want)
	}
}

func TestCRSIsEastFirst(t *testing.T) {
	sc := &geo.Schema{}
	f := geo.Feature{ID: "a", Geometry: orb.Point{70, 40}}
	if got, want := encode(t, sc, csv.Options{CRS: crs.EPSG4326}, f), "id,lon,lat,WKT\r\na,70,40,POINT(70 40)\r\n"; got != want {
		t.Errorf("EPSG:4326: got %q, want %q", got, want)
	}
	got := encode(t, sc, csv.Options{CRS: crs.EPSG28412, Columns: csv.PositionOnly}, f)
	if want := "id,x,y\r\na,12585"; !strings.HasPrefix(got, want) {
		t.Errorf("EPSG:28412: got %q, want %q…", got, want)
	}
}

func TestBOMAndNoFeatures(t *testing.T) {
	got := encode(t, &geo.Schema{}, csv.Options{BOM: true})
	if want := "\uFEFFid,lon,lat,WKT\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAFaultyFeatureLeavesNoTrace(t *testing.T) {
	var b bytes.Buffer
	e := csv.NewEncoder(&b, &geo.Schema{}, csv.Options{CRS: crs.EPSG32642, Columns: csv.WKTOnly})
	var input *geo.InputError
	if err := e.Encode(&geo.Feature{ID: "far", Geometry: orb.Point{-110, 40}}); !errors.As(err, &input) {
		t.Errorf("a position on the other side of the Earth: %v, want an InputError", err)
	}
	if err := e.Encode(&geo.Feature{ID: "short", Values: make([]geo.Value, 1)}); err == nil {
		t.Error("too many values: no error")
	}
	if err := errors.Join(e.Encode(&geo.Feature{ID: "good"}), e.Close(), e.Close()); err != nil {
		t.Error(err)
	}
	if got, want := b.String(), "id,WKT\r\ngood,\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := e.Encode(&geo.Feature{ID: "late"}); err == nil {
		t.Error("encode after close: no error")
	}
}

// brokenWriter fails after n bytes.
type brokenWriter struct{ n int }

func (w *brokenWriter) Write(b []byte) (int, error) {
	if w.n -= len(b); w.n < 0 {
		return 0, errors.New("the pipe broke")
	}
	return len(b), nil
}

func TestAWritersErrorStays(t *testing.T) {
	e := csv.NewEncoder(&brokenWriter{40_000}, &geo.Schema{}, csv.Options{})
	f := geo.Feature{ID: strings.Repeat("x", 10_000)}
	var err error
	for i := 0; err == nil && i < 100; i++ {
		err = e.Encode(&f)
	}
	if err == nil || e.Encode(&f) == nil || e.Close() == nil {
		t.Errorf("the writer's error was lost: %v", err)
	}
}
