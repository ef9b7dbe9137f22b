package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

// These tests let GDAL, the library under QGIS and most other GIS programs, read
// the service over HTTP, and compare what it understood with what the API says.

const debianGDAL = "gdal-bin"

// TestGDALCounts: the count that a user sees first is the number of features.
func TestGDALCounts(t *testing.T) {
	ogrinfo := needProgram(t, "ogrinfo", debianGDAL)
	base := startServer(t)
	for _, collection := range collectionIDs(t, base) {
		t.Run(collection, func(t *testing.T) {
			want, _ := fetchItems(t, base, collection, "")
			summary := runProgram(t, ogrinfo, "-ro", "-so", "OAPIF:"+base, collection)
			if !strings.Contains(summary, fmt.Sprintf("Feature Count: %d\n", len(want))) {
				t.Errorf("ogrinfo -so does not count %d features:\n%s", len(want), summary)
			}
			all := runProgram(t, ogrinfo, "-ro", "-q", "-al", "-oo", "PAGE_SIZE=1000", "OAPIF:"+base, collection)
			if got := strings.Count(all, "\nOGRFeature("+collection+")"); got != len(want) {
				t.Errorf("ogrinfo -al lists %d features, the API has %d", got, len(want))
			}
		})
	}
}

// TestGDALCopy copies every collection into a GeoPackage and compares every
// feature, attribute and position in it with the API's answer.
func TestGDALCopy(t *testing.T) {
	ogr2ogr := needProgram(t, "ogr2ogr", debianGDAL)
	base := startServer(t)
	cyrillic := 0
	for _, collection := range collectionIDs(t, base) {
		t.Run(collection, func(t *testing.T) {
			want, _ := fetchItems(t, base, collection, "")
			file := filepath.Join(t.TempDir(), "copy.gpkg")
			runProgram(t, ogr2ogr, "-f", "GPKG", file, "OAPIF:"+base, collection, "-oo", "PAGE_SIZE=1000")
			got := readFeatures(t, ogr2ogr, file, collection)
			if len(got) != len(want) {
				t.Fatalf("the copy has %d features, the API %d", len(got), len(want))
			}
			attributes := 0
			for _, w := range want {
				g, ok := got[w.ID]
				if !ok {
					t.Errorf("feature %s is not in the copy", w.ID)
					continue
				}
				for name, value := range w.Properties {
					attributes++
					copied, ok := g.Properties[name]
					if !ok {
						t.Errorf("attribute %s is not in the copy", name)
					} else if !sameValue(value, copied) {
						t.Errorf("feature %s: %s is %s in the copy, %s in the API", w.ID, name, copied, value)
					}
					if bytes.ContainsFunc(copied, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
						cyrillic++
					}
				}
				if err := sameGeometry(w, g); err != nil {
					t.Errorf("feature %s: %v", w.ID, err)
				}
				if t.Failed() {
					t.FailNow() // one feature's differences tell enough
				}
			}
			t.Logf("%d features, %d attributes", len(want), attributes)
		})
	}
	if cyrillic == 0 && !t.Failed() {
		t.Error("no attribute in Cyrillic was compared")
	}
}

