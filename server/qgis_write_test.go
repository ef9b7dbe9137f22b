package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The requests that QGIS 3.28 and newer sends to edit a layer, as its provider
// writes them (src/providers/wfs/oapif): OPTIONS on items and on an item to learn
// what it may do; POST with application/geo+json, without "id", and with every
// field, those left empty as null; PUT of a whole feature with the id, coordinates
// to six decimals; PATCH with application/merge-patch+json of either geometry or
// properties; DELETE. Content-Crs goes with geometries. It reads the new id from
// behind the last /items/ of Location. cmd/demarc runs QGIS itself, where there is one
// that edits (3.40.6 sent these); that of Debian 12 only reads.
func TestQGISEdits(t *testing.T) {
	d := writable(t, Config{})
	for target, want := range map[string][]string{incidentsPath: {"POST"}, clashPath: {"PUT", "PATCH", "DELETE"}} {
		allow := strings.Split(d.send("ann", "OPTIONS", target, "").is(http.StatusOK).header.Get("Allow"), ", ")
		for _, method := range want {
			if !slices.Contains(allow, method) {
				t.Errorf("OPTIONS %s allows %v, not %s", target, allow, method)
			}
		}
	}

	fields := `"title":"Drawn in QGIS","type":"shelling","theatre":"kg-tj-border","start":"2012-03-04","end":"2012-03-04","date_precision":null,"place":null,"place_id":"alpha","country":null,
		"location_precision":"village","uncertainty_km":2.5,"parties":"XA","occurrence":"claimed","figures":null,"parent_id":null,"killed_low":null,"killed_high":null,"wounded_low":null,"wounded_high":null,
		"captured_low":null,"captured_high":null,"released_low":null,"released_high":null,"claims":null,"sources":null,"origins":null,"segment_id":null,"segment_m":null,"summary":"Drawn on the map."`
	const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	created := d.send("ann", "POST", incidentsPath, `{"geometry":{"coordinates":[179.25,50.75],"type":"Point"},"properties":{"id":null,`+fields+`},"type":"Feature"}`, "Content-Crs", crs84).is(http.StatusCreated)
	location := created.header.Get("Location")
	id := location[strings.LastIndex(location, "/items/")+len("/items/"):]
	if id != "2012-03-04-drawn-in-qgis" || len(created.body) != 0 {
		t.Fatalf("the new id is %q", id)
	}
	target := incidentsPath + "/" + id

	d.send("ann", "PATCH", target, `{"properties":{"summary":"Typed in QGIS","uncertainty_km":3.0}}`).is(http.StatusNoContent)
	d.send("ann", "PATCH", target, `{"geometry":{"coordinates":[51.5,179.75],"type":"Point"}}`, "Content-Crs", "http://www.opengis.net/def/crs/EPSG/0/4326").is(http.StatusNoContent)
	var f feature
	d.get(target).into(&f)
	if f.Properties["summary"] != "Typed in QGIS" || f.Properties["uncertainty_km"] != 3.0 || string(f.Geometry) != `{"type":"Point","coordinates":[179.75,51.5]}` {
		t.Errorf("after two PATCHes: %v, %v, %s", f.Properties["summary"], f.Properties["uncertainty_km"], f.Geometry)
	}

	// PUT of what the list gave, one attribute changed: derived ones come back as they were.
	flat := d.flat(t, target)
	flat["title"] = "Renamed in QGIS"
	d.send("ann", "PUT", target, fmt.Sprintf(`{"geometry":{"coordinates":[179.750000,51.500000],"type":"Point"},"id":%q,"properties":%s,"type":"Feature"}`, id, appendJSON(nil, flat)),
		"Content-Crs", crs84).is(http.StatusNoContent)
	d.get(target).into(&f)
	if f.Properties["title"] != "Renamed in QGIS" || f.Properties["location"].(map[string]any)["precision"] != "village" {
		t.Errorf("after PUT: %v", f.Properties)
	}
	d.send("ann", "DELETE", target, "").is(http.StatusNoContent)
	if ids := d.page(incidentsPath).ids(); slices.Contains(ids, id) {
		t.Errorf("after DELETE: %v", ids)
	}
}
