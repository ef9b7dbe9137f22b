package main

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// These tests ask PostGIS the questions that the service answers, on the
// service's own data, and compare the answers: relations on the plane, distances
// on the ellipsoid, positions in other CRSs. PostGIS runs in a directory of its
// own, on a socket in it, and ends with the test.

// geometries are the collections whose features have geometries.
var geometries = []string{"incidents", "segments", "areas", "places"}

func TestPostGIS(t *testing.T) {
	db := startPostGIS(t)
	base := startServer(t)
	db.run(t, `CREATE EXTENSION postgis;
		CREATE TABLE feature (collection text, id text, doc text, geom geometry(Geometry, 4326));`)
	features := map[string][]feature{}
	for _, collection := range geometries {
		features[collection], _ = fetchItems(t, base, collection, "")
		var rows [][]string
		for _, f := range features[collection] {
			row := []string{collection, f.ID, ""}
			if f.hasGeometry() {
				row[2] = string(f.Geometry)
			}
			rows = append(rows, row)
		}
		db.load(t, "feature (collection, id, doc)", rows)
	}
	db.run(t, `UPDATE feature SET geom = ST_SetSRID(ST_GeomFromGeoJSON(doc), 4326) WHERE doc <> '';
		CREATE INDEX ON feature USING gist (geom); ANALYZE feature;`)

	t.Run("near every segment", func(t *testing.T) { nearSegments(t, db, base, features["segments"]) })
	t.Run("nearest segment", func(t *testing.T) { nearestSegment(t, db, features["incidents"], features["segments"]) })
	t.Run("question", func(t *testing.T) { question(t, db, base, features["incidents"], features["segments"]) })
	for _, collection := range geometries {
		t.Run("bbox of "+collection, func(t *testing.T) { boxes(t, db, base, collection, features[collection]) })
		t.Run("crs of "+collection, func(t *testing.T) { transforms(t, db, base, collection, features[collection]) })
	}
}

const (
	withinMetres    = 10_000
	metresTolerance = 1.0  // an answer may differ from PostGIS by so much
	orderTolerance  = 0.05 // and swap two features whose distances differ by less than this
)

// nearSegments compares near=segments/ID&within=10km: the same incidents, in the
// same order, each at the same distance.
func nearSegments(t *testing.T, db *postgis, base string, segments []feature) {
	want := map[string]map[string]float64{}
	for _, row := range db.query(t, `SELECT s.id, i.id, ST_Distance(i.geom::geography, s.geom::geography)
		FROM feature s JOIN feature i ON s.collection = 'segments' AND i.collection = 'incidents'
		AND ST_DWithin(i.geom::geography, s.geom::geography, `+strconv.Itoa(withinMetres+10)+`)`) {
		metres, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if want[row[0]] == nil {
			want[row[0]] = map[string]float64{}
		}
		want[row[0]][row[1]] = metres
	}

	pairs, largest := 0, 0.0
	for _, s := range segments {
		got := nearItems(t, base, "near=segments/"+url.QueryEscape(s.ID)+"&within=10km")
		seen := map[string]bool{}
		last := 0.0
		for _, g := range got {
			metres, near := want[s.ID][g.id]
			switch {
			case !near:
				t.Errorf("segment %s: incident %s is in the answer, at %.2f m, and further than %d m for PostGIS", s.ID, g.id, g.metres, withinMetres)
			case math.Abs(metres-g.metres) > metresTolerance:
				t.Errorf("segment %s: incident %s is at %.2f m, for PostGIS at %.2f m", s.ID, g.id, g.metres, metres)
			case metres < last-orderTolerance:
				t.Errorf("segment %s: incident %s, at %.2f m for PostGIS, comes after one at %.2f m", s.ID, g.id, metres, last)
			}
			if near {
				largest = max(largest, math.Abs(metres-g.metres))
				last = max(last, metres)
			}
			seen[g.id] = true
			pairs++
		}
		for id, metres := range want[s.ID] {
			if !seen[id] && metres <= withinMetres-metresTolerance {
				t.Errorf("segment %s: incident %s, at %.2f m for PostGIS, is missing", s.ID, id, metres)
			}
		}
	}
	t.Logf("%d segments, %d incidents near them, largest difference of a distance %.3f m", len(segments), pairs, largest)
	if pairs == 0 {
		t.Error("no incident is near a segment: nothing was compared")
	}
}