// TestGDALPushDown: GDAL leaves filters to the server and does not check them
// again, so a server that ignores one gives wrong rows to a user who sees no
// error. Each filter must reach the server and give exactly the right features.
func TestGDALPushDown(t *testing.T) {
	ogr2ogr := needProgram(t, "ogr2ogr", debianGDAL)
	base := startServer(t)
	incidents, _ := fetchItems(t, base, "incidents", "")

	where := func(name, collection, clause, request string, want []string) {
		t.Run(name, func(t *testing.T) {
			got, requests := readWith(t, ogr2ogr, base, collection, "-where", clause)
			if !strings.Contains(requests, request) {
				t.Errorf("-where %s: no request contains %q:\n%s", clause, request, requests)
			}
			if !slices.Equal(got, want) {
				t.Errorf("-where %s: got %d features %v, want %d %v", clause, len(got), got, len(want), want)
			}
		})
	}

	// An attribute, by its most common value.
	kind := commonest(incidents, "type")
	where("attribute", "incidents", fmt.Sprintf("type='%s'", kind), "filter=type%20%3D%20'"+kind+"'&filter-lang=cql-text",
		sortedIDs(incidents, func(f feature) bool { return textOf(f, "type") == kind }))

	// What only a filter can ask.
	where("filter", "incidents", fmt.Sprintf("(type = '%s' AND killed_high > 3) OR title LIKE 'A%%'", kind), "&filter-lang=cql-text",
		sortedIDs(incidents, func(f feature) bool {
			killed, err := strconv.ParseFloat(string(f.Properties["killed_high"]), 64)
			return textOf(f, "type") == kind && err == nil && killed > 3 || strings.HasPrefix(textOf(f, "title"), "A")
		}))

	// One feature by its id.
	id := incidents[len(incidents)/2].ID
	where("id", "incidents", fmt.Sprintf("id='%s'", id), "/items/"+id, []string{id})

	// A text outside ASCII.
	for _, collection := range []string{"places", "segments", "incidents", "sources"} {
		features, _ := fetchItems(t, base, collection, "")
		name, value := cyrillicValue(features)
		if name == "" {
			continue
		}
		where("Cyrillic", collection, fmt.Sprintf(`"%s"='%s'`, name, value), "filter="+name+"%20%3D%20'%D",
			sortedIDs(features, func(f feature) bool { return textOf(f, name) == value }))
		break
	}

	// A span of time: GDAL sends it as text in a filter, and as datetime only
	// where the definition does not list cql-text.
	t.Run("datetime", func(t *testing.T) {
		var starts []string
		for _, f := range incidents {
			if at, ok := instant(textOf(f, "start")); ok {
				starts = append(starts, at.UTC().Format("2006/01/02 15:04:05"))
			}
		}
		sort.Strings(starts)
		if len(starts) < 4 {
			t.Fatalf("only %d incidents have a start that is a time", len(starts))
		}
		from, to := starts[len(starts)/4], starts[3*len(starts)/4]
		got, requests := readWith(t, ogr2ogr, base, "incidents", "-where", fmt.Sprintf("start >= '%s' AND start <= '%s'", from, to))
		sent := regexp.MustCompile(`filter=\(start[^&]+&filter-lang=cql-text`).FindStringSubmatch(requests)
		if sent == nil {
			t.Fatalf("no request has a filter on start:\n%s", requests)
		}
		features, _ := fetchItems(t, base, "incidents", sent[0])
		if want := sortedIDs(features, nil); !slices.Equal(got, want) {
			t.Errorf("%s: GDAL has %v, the API %v", sent[0], got, want)
		}
		within := sortedIDs(incidents, func(f feature) bool {
			at, ok := instant(textOf(f, "start"))
			s := at.UTC().Format("2006/01/02 15:04:05")
			return ok && s >= from && s <= to
		})
		for _, id := range within {
			if !slices.Contains(got, id) {
				t.Errorf("%s: incident %s starts within it and is missing", sent[0], id)
			}
		}
		t.Logf("%s: %d incidents, %d of %d start within it", sent[0], len(got), len(within), len(incidents))
	})

	// A window on the map, for each collection that has geometry.
	for _, collection := range []string{"incidents", "segments", "areas", "places", "claims"} {
		for _, box := range [][]string{{"69.5", "37", "71.25", "40.125"}, {"70.5", "39.75", "70.75", "40.1"}, {"-10", "-10", "10", "10"}} {
			t.Run("window of "+collection+" "+strings.Join(box, ","), func(t *testing.T) {
				got, requests := readWith(t, ogr2ogr, base, collection, append([]string{"-spat"}, box...)...)
				if sent := "bbox=" + strings.Join(box, ","); !strings.Contains(requests, sent) {
					t.Errorf("no request contains %q:\n%s", sent, requests)
				}
				features, _ := fetchItems(t, base, collection, query("bbox", strings.Join(box, ",")))
				// GDAL leaves features without a geometry out of a window; OGC 17-069r4
				// /req/core/fc-bbox-response has them in the answer.
				if want := sortedIDs(features, feature.hasGeometry); !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			})
		}
	}
}

// readFeatures reads all features of a file through GDAL, by id.
func readFeatures(t *testing.T, ogr2ogr, file, layer string) map[string]feature {
	t.Helper()
	out := runProgram(t, ogr2ogr, "-f", "GeoJSON", "/vsistdout/", file, layer, "-lco", "COORDINATE_PRECISION=15")
	var doc struct{ Features []feature }
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%s through ogr2ogr: %v\n%.400s", file, err, out)
	}
	byID := map[string]feature{}
	for _, f := range doc.Features {
		id := textOf(f, "id")
		if _, twice := byID[id]; twice || id == "" {
			t.Fatalf("id %q is empty or twice in the copy", id)
		}
		byID[id] = f
	}
	return byID
}

