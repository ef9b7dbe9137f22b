package cql2_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/geojson"

	"demarc/geo"
	"demarc/geo/cql2"
)

// layer is a layer of the standard's test data.
type layer struct {
	schema   *geo.Schema
	features []geo.Feature
}

// atsTypes are the types of the test data's properties other than strings.
var atsTypes = map[string]geo.Type{
	"POP_EST": geo.Number, "pop_max": geo.Integer, "pop_min": geo.Integer, "pop_other": geo.Integer,
	"date": geo.Date, "start": geo.DateTime, "end": geo.DateTime, "boolean": geo.Boolean,
}

// readLayer reads a layer of the GeoPackage with GDAL.
func readLayer(t *testing.T, gpkg, name string) layer {
	t.Helper()
	out := filepath.Join(t.TempDir(), name+".geojson")
	cmd := exec.Command("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=17", out, gpkg, name)
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr: %v\n%s", err, msg)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Features []json.RawMessage }
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	l := layer{schema: &geo.Schema{Collection: name}}
	for _, raw := range doc.Features {
		f, err := geojson.UnmarshalFeature(raw)
		if err != nil {
			t.Fatal(err)
		}
		l.add(t, f)
	}
	return l
}

// add adds a feature, and to the schema what the first one has.
func (l *layer) add(t *testing.T, f *geojson.Feature) {
	t.Helper()
	if len(l.features) == 0 {
		for name := range f.Properties {
			l.schema.Fields = append(l.schema.Fields, geo.Field{Name: name, Type: atsTypes[name], Queryable: true})
		}
	}
	feature := geo.Feature{Geometry: f.Geometry, Values: make([]geo.Value, len(l.schema.Fields))}
	for i, field := range l.schema.Fields {
		feature.Values[i] = atsValue(t, field.Type, f.Properties[field.Name])
	}
	l.features = append(l.features, feature)
}

func atsValue(t *testing.T, typ geo.Type, v any) geo.Value {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return geo.Null()
	case bool:
		return geo.BoolValue(v)
	case float64:
		if typ == geo.Integer {
			return geo.IntValue(int64(v))
		}
		return geo.NumberValue(v)
	case string:
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
			if at, err := time.Parse(layout, v); err == nil && typ == geo.DateTime {
				return geo.DateTimeValue(at)
			} else if err == nil && typ == geo.Date {
				return geo.DateValue(at)
			}
		}
		return geo.StringValue(v)
	}
	t.Fatalf("property %v", v)
	return geo.Null()
}

// errata are predicates whose expected number in the standard's table contradicts
// its own data: the table once asked for København and Kolkata ('Ko%', 2) and kept
// the number when it was changed to Chișinău. Each says how many names of the data
// begin with the letters asked for, whatever accents mean.
var errata = map[string]struct {
	standard, right int
	begin           string // of the property nameascii, in lower case
}{
	"ACCENTI(name) LIKE accenti('Ch%')":                 {2, 3, "ch"}, // Chișinău, Chicago, Chengdu
	"ACCENTI(CASEI(name)) LIKE accenti(casei('Chiș%'))": {2, 1, "chis"},
	"ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))": {2, 1, "chis"},
}

// erratum returns the right number for a predicate of errata, having counted.
func (l layer) erratum(t *testing.T, predicate string, want int) (right int, ok bool) {
	t.Helper()
	e, ok := errata[predicate]
	if !ok {
		return want, false
	}
	begin := 0
	for _, f := range l.features {
		s, _ := f.Values[l.schema.Index("nameascii")].Str()
		if strings.HasPrefix(strings.ToLower(s), e.begin) {
			begin++
		}
	}
	if begin != e.right || want != e.standard {
		t.Errorf("%s: erratum says %+v, but %d names begin with %s and the table says %d", predicate, e, begin, e.begin, want)
	}
	return e.right, true
}