type nearItem struct {
	id     string
	metres float64
}

func nearItems(t *testing.T, base, q string) []nearItem {
	t.Helper()
	features, _ := fetchItems(t, base, "incidents", q)
	var all []nearItem
	for _, f := range features {
		var metres *float64
		if err := json.Unmarshal(f.Properties["distance_m"], &metres); err != nil || metres == nil {
			t.Fatalf("incidents?%s: feature %s has no property distance_m: %v", q, f.ID, err)
		}
		all = append(all, nearItem{f.ID, *metres})
	}
	return all
}

// nearestSegment compares segment_id and segment_m of every incident with the
// nearest of the segments that are valid when the incident starts, those left
// out whose role is only to give context.
func nearestSegment(t *testing.T, db *postgis, incidents, segments []feature) {
	distance := map[[2]string]float64{} // incident and segment
	for _, row := range db.query(t, `SELECT i.id, s.id, ST_Distance(i.geom::geography, s.geom::geography)
		FROM feature i, feature s WHERE i.collection = 'incidents' AND s.collection = 'segments'
		AND i.geom IS NOT NULL AND s.geom IS NOT NULL`) {
		metres, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		distance[[2]string{row[0], row[1]}] = metres
	}
	compared, largest := 0, 0.0
	for _, f := range incidents {
		id, start := textOf(f, "segment_id"), textOf(f, "start")
		var metres *float64
		_ = json.Unmarshal(f.Properties["segment_m"], &metres)

		nearest, least := "", math.Inf(1)
		for _, s := range segments {
			from, to := textOf(s, "valid_from"), textOf(s, "valid_to")
			valid := (from == "" || from <= start) && (to == "" || start <= to) && textOf(s, "role") != "context"
			if d, ok := distance[[2]string{f.ID, s.ID}]; ok && valid && d < least {
				nearest, least = s.ID, d
			}
		}
		if nearest == "" {
			if id != "" || metres != nil {
				t.Errorf("incident %s: segment %q; PostGIS knows none that is valid on %s", f.ID, id, start)
			}
			continue
		}
		if id == "" || metres == nil {
			t.Errorf("incident %s has no segment; PostGIS: %s at %.2f m", f.ID, nearest, least)
			continue
		}
		compared++
		there, known := distance[[2]string{f.ID, id}]
		difference := max(math.Abs(*metres-least), math.Abs(there-least))
		largest = max(largest, difference)
		if !known || difference > metresTolerance {
			t.Errorf("incident %s: segment %s at %.2f m (%.2f m for PostGIS); the nearest is %s at %.2f m", f.ID, id, *metres, there, nearest, least)
		}
	}
	t.Logf("%d incidents, %d of them with a position and a segment, largest difference %.3f m", len(incidents), compared, largest)
	if compared == 0 {
		t.Error("no incident has a segment: nothing was compared")
	}
}

// box is west, south, east, north; west > east crosses the antimeridian.
type box [4]float64

func (b box) String() string {
	var parts []string
	for _, n := range b {
		parts = append(parts, strconv.FormatFloat(n, 'f', -1, 64))
	}
	return strings.Join(parts, ",")
}

