package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"demarc/geo/format/formattest"
)

// tilesAsked are over the region: where much is, its edges, far out and far in.
var tilesAsked = []struct{ z, row, col int }{
	{0, 0, 0}, {3, 3, 5}, {5, 12, 22}, {6, 24, 44}, {6, 24, 45}, {7, 48, 89}, {8, 97, 178}, {9, 194, 356}, {10, 388, 712}, {10, 389, 712}, {11, 777, 1425}, {12, 1554, 2850},
}

// The geometries of tiles are those of PostGIS' ST_AsMVTGeom: positions within a
// unit on each axis, lines and areas within what rounding and simplifying to one
// unit allow.
func TestPostGISTiles(t *testing.T) {
	db := startPostGIS(t)
	base := startServer(t)
	db.run(t, "CREATE EXTENSION postgis; CREATE TABLE feature (collection text, id text, j text); CREATE TABLE ours (collection text, z int, y int, x int, id text, g geometry); CREATE TABLE merged (collection text, z int, y int, x int)")
	var features, ours, merged [][]string
	for _, collection := range []string{"incidents", "segments", "areas", "places"} {
		var page struct {
			Features []struct {
				ID       string
				Geometry json.RawMessage
			}
		}
		fetchJSON(t, base+"/collections/"+collection+"/items?limit=10000", &page)
		for _, f := range page.Features {
			if string(f.Geometry) != "null" {
				features = append(features, []string{collection, f.ID, string(f.Geometry)})
			}
		}
		for _, at := range tilesAsked {
			tile := []string{collection, strconv.Itoa(at.z), strconv.Itoa(at.row), strconv.Itoa(at.col)}
			for _, f := range fetchTile(t, fmt.Sprintf("%s/collections/%s/tiles/WebMercatorQuad/%d/%d/%d", base, collection, at.z, at.row, at.col)) {
				if _, many := f.Tags["count"]; many {
					merged = append(merged, tile)
					continue
				}
				ours = append(ours, append(slices.Clone(tile), f.Tags["id"].(string), wkt.MarshalString(shapeOf(f))))
			}
		}
	}
	db.load(t, "feature", features)
	db.load(t, "ours", ours)
	db.load(t, "merged", merged)
	// Theirs, of every tile asked for, whether we have it or not.
	var values []string
	for _, at := range tilesAsked {
		values = append(values, fmt.Sprintf("(%d,%d,%d)", at.z, at.row, at.col))
	}
	db.run(t, `CREATE TABLE theirs AS SELECT collection, id, z, y, x, ST_SetSRID(ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(j), 4326), 3857), ST_TileEnvelope(z, x, y), 4096, 64, true), 0) AS g
		FROM feature, (VALUES `+strings.Join(values, ",")+`) AS at(z, y, x)`)
	compared := 0
	for _, row := range db.query(t, `SELECT collection, z, y, x, id, ST_Dimension(t.g), COALESCE(ST_HausdorffDistance(o.g, t.g), -1),
		CASE WHEN ST_Dimension(t.g) = 2 THEN ST_Area(ST_SymDifference(ST_MakeValid(o.g), t.g)) / (10 + ST_Perimeter(t.g)) ELSE 0 END
		FROM (SELECT collection, z, y, x, id, ST_Collect(g) AS g FROM ours GROUP BY 1, 2, 3, 4, 5) o JOIN theirs t USING (collection, z, y, x, id) WHERE t.g IS NOT NULL`) {
		compared++
		distance, _ := strconv.ParseFloat(row[6], 64)
		strip, _ := strconv.ParseFloat(row[7], 64)
		bad := distance > 1.4143 // a unit on each axis
		switch row[5] {
		case "1":
			bad = distance > 2.5 // half a unit of rounding on either side, and a unit of simplifying
		case "2":
			bad = strip > 1.5 // a strip that wide along the outline
		}
		if bad {
			t.Errorf("%s %s/%s/%s %s: differs by %.2f units, a strip of %.2f", row[0], row[1], row[2], row[3], row[4], distance, strip)
		}
	}
	if compared < 1000 {
		t.Errorf("compared %d geometries; the test proves little", compared)
	}
	t.Logf("compared %d geometries", compared)
	// What only one side has must be too small to see, or at the buffer's edge.
	for _, row := range db.query(t, `SELECT collection, z, y, x, id, ST_AsText(g) FROM theirs t WHERE g IS NOT NULL AND NOT EXISTS
		(SELECT 1 FROM ours o WHERE (o.collection, o.z, o.y, o.x, o.id) = (t.collection, t.z, t.y, t.x, t.id))
		AND NOT EXISTS (SELECT 1 FROM merged m WHERE (m.collection, m.z, m.y, m.x) = (t.collection, t.z, t.y, t.x))
		AND GREATEST(ST_XMax(g) - ST_XMin(g), ST_YMax(g) - ST_YMin(g)) > CASE WHEN ST_Dimension(g) = 0 THEN -1 ELSE 2 END
		AND ST_XMax(g) > -63 AND ST_YMax(g) > -63 AND ST_XMin(g) < 4159 AND ST_YMin(g) < 4159 LIMIT 20`) {
		t.Errorf("PostGIS has what we do not: %v", row)
	}
}

// fetchTile returns the features of a tile's layers.
func fetchTile(t *testing.T, url string) (all []formattest.TileFeature) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		t.Fatal(err)
	case answer.StatusCode == http.StatusNoContent || answer.StatusCode == http.StatusNotFound:
		return nil
	case answer.StatusCode != http.StatusOK:
		t.Fatalf("%s: %s\n%s", url, answer.Status, body)
	}
	layers, err := formattest.ReadTile(body)
	if err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	for _, l := range layers {
		all = append(all, l.Features...)
	}
	return all
}

// shapeOf returns a feature's geometry in units of the tile.
func shapeOf(f formattest.TileFeature) orb.Geometry {
	var points orb.MultiPoint
	var lines orb.MultiLineString
	var areas orb.MultiPolygon
	for _, part := range f.Parts {
		var ps []orb.Point
		area := 0
		for i, p := range part {
			next := part[(i+1)%len(part)]
			area += p[0]*next[1] - next[0]*p[1]
			ps = append(ps, orb.Point{float64(p[0]), float64(p[1])})
		}
		switch ring := append(ps[:len(ps):len(ps)], ps[0]); {
		case f.Type == 1:
			points = append(points, ps...)
		case f.Type == 2:
			lines = append(lines, ps)
		case area > 0:
			areas = append(areas, orb.Polygon{ring})
		default:
			areas[len(areas)-1] = append(areas[len(areas)-1], ring)
		}
	}
	return map[int]orb.Geometry{1: points, 2: lines, 3: areas}[f.Type]
}
