package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"demarc/data/layer"
)

// healthFile is 1,078 health facilities of OpenStreetMap: points with nulls,
// Cyrillic and property names with a colon.
func healthFile(t *testing.T) string {
	t.Helper()
	return corpusFile(t, "geodata", "inputs", "hotosm_kgz_health_facilities_points.geojson")
}

// layerPage is an answer to items.
type layerPage struct {
	NumberMatched int
	Features      []struct {
		ID         string
		Properties map[string]any
	}
}

// What can be asked of our collections can be asked of a layer.
func TestLayerOverHTTP(t *testing.T) {
	base := startServer(t, "--layer", "health="+healthFile(t))
	for query, want := range map[string]int{
		"":                            1078,
		"amenity=hospital":            countHealth(t, "amenity", "hospital"),
		"filter=amenity='hospital'":   countHealth(t, "amenity", "hospital"),
		"filter=\"name:ru\"='Аптека'": countHealth(t, "name:ru", "Аптека"),
		"filter=osm_id=5025736123":    1,
		"filter=S_INTERSECTS(geometry,POINT(0 0))": 0,
		"bbox=72,40,73,41&near=health/1&within=1m": 1,
		"near=health/1": 1078,
		"filter=dwithin(geometry,feature('health','1'),1)": 1,
	} {
		var page layerPage
		address := base + "/collections/health/items?limit=2&" + strings.NewReplacer(" ", "%20", "\"", "%22", "'", "%27").Replace(query)
		fetchJSON(t, address, &page)
		if page.NumberMatched != want {
			t.Errorf("%s: %d, want %d", query, page.NumberMatched, want)
		}
	}
	var ours layerPage
	fetchJSON(t, base+"/collections/incidents/items?near=health/1&limit=1", &ours)
	if len(ours.Features) != 1 || ours.Features[0].Properties["distance_m"] == nil {
		t.Errorf("incidents near a facility: %+v", ours)
	}
	for _, path := range []string{
		"/collections/health", "/collections/health?f=html", "/collections/health/items?f=html", "/collections/health/items?f=html&near=70,40",
		"/collections/health/items/1", "/collections/health/items/1?f=html", "/collections/health/items/1078?f=html", "/collections/health/queryables",
		"/collections/health/schema?f=html", "/collections?f=html", "/licences", "/api?f=html",
	} {
		body, status, err := get(base+path, "")
		if err != nil || status != http.StatusOK || bytes.Contains(body, []byte(`href=""`)) || bytes.Contains(body, []byte(`"href":""`)) {
			t.Errorf("%s: status %d, %v", path, status, err)
		}
		if strings.HasPrefix(path, "/collections/health/items/1?") && !bytes.Contains(body, []byte("pharmacy")) {
			t.Errorf("%s does not show the feature", path)
		}
	}
	var item struct {
		ID         string
		Properties map[string]any
	}
	fetchJSON(t, base+"/collections/health/items/2", &item)
	if item.ID != "2" || item.Properties["name"] != "Аптека" || item.Properties["name:en"] != nil || len(item.Properties) != 15 {
		t.Errorf("got %+v", item)
	}
}

// countHealth counts features of the file itself.
func countHealth(t *testing.T, name, value string) int {
	t.Helper()
	raw, err := os.ReadFile(healthFile(t))
	if err != nil {
		t.Fatal(err)
	}
	var doc layerPage
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range doc.Features {
		if f.Properties[name] == value {
			n++
		}
	}
	if n == 0 {
		t.Fatalf("no feature has %s = %s", name, value)
	}
	return n
}

