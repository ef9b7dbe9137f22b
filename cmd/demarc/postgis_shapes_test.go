package main

import (
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/encoding/wkt"

	"demarc/geo/predicate"
)

// The shapes that the differential tests compare with PostGIS: every literal that
// a test of the repository or the shared corpus has, and random ones that are
// drawn to a coarse grid, so that they touch, run along one another, share edges,
// corners and holes, and repeat positions.

// defaultSeed is that of the differential tests; DEMARC_TEST_SEED sets another.
const defaultSeed = 20241121

func testSeed() uint64 {
	if s, err := strconv.ParseUint(os.Getenv("DEMARC_TEST_SEED"), 10, 64); err == nil {
		return s
	}
	return defaultSeed
}

// shapes draws geometries.
type shapes struct{ *rand.Rand }

// coordinate is on the grid, now and then between its lines.
func (r shapes) coordinate() float64 {
	if r.IntN(8) == 0 {
		return float64(r.IntN(25)-12) / 4
	}
	return float64(r.IntN(7) - 3)
}

func (r shapes) position() orb.Point { return orb.Point{r.coordinate(), r.coordinate()} }

func (r shapes) multiPoint() orb.MultiPoint {
	var m orb.MultiPoint
	for range 1 + r.IntN(4) {
		m = append(m, r.position())
	}
	return m
}

// line has up to six positions, some of them twice in a row, and crosses itself
// freely.
func (r shapes) line() orb.LineString {
	l := orb.LineString{r.position()}
	for range 1 + r.IntN(5) {
		if r.IntN(8) == 0 {
			l = append(l, l[len(l)-1])
		}
		l = append(l, r.position())
	}
	if r.IntN(6) == 0 {
		l = append(l, l[0])
	}
	return l
}

func (r shapes) multiLine() orb.MultiLineString {
	m := orb.MultiLineString{r.line()}
	for range r.IntN(3) {
		m = append(m, r.line())
	}
	return m
}

// ring is a rectangle, an L, or any three to five positions; some of its
// positions stand there twice, and it may run either way.
func (r shapes) ring() orb.Ring {
	p, w, h := r.position(), float64(1+r.IntN(4)), float64(1+r.IntN(4))
	var ring orb.Ring
	switch r.IntN(4) {
	case 0:
		ring = orb.Ring{p, {p[0] + w, p[1]}, {p[0] + w, p[1] + h}, {p[0], p[1] + h}}
	case 1:
		ring = orb.Ring{p, {p[0] + 2*w, p[1]}, {p[0] + 2*w, p[1] + h}, {p[0] + w, p[1] + h}, {p[0] + w, p[1] + 2*h}, {p[0], p[1] + 2*h}}
	default:
		for range 3 + r.IntN(3) {
			ring = append(ring, r.position())
		}
	}
	if i := r.IntN(len(ring)); r.IntN(5) == 0 {
		ring = slices.Insert(ring, i, ring[i])
	}
	ring = append(ring, ring[0])
	if r.IntN(2) == 0 {
		slices.Reverse(ring)
	}
	return ring
}

// polygon has a hole now and then, which may touch the outer ring.
func (r shapes) polygon() orb.Polygon {
	p := orb.Polygon{r.ring()}
	if r.IntN(3) == 0 {
		at := r.IntN(len(p[0]))
		hole := make(orb.Ring, len(p[0]))
		toward := r.position()
		if r.IntN(2) == 0 {
			toward = p[0][at] // the hole touches the outer ring there
		}
		for i, v := range p[0] {
			hole[i] = orb.Point{(v[0] + toward[0]) / 2, (v[1] + toward[1]) / 2}
		}
		p = append(p, hole)
	}
	return p
}

func (r shapes) multiPolygon() orb.MultiPolygon {
	m := orb.MultiPolygon{r.polygon()}
	for range 1 + r.IntN(2) {
		m = append(m, r.polygon())
	}
	return m
}

// valid draws a geometry that predicate.Validate accepts.
func (r shapes) valid() orb.Geometry {
	for {
		var g orb.Geometry
		switch r.IntN(16) {
		case 0, 1:
			g = r.position()
		case 2:
			g = r.multiPoint()
		case 3, 4, 5:
			g = r.line()
		case 6, 7:
			g = r.multiLine()
		case 8, 9, 10, 11:
			g = r.polygon()
		case 12, 13, 14:
			g = r.multiPolygon()
		default:
			g = orb.Collection{r.position(), r.line(), r.polygon()}[r.IntN(2):]
		}
		if predicate.Validate(g) == nil {
			return g
		}
	}
}