// boxes compares bbox= with ST_Intersects on the plane of longitude and latitude.
func boxes(t *testing.T, db *postgis, base, collection string, features []feature) {
	seed := uint64(20240913)
	if s, err := strconv.ParseUint(os.Getenv("DEMARC_TEST_SEED"), 10, 64); err == nil {
		seed = s
	}
	all := append(nastyBoxes(features), randomBoxes(rand.New(rand.NewPCG(seed, 1)), 100)...)

	var rows [][]string
	for i, b := range all {
		row := []string{strconv.Itoa(i)}
		for _, n := range b {
			row = append(row, strconv.FormatFloat(n, 'f', -1, 64))
		}
		rows = append(rows, row)
	}
	db.run(t, `DROP TABLE IF EXISTS box; CREATE TABLE box (n int, w float8, s float8, e float8, nn float8);
		CREATE OR REPLACE FUNCTION rectangle(w float8, s float8, e float8, n float8) RETURNS geometry LANGUAGE sql AS $$
			SELECT CASE WHEN w = e AND s = n THEN ST_SetSRID(ST_MakePoint(w, s), 4326)
				WHEN w = e OR s = n THEN ST_SetSRID(ST_MakeLine(ST_MakePoint(w, s), ST_MakePoint(e, n)), 4326)
				ELSE ST_MakeEnvelope(w, s, e, n, 4326) END $$;`)
	db.load(t, "box", rows)
	want := map[int][]string{}
	for _, row := range db.query(t, `SELECT b.n, f.id FROM box b, feature f WHERE f.collection = '`+collection+`' AND (f.geom IS NULL
		OR b.w <= b.e AND ST_Intersects(f.geom, rectangle(b.w, b.s, b.e, b.nn))
		OR b.w > b.e AND (ST_Intersects(f.geom, rectangle(b.w, b.s, 180, b.nn)) OR ST_Intersects(f.geom, rectangle(-180, b.s, b.e, b.nn))))`) {
		n, err := strconv.Atoi(row[0])
		if err != nil {
			t.Fatal(err)
		}
		want[n] = append(want[n], row[1])
	}

	found, differences := 0, 0
	for i, b := range all {
		answer, _ := fetchItems(t, base, collection, "bbox="+b.String())
		got := sortedIDs(answer, nil)
		sort.Strings(want[i])
		found += len(got)
		if !slices.Equal(got, want[i]) {
			differences++
			t.Errorf("bbox=%s: %d features, %d for PostGIS; only here %v, only there %v", b, len(got), len(want[i]), without(got, want[i]), without(want[i], got))
		}
	}
	t.Logf("%d boxes (seed %d), %d features in them, %d differences", len(all), seed, found, differences)
}

// without returns what is in a and not in b.
func without(a, b []string) []string {
	var only []string
	for _, s := range a {
		if !slices.Contains(b, s) {
			only = append(only, s)
		}
	}
	return only
}

// randomBoxes are mostly where the data is, of all sizes.
func randomBoxes(r *rand.Rand, n int) []box {
	round := func(f float64) float64 { return math.Round(f*1e6) / 1e6 }
	var all []box
	for range n {
		lon, lat := 66+10*r.Float64(), 36+8*r.Float64()
		size := math.Pow(10, -4+5*r.Float64())
		b := box{round(lon), round(lat), round(lon + size*r.Float64()), round(min(90, lat+size*r.Float64()))}
		if r.IntN(10) == 0 { // all the way round the other side of the earth
			b[0], b[2] = b[2], b[0]
			if b[0] == b[2] {
				continue
			}
		}
		all = append(all, b)
	}
	return all
}

// nastyBoxes touch features by a corner or an edge, have no width or no height,
// cross the antimeridian, hold the poles or everything.
func nastyBoxes(features []feature) []box {
	all := []box{
		{-180, -90, 180, 90}, {-180, -90, -180, -90}, {180, 90, 180, 90}, {-180, 85, 180, 90}, {-180, -90, 180, -85},
		{177, 65, -177, 70}, {177, -90, -177, 90}, {180, -90, -180, 90}, {179.999999, 0, -179.999999, 0}, {75, 30, 60, 50}, {70, 30, 69.999999, 50},
		{0, 0, 0, 0}, {69, 40, 71, 40}, {70.5, 36, 70.5, 45}, {-180, 0, 180, 0},
	}
	positions := 0
	for _, f := range features {
		if !f.hasGeometry() || positions >= 40 {
			continue
		}
		numbers := number.FindAllString(string(f.Geometry), -1)
		if len(numbers) < 2 {
			continue
		}
		middle := len(numbers) / 4 * 2 // a position in the middle of a line
		lon, _ := strconv.ParseFloat(numbers[middle], 64)
		lat, _ := strconv.ParseFloat(numbers[middle+1], 64)
		if math.Abs(lon) > 179 || math.Abs(lat) > 89 {
			continue
		}
		positions++
		const d = 0.0078125 // exact in binary
		all = append(all,
			box{lon, lat, lon, lat},         // the position itself
			box{lon, lat, lon + d, lat + d}, // it is a corner
			box{lon - d, lat - d, lon, lat},
			box{math.Nextafter(lon, 180), lat - d, lon + d, lat + d}, // it is just outside
			box{lon - d, lat - d, lon + d, math.Nextafter(lat, -90)},
			box{lon - d, lat, lon + d, lat}, // no height
		)
	}
	return all
}