// The same features, whichever file they come in.
func TestLayerFormatsAgree(t *testing.T) {
	needProgram(t, "ogr2ogr", "gdal-bin")
	dir, source := t.TempDir(), healthFile(t)
	flags := []string{"--layer", "json=" + source}
	for name, file := range map[string]string{"gpkg": "h.gpkg", "lines": "h.geojsonl", "records": "h.geojsons", "fgb": "h.fgb"} {
		args := []string{filepath.Join(dir, file), source, "-nln", "h"}
		switch name {
		case "records":
			args = append([]string{"-f", "GeoJSONSeq", "-lco", "RS=YES"}, args...)
		case "fgb":
			args = append([]string{"-lco", "SPATIAL_INDEX=NO"}, args...) // which keeps their order, and so their numbers
		}
		if out, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		flags = append(flags, "--layer", name+"="+args[len(args)-4])
	}
	base := startServer(t, flags...)
	var want []byte
	for _, name := range []string{"json", "gpkg", "lines", "records", "fgb"} {
		var doc struct{ Features []json.RawMessage }
		fetchJSON(t, base+"/collections/"+name+"/items?limit=5000&sortby=osm_id&properties=osm_id,name,name:ru,amenity", &doc)
		if len(doc.Features) != 1078 {
			t.Errorf("%s: %d features", name, len(doc.Features))
		}
		got := mustJSON(t, doc.Features)
		if want == nil {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Errorf("the features of %s are not those of the GeoJSON", name)
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is wrong is told at start, all of it, and nothing is served.
func TestLayerFaults(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	empty := `{"type":"FeatureCollection","features":[]}`
	good := write("good.geojson", empty)
	odd := write("odd#1.geojson", empty)
	for name, tt := range map[string]struct {
		layers []string
		want   []string // a part of each line
	}{
		"no file":            {[]string{"a=" + dir + "/none.geojson"}, []string{"none.geojson: cannot be read: open "}},
		"a folder":           {[]string{"a=" + dir}, []string{": cannot be read: read "}},
		"no name":            {[]string{good}, []string{"--layer: does not name a layer and its file"}},
		"an empty one":       {[]string{"a="}, []string{"--layer: does not name a layer and its file"}},
		"ours":               {[]string{"incidents=" + good}, []string{`--layer: is the name of a collection that is there already (found "incidents")`}},
		"twice":              {[]string{"a=" + good, "a=" + odd}, []string{`--layer: is the name of two layers (found "a")`}},
		"capitals":           {[]string{"Camps=" + good}, []string{`--layer: is not a name for a collection (found "Camps"); use the letters a to z`}},
		"a layer of GeoJSON": {[]string{"a=" + good + "#x"}, []string{`good.geojson: has no layers to choose from: it is no GeoPackage (found "x")`}},
		"FlatGeobuf":         {[]string{"a=" + write("a.fgb", "fgb\x03fgb\x00")}, []string{"a.fgb: the header ends too early; write the file again"}},
		"CSV":                {[]string{"a=" + write("a.csv", "lon,lat\n70,40\n")}, []string{"a.csv:1: is not JSON"}},
		"an array":           {[]string{"fires=" + corpusFile(t, "geodata", "inputs", "viirs_fires_2020_kgz.json")}, []string{"viirs_fires_2020_kgz.json:1: is a JSON array, not GeoJSON (found \"[\"); rows without geometry are no layer"}},
		"all at once":        {[]string{"A=" + good, "b=" + write("b.json", "{"), "c=" + write("c.json", "")}, []string{"--layer: is not a name", "b.json:1: ends too early", "c.json:1: is empty"}},
	} {
		_, err := readLayers(context.Background(), tt.layers)
		got := faultsOf(err)
		if len(got) != len(tt.want) {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		for i, f := range got {
			if !strings.Contains(f.String(), tt.want[i]) {
				t.Errorf("%s: got %q, want %q in it", name, f, tt.want[i])
			}
		}
	}
	if layers, err := readLayers(context.Background(), []string{"a=" + odd, "b=" + good}); err != nil || len(layers) != 2 {
		t.Errorf("a file with # in its name: %v, %v", layers, err)
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"serve", "--listen", "127.0.0.1:0", "--layer", "a=" + dir + "/none"}, &out, &errs); code != exitFailed || out.Len() > 0 {
		t.Errorf("code %d, %s%s", code, out.String(), errs.String())
	}
}

// Every parameter of items, as the definition of the API has them, is one that
// layer.Reserved names.
func TestLayerReservedNames(t *testing.T) {
	var definition struct {
		Components struct{ Parameters map[string]any }
	}
	fetchJSON(t, startServer(t)+"/api?f=json", &definition)
	if len(definition.Components.Parameters) < 7 {
		t.Fatalf("the definition has the parameters %v", definition.Components.Parameters)
	}
	for name := range definition.Components.Parameters {
		if !slices.Contains(layer.Reserved(), name) {
			t.Errorf("the parameter %s is not reserved: a field of a layer may hide it", name)
		}
	}
}

// The definition of the API has the layer, and its parameters are held to it.
func TestLayerNamedInTheDefinition(t *testing.T) {
	base := startServer(t, "--layer", "health="+healthFile(t))
	var definition struct{ Paths map[string]any }
	fetchJSON(t, base+"/api?f=json", &definition)
	if definition.Paths["/collections/health/items"] == nil {
		t.Error("the definition of the API does not have the layer")
	}
	body, status, err := get(base+"/collections/health/items?"+url.Values{"amenity": {"pharmacy"}, "nope": {"1"}}.Encode(), "")
	if err != nil || status != http.StatusBadRequest || !strings.Contains(string(body), "nope") {
		t.Errorf("an unknown parameter: %d, %v %s", status, err, fmt.Sprintf("%.200s", body))
	}
}

// Names that mean something in our own collections, or to the API, mean nothing
// in a layer.
func TestLayerWithNamesOfOurs(t *testing.T) {
	dir := t.TempDir()
	odd := filepath.Join(dir, "odd.geojson")
	bare := filepath.Join(dir, "bare.geojson")
	for path, properties := range map[string]string{
		odd: `{"limit":7,"place_id":"batken","a_low":1,"b_high":2,"c_low":3,"c_high":4,"status_flag":"x","url":"https://example.org/","id":"other","status_from":"2022-01-01"}`, bare: `{}`,
	} {
		text := `{"type":"FeatureCollection","features":[{"type":"Feature","id":"one","geometry":{"type":"Point","coordinates":[70,40]},"properties":` + properties + `}]}`
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	base := startServer(t, "--layer", "odd="+odd, "--layer", "bare="+bare)
	var page layerPage
	for _, query := range []string{"limit=1", "near=70,40", "near=bare/one", "filter=a_low=1", "sortby=limit", "datetime=1900-01-01", "id=other"} {
		fetchJSON(t, base+"/collections/odd/items?"+query, &page)
		if len(page.Features) != 1 || page.Features[0].ID != "one" || page.Features[0].Properties["limit"] != 7.0 {
			t.Errorf("%s: %+v", query, page)
		}
	}
	fetchJSON(t, base+"/collections/bare/items?near=70,40", &page)
	if len(page.Features) != 1 || page.Features[0].Properties["id"] != "one" || page.Features[0].Properties["distance_m"] != 0.0 {
		t.Errorf("a layer without properties: %+v", page)
	}
	body, status, err := get(base+"/collections/odd/items/one?f=html", "")
	if err != nil || status != http.StatusOK || bytes.Contains(body, []byte("/collections/places/")) || !bytes.Contains(body, []byte(`href="https://example.org/"`)) ||
		!bytes.Contains(body, []byte("b_high")) {
		t.Errorf("the page of the feature: %d, %v\n%s", status, err, body)
	}
	for _, path := range []string{"/collections/odd/items?f=html", "/collections/odd/items?f=html&near=70,40", "/collections/bare/items?f=html", "/collections/bare/items/one?f=html", "/collections/odd?f=html"} {
		if _, status, err := get(base+path, ""); err != nil || status != http.StatusOK {
			t.Errorf("%s: %d, %v", path, status, err)
		}
	}
}

// What we export is a layer without loss: the same features, in every format
// that a layer can have.
func TestExportsAreLayers(t *testing.T) {
	dir := t.TempDir()
	flags := []string{}
	for name, format := range map[string]string{"a": "fgb", "b": "gpkg", "c": "geojson", "d": "geojsonseq"} {
		file := filepath.Join(dir, name)
		exportTo(t, "--collection", "segments", "--format", format, "-o", file)
		flags = append(flags, "--layer", name+"="+file)
	}
	base := startServer(t, flags...)
	want, _ := fetchItems(t, base, "segments", "")
	for _, name := range []string{"a", "b", "c", "d"} {
		got, _ := fetchItems(t, base, name, "sortby=id")
		if len(got) != len(want) {
			t.Errorf("%s: %d features, want %d", name, len(got), len(want))
			continue
		}
		byID := map[string]feature{}
		for _, f := range got {
			byID[textOf(f, "id")] = f
		}
		for _, w := range want {
			g := byID[w.ID]
			if name != "b" && g.ID != w.ID { // a GeoPackage's ids are its keys
				t.Errorf("%s: %s has the id %q", name, w.ID, g.ID)
			}
			if string(g.Geometry) != string(w.Geometry) {
				t.Errorf("%s: %s: another geometry", name, w.ID)
			}
			for property, value := range w.Properties {
				if string(value) != string(g.Properties[property]) {
					t.Errorf("%s: %s: %s is %s, want %s", name, w.ID, property, g.Properties[property], value)
				}
			}
		}
	}
}