// TestATSCounts asks the 351 predicates of the abstract test suite (OGC 21-065r2
// annex A) of the standard's data, and a predicate that must be refused.
func TestATSCounts(t *testing.T) {
	dir := corpus(t, "ats")
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		missing(t, "ogr2ogr (Debian: gdal-bin)")
	}
	gpkg := filepath.Join(dir, "ne110m4cql2.gpkg")
	layers := map[string]layer{}
	file, err := os.Open(filepath.Join(dir, "predicates.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows := bufio.NewScanner(file)
	rows.Scan() // the header
	asked, corrected, evaluated, compiled, sparing := 0, 0, 0, 0, 0
	for rows.Scan() {
		cells := strings.Split(rows.Text(), "\t")
		name, predicate := cells[2], cells[3]
		want, err := strconv.Atoi(cells[4])
		if err != nil {
			t.Fatalf("%q: %v", rows.Text(), err)
		}
		l, ok := layers[name]
		if !ok {
			l = readLayer(t, gpkg, name)
			layers[name] = l
		}
		asked++
		want, wrong := l.erratum(t, predicate, want)
		if wrong {
			corrected++
		}
		e, err := cql2.ParseText(predicate, l.schema, cql2.WithGeometry("geom"))
		if err != nil {
			t.Errorf("%s: %v", predicate, err)
			continue
		}
		roundTrips(t, e, l.schema, cql2.WithGeometry("geom"))
		slow, fast, hinted := l.count(e)
		evaluated += equal(t, "Eval", predicate, slow, want)
		compiled += equal(t, "Compile", predicate, fast, want)
		sparing += equal(t, "Bounds", predicate, hinted, want)
	}
	t.Logf("ATS counts: Eval %d/%d, Compile %d/%d, within Bounds %d/%d; %d of them corrected, see errata",
		evaluated, asked, compiled, asked, sparing, asked, corrected)
	if asked != 351 || corrected != len(errata) {
		t.Errorf("asked %d predicates, not 351, and corrected %d, not %d", asked, corrected, len(errata))
	}
	_, err = cql2.ParseText("S_INTERSECTS(geom,POINT(90 180))", layers["ne_110m_populated_places_simple"].schema, cql2.WithGeometry("geom"))
	if err == nil || !strings.Contains(err.Error(), "latitude") {
		t.Errorf("POINT(90 180): got error %v, want one about the latitude", err)
	}
}

func equal(t *testing.T, what, predicate string, got, want int) int {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s: got %d, want %d", what, predicate, got, want)
		return 0
	}
	return 1
}

// count counts the features that match by Eval, by Compile, and by Compile of those
// that Bounds leaves.
func (l layer) count(e cql2.Expr) (slow, fast, hinted int) {
	filter, hint := cql2.Compile(e), cql2.Bounds(e, 180)
	for i := range l.features {
		f := &l.features[i]
		if cql2.Eval(e, f) == cql2.True {
			slow++
		}
		if filter.Match(f) {
			fast++
			if allows(hint, l.schema, f) {
				hinted++
			}
		}
	}
	return slow, fast, hinted
}

// allows tells whether a feature is such as the hint says, as an index would.
func allows(h cql2.Hint, sc *geo.Schema, f *geo.Feature) bool {
	if h.Never {
		return false
	}
	if h.Boxes != nil {
		meets := false
		for _, b := range h.Boxes {
			meets = meets || b.Intersects(geo.BBoxOf(f.Geometry))
		}
		if !meets {
			return false
		}
	}
	for name, iv := range h.Times {
		seconds, _, ok := f.Values[sc.Index(name)].Unix()
		at := time.Unix(seconds, 0)
		if !ok || !iv.From.IsZero() && at.Before(iv.From) || !iv.To.IsZero() && !at.Before(iv.To) {
			return false
		}
	}
	for name, values := range h.Equal {
		matches := false
		for _, v := range values {
			matches = matches || f.Values[sc.Index(name)].Matches(v)
		}
		if !matches {
			return false
		}
	}
	return true
}
