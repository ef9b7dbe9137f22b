package predicate

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// An InvalidError says what is wrong with a geometry, and where.
type InvalidError struct {
	At      orb.Point // lon, lat in degrees, CRS84
	Problem string    // a sentence without its stop
}

// Error returns the problem and its place: "the ring crosses itself at lon
// 70.5, lat 40.25".
func (e *InvalidError) Error() string {
	return fmt.Sprintf("%s at lon %v, lat %v", e.Problem, e.At[0], e.At[1])
}

// Validate returns nil if g is valid, and else an *InvalidError with the first
// thing that is wrong and its place.
//
// Valid are geometries by OGC 06-103r4 §6.1 whose positions are finite and in
// range (lon in [-180, 180], lat in [-90, 90], degrees, CRS84): lines of two
// different positions or more; rings that are closed and do not meet
// themselves; holes inside their outer ring; rings that meet in single
// positions at most, and leave the inside in one piece; polygons of a
// multipolygon that share no more than single positions. Nil and empty
// geometries are valid, rings in either direction too (RFC 7946 §3.1.6 asks
// parsers to accept them). Safe for concurrent use. Costs three microseconds a vertex.
func Validate(g orb.Geometry) error {
	if err := inRange(g); err != nil {
		return err
	}
	if err := shapely(g); err != nil {
		return err
	}
	return valid(g)
}

// valid is Validate for what has passed inRange and shapely.
func valid(g orb.Geometry) error {
	switch g := g.(type) {
	case orb.LineString:
		return validLine(g)
	case orb.MultiLineString:
		return each(g, validLine)
	case orb.Ring:
		return validPolygon(orb.Polygon{g})
	case orb.Polygon:
		return validPolygon(g)
	case orb.MultiPolygon:
		return validMultiPolygon(g)
	case orb.Collection:
		return each(g, valid)
	}
	return nil
}

func validLine(l orb.LineString) error {
	for _, v := range l {
		if v != l[0] {
			return nil
		}
	}
	if len(l) == 0 {
		return nil
	}
	return &InvalidError{l[0], "all vertices of the line are the same"}
}

func validPolygon(p orb.Polygon) error {
	if len(p) == 0 {
		return nil
	}
	for i, r := range p {
		switch {
		case len(r) > 0:
			if err := validRing(r); err != nil {
				return err
			}
		case i == 0 && len(p) > 1:
			if h := firstVertex(p); h != nil {
				return &InvalidError{*h, "the polygon has a hole and no outer ring"}
			}
		}
	}
	if len(p[0]) == 0 || !slices.ContainsFunc(p[1:], func(r orb.Ring) bool { return len(r) > 0 }) {
		return nil // a ring that is valid is a polygon that is
	}
	return translated(polygon(p).Validate(), p)
}

func validMultiPolygon(g orb.MultiPolygon) error {
	if err := each(g, validPolygon); err != nil {
		return err
	}
	var polygons []geom.Polygon
	var first orb.Polygon
	for _, p := range g {
		if len(p) > 0 && len(p[0]) > 0 {
			polygons = append(polygons, polygon(p))
			first = p
		}
	}
	return translated(geom.NewMultiPolygon(polygons).Validate(), first)
}

func firstVertex(p orb.Polygon) *orb.Point {
	for _, r := range p {
		if len(r) > 0 {
			return &r[0]
		}
	}
	return nil
}

// problems are simplefeatures' rules in our words.
var problems = []struct {
	rule    *regexp.Regexp
	problem string
}{
	{regexp.MustCompile(`ring not simple`), "the ring meets itself"},
	{regexp.MustCompile(`nested rings`), "a hole lies inside another"},
	{regexp.MustCompile(`interior ring outside`), "a hole lies outside the outer ring"},
	{regexp.MustCompile(`disconnected interior`), "the rings cut the polygon's inside into pieces"},
	{regexp.MustCompile(`rings intersect at multiple points`), "two rings cross or share an edge"},
	{regexp.MustCompile(`child polygons touch`), "two polygons overlap or share an edge"},
}

var locationOf = regexp.MustCompile(`at or near \{(\S+) (\S+)\}`)

// translated turns an error of the library about p into ours. The library's
// errors have no type to ask, but their text ends with the place, if they know
// one; where they do not, p's first vertex stands for it.
func translated(err error, p orb.Polygon) error {
	if err == nil {
		return nil
	}
	e := &InvalidError{At: *firstVertex(p), Problem: err.Error()}
	for _, known := range problems {
		if known.rule.MatchString(e.Problem) {
			e.Problem = known.problem
		}
	}
	if m := locationOf.FindStringSubmatch(err.Error()); m != nil {
		lon, err1 := strconv.ParseFloat(m[1], 64)
		lat, err2 := strconv.ParseFloat(m[2], 64)
		if errors.Join(err1, err2) == nil {
			e.At = orb.Point{lon, lat}
		}
	}
	return e
}

// inRange returns the first position that is none on the Earth.
func inRange(g orb.Geometry) error {
	switch g := g.(type) {
	case orb.Point:
		return positionInRange(g)
	case orb.MultiPoint:
		return each(g, positionInRange)
	case orb.LineString:
		return each(g, positionInRange)
	case orb.MultiLineString:
		return each(g, func(l orb.LineString) error { return each(l, positionInRange) })
	case orb.Ring:
		return each(g, positionInRange)
	case orb.Polygon:
		return each(g, func(r orb.Ring) error { return each(r, positionInRange) })
	case orb.MultiPolygon:
		return each(g, func(p orb.Polygon) error { return inRange(p) })
	case orb.Collection:
		return each(g, inRange)
	case orb.Bound:
		if g.IsEmpty() {
			return nil
		}
		return each([]orb.Point{g.Min, g.Max}, positionInRange)
	}
	return nil
}

func positionInRange(p orb.Point) error {
	if err := finite([]orb.Point{p}); err != nil {
		return err
	}
	switch {
	case p[0] < -180 || p[0] > 180:
		return &InvalidError{p, "the longitude is not between -180 and 180"}
	case p[1] < -90 || p[1] > 90:
		return &InvalidError{p, "the latitude is not between -90 and 90"}
	}
	return nil
}