// readWith reads a collection over HTTP with a filter and returns the ids that
// GDAL kept, sorted, and the URLs that it asked for.
func readWith(t *testing.T, ogr2ogr, base, collection string, filter ...string) (ids []string, requests string) {
	t.Helper()
	args := append([]string{"-f", "GeoJSON", "/vsistdout/", "OAPIF:" + base, collection, "-oo", "PAGE_SIZE=1000", "--debug", "HTTP"}, filter...)
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(ogr2ogr, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("ogr2ogr %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	var doc struct{ Features []feature }
	if err := json.Unmarshal(stdout.Bytes(), &doc); err != nil {
		t.Fatalf("ogr2ogr %s: %v\n%.400s", strings.Join(args, " "), err, stdout.String())
	}
	for _, f := range doc.Features {
		ids = append(ids, textOf(f, "id"))
	}
	sort.Strings(ids)
	return ids, stderr.String()
}

func sortedIDs(features []feature, keep func(feature) bool) []string {
	var ids []string
	for _, f := range features {
		if keep == nil || keep(f) {
			ids = append(ids, f.ID)
		}
	}
	sort.Strings(ids)
	return ids
}

// textOf returns a property that is a string, or "".
func textOf(f feature, name string) string {
	var s string
	_ = json.Unmarshal(f.Properties[name], &s)
	return s
}

// commonest returns the most frequent value of a property.
func commonest(features []feature, name string) string {
	count := map[string]int{}
	best := ""
	for _, f := range features {
		v := textOf(f, name)
		count[v]++
		if v != "" && (count[v] > count[best] || count[v] == count[best] && v < best) {
			best = v
		}
	}
	return best
}

// cyrillicValue returns a property with a Cyrillic value that needs no quoting.
func cyrillicValue(features []feature) (name, value string) {
	for _, f := range features {
		for n := range f.Properties {
			v := textOf(f, n)
			if (name == "" || n < name) && len(v) < 80 && !strings.ContainsAny(v, `'"\`) &&
				v != "" && unicode.Is(unicode.Cyrillic, []rune(v)[0]) {
				name, value = n, v
			}
		}
		if name != "" {
			return name, value
		}
	}
	return "", ""
}

// instant reads a date or a date-time.
func instant(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// sameValue compares a property with its copy. A copy may write a time in
// another way, and an object as JSON text.
func sameValue(a, b json.RawMessage) bool {
	var va, vb any
	if json.Unmarshal(a, &va) != nil || json.Unmarshal(b, &vb) != nil {
		return false
	}
	switch x := va.(type) {
	case string:
		y, ok := vb.(string)
		ta, isTime := instant(x)
		tb, alsoTime := instant(y)
		return ok && (x == y || isTime && alsoTime && ta.Equal(tb))
	case map[string]any:
		if s, ok := vb.(string); ok {
			return json.Unmarshal([]byte(s), &vb) == nil && fmt.Sprint(va) == fmt.Sprint(vb)
		}
	}
	return fmt.Sprint(va) == fmt.Sprint(vb)
}

var number = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?`)

// sameGeometry compares types and all numbers, to a billionth of a degree.
func sameGeometry(a, b feature) error {
	if a.hasGeometry() != b.hasGeometry() {
		return fmt.Errorf("geometry is %.80s in the API and %.80s in the copy", a.Geometry, b.Geometry)
	}
	if !a.hasGeometry() {
		return nil
	}
	var ga, gb struct {
		Type        string
		Coordinates json.RawMessage
		Geometries  json.RawMessage
	}
	if err := json.Unmarshal(a.Geometry, &ga); err != nil {
		return err
	}
	if err := json.Unmarshal(b.Geometry, &gb); err != nil {
		return err
	}
	na := number.FindAllString(string(ga.Coordinates)+string(ga.Geometries), -1)
	nb := number.FindAllString(string(gb.Coordinates)+string(gb.Geometries), -1)
	if ga.Type != gb.Type || len(na) != len(nb) {
		return fmt.Errorf("%s of %d numbers in the API, %s of %d in the copy", ga.Type, len(na), gb.Type, len(nb))
	}
	for i := range na {
		x, _ := strconv.ParseFloat(na[i], 64)
		y, _ := strconv.ParseFloat(nb[i], 64)
		if math.Abs(x-y) > 1e-9 {
			return fmt.Errorf("coordinate %d is %s in the API and %s in the copy", i, na[i], nb[i])
		}
	}
	return nil
}