// latitudeFirst and northingFirst are the CRSs whose first axis points north (EPSG
// registry), in degrees and in metres; the others that the service may declare
// point east first. A CRS in none of the lists fails the test: look its axes up.
var (
	latitudeFirst  = []string{"4326", "4979", "4284"}
	northingFirst  = []string{"28412", "28413"}
	longitudeFirst = []string{"3857", "32641", "32642", "32643", "32644"}
)

// pulkovo are the CRSs on Pulkovo 1942. North of the parallel ownShift PROJ, and so
// PostGIS, may take another shift to WGS 84 than geo/crs, which uses one everywhere
// (geo/crs, doc.go): the two agree within the accuracy stated for them, in metres.
var pulkovo = []string{"4284", "28412", "28413"}

const (
	ownShift      = 40.8
	shiftAccuracy = 4.5
)

// transforms compares crs= with ST_Transform, to a centimetre.
func transforms(t *testing.T, db *postgis, base, collection string, features []feature) {
	var doc struct{ CRS []string }
	fetchJSON(t, base+"/collections/"+collection+"?f=json", &doc)
	t.Logf("crs is %v", doc.CRS)
	for _, crs := range doc.CRS {
		code, isEPSG := strings.CutPrefix(crs, "http://www.opengis.net/def/crs/EPSG/0/")
		if !isEPSG {
			continue
		}
		if !slices.Contains(slices.Concat(latitudeFirst, northingFirst, longitudeFirst), code) {
			t.Errorf("%s: this test does not know the order of its axes", crs)
			continue
		}
		want, places := map[string][]float64{}, map[string][]float64{}
		for _, row := range db.query(t, `SELECT id, ST_AsText(ST_Transform(geom, `+code+`), 12), ST_AsText(geom, 12) FROM feature WHERE collection = '`+collection+`' AND geom IS NOT NULL`) {
			want[row[0]], places[row[0]] = floats(row[1]), floats(row[2])
		}
		got, _ := fetchItems(t, base, collection, query("crs", crs))
		largest, positions := 0.0, 0
		for _, f := range got {
			if !f.hasGeometry() {
				continue
			}
			g := floats(string(f.Geometry))
			w := want[f.ID]
			if len(g) != len(w) {
				t.Errorf("%s in %s: %d numbers, %d for PostGIS", f.ID, crs, len(g), len(w))
				continue
			}
			for i := range g {
				j, metres := i, 1.0
				switch {
				case slices.Contains(latitudeFirst, code):
					j, metres = i^1, 111_320.0 // the other axis of the pair, in degrees
				case slices.Contains(northingFirst, code):
					j = i ^ 1
				}
				off := math.Abs(g[i]-w[j]) * metres
				if slices.Contains(pulkovo, code) && places[f.ID][i|1] > ownShift {
					off /= shiftAccuracy / 0.01
				}
				largest = max(largest, off)
			}
			positions += len(g) / 2
		}
		if len(got) != len(features) || largest > 0.01 {
			t.Errorf("%s: %d of %d features, largest difference %.4f m", crs, len(got), len(features), largest)
		}
		t.Logf("%s: %d positions, largest difference %.6f m", crs, positions, largest)
	}
}

// floats reads all the numbers of a text that are not part of a word.
func floats(s string) []float64 {
	if i := strings.Index(s, `"coordinates"`); i >= 0 {
		s = s[i:]
	}
	var all []float64
	for _, n := range number.FindAllString(s, -1) {
		f, _ := strconv.ParseFloat(n, 64)
		all = append(all, f)
	}
	return all
}