// related draws a geometry made from parts of another one, so that relations that
// chance would hardly find come up: equal with other vertices, within, along an
// edge, a vertex of it.
func (r shapes) related(g orb.Geometry) orb.Geometry {
	var of orb.LineString
	switch g := g.(type) {
	case orb.LineString:
		of = g
	case orb.Polygon:
		of = orb.LineString(g[r.IntN(len(g))])
	case orb.MultiPolygon:
		of = orb.LineString(g[0][0])
	case orb.MultiLineString:
		of = g[0]
	default:
		return r.valid()
	}
	at := r.IntN(len(of) - 1)
	half := orb.Point{(of[at][0] + of[at+1][0]) / 2, (of[at][1] + of[at+1][1]) / 2}
	var out orb.Geometry
	switch r.IntN(6) {
	case 0:
		out = half
	case 1:
		out = orb.LineString{half, of[at+1]}
	case 2:
		out = slices.Insert(slices.Clone(of), at+1, half) // the same with a vertex more
		if polygon, ok := g.(orb.Polygon); ok && len(polygon) == 1 {
			out = orb.Polygon{orb.Ring(out.(orb.LineString))}
		}
	case 3:
		out = orb.MultiPoint{of[at], half, r.position()}
	case 4:
		out = orb.LineString{half, r.position(), r.position()}
	default:
		out = orb.Polygon{{of[at], of[at+1], r.position(), of[at]}}
	}
	if predicate.Validate(out) != nil {
		return r.valid()
	}
	return out
}

var wktInText = regexp.MustCompile(`(POINT|LINESTRING|POLYGON|MULTI[A-Z]+|GEOMETRYCOLLECTION) ?(\([-+0-9.eE, ()A-Z]*\)|EMPTY)`)

// literalShapes are the valid geometries in the tests of the repository and in the
// shared corpus, where that is at hand, each once, in an order of their own. Large
// ones are left out: they say nothing new about relations.
func literalShapes(t *testing.T) []orb.Geometry {
	t.Helper()
	found := map[string]orb.Geometry{}
	add := func(g orb.Geometry) {
		if g == nil || vertices(g) > 40 || predicate.Validate(g) != nil {
			return
		}
		found[wkt.MarshalString(g)] = g
	}
	walk := func(root string, read func(text string)) {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if err == nil {
				read(string(raw))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, root := range []string{"../../geo/predicate", "../../geo/cql2", "../../geo/format"} {
		walk(root, func(text string) {
			for _, s := range wktInText.FindAllString(text, -1) {
				if g, err := wkt.Unmarshal(s); err == nil {
					add(g)
				}
			}
		})
	}
	if corpus := "../../../shared/corpus/geojson"; exists(corpus) {
		walk(corpus, func(text string) {
			if g, err := wkt.Unmarshal(strings.TrimSpace(text)); err == nil {
				add(g)
			} else if raw, err := wkb.Unmarshal([]byte(text)); err == nil {
				add(raw)
			}
			eachGeometry([]byte(text), add)
		})
	} else if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", corpus)
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	all := make([]orb.Geometry, len(names))
	for i, name := range names {
		all[i] = found[name]
	}
	return all
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// eachGeometry calls add for each object in a JSON text that is a geometry.
func eachGeometry(text []byte, add func(orb.Geometry)) {
	var members map[string]json.RawMessage
	var list []json.RawMessage
	switch {
	case json.Unmarshal(text, &members) == nil:
		add(coordinatesOf(members))
		for _, m := range members {
			eachGeometry(m, add)
		}
	case json.Unmarshal(text, &list) == nil:
		for _, m := range list {
			eachGeometry(m, add)
		}
	}
}

// coordinatesOf reads a GeoJSON geometry other than a collection, whose members
// are read for themselves; nil if the object is none.
func coordinatesOf(members map[string]json.RawMessage) orb.Geometry {
	var kind string
	_ = json.Unmarshal(members["type"], &kind)
	read := func(into any) bool { return json.Unmarshal(members["coordinates"], into) == nil }
	switch kind {
	case "Point":
		if g := (orb.Point{}); read(&g) {
			return g
		}
	case "MultiPoint":
		if g := (orb.MultiPoint{}); read(&g) {
			return g
		}
	case "LineString":
		if g := (orb.LineString{}); read(&g) {
			return g
		}
	case "MultiLineString":
		if g := (orb.MultiLineString{}); read(&g) {
			return g
		}
	case "Polygon":
		if g := (orb.Polygon{}); read(&g) {
			return g
		}
	case "MultiPolygon":
		if g := (orb.MultiPolygon{}); read(&g) {
			return g
		}
	}
	return nil
}

// vertices counts the positions of a geometry.
func vertices(g orb.Geometry) int {
	return strings.Count(wkt.MarshalString(g), " ")
}
