package predicate

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// parts returns the members of g in the topology library's form, collections
// taken apart and what is empty left out. Every coordinate is kept as it is.
//
// It refuses what the library cannot take: a coordinate that is not finite, a
// line of one vertex, a ring that is open or has less than four vertices.
func parts(to []geom.Geometry, g orb.Geometry) ([]geom.Geometry, error) {
	if err := shapely(g); err != nil {
		return nil, err
	}
	return appendParts(to, g), nil
}

func appendParts(to []geom.Geometry, g orb.Geometry) []geom.Geometry {
	switch g := g.(type) {
	case orb.Point:
		to = append(to, point(g).AsGeometry())
	case orb.MultiPoint:
		if len(g) > 0 {
			to = append(to, multiPoint(g).AsGeometry())
		}
	case orb.LineString:
		if len(g) > 0 {
			to = append(to, lineString(g).AsGeometry())
		}
	case orb.MultiLineString:
		var lines []geom.LineString
		for _, l := range g {
			if len(l) > 0 {
				lines = append(lines, lineString(l))
			}
		}
		if len(lines) > 0 {
			to = append(to, geom.NewMultiLineString(lines).AsGeometry())
		}
	case orb.Ring:
		to = appendPolygons(to, orb.MultiPolygon{{g}})
	case orb.Polygon:
		to = appendPolygons(to, orb.MultiPolygon{g})
	case orb.MultiPolygon:
		to = appendPolygons(to, g)
	case orb.Collection:
		for _, m := range g {
			to = appendParts(to, m)
		}
	case orb.Bound:
		to = appendParts(to, boundGeometry(g))
	}
	return to
}

func appendPolygons(to []geom.Geometry, g orb.MultiPolygon) []geom.Geometry {
	var polygons []geom.Polygon
	for _, p := range g {
		if len(p) > 0 && len(p[0]) > 0 {
			polygons = append(polygons, polygon(p))
		}
	}
	switch len(polygons) {
	case 0:
		return to
	case 1:
		return append(to, polygons[0].AsGeometry())
	}
	return append(to, geom.NewMultiPolygon(polygons).AsGeometry())
}

func point(p orb.Point) geom.Point { return geom.NewPointXY(p[0], p[1]) }

func multiPoint(g orb.MultiPoint) geom.MultiPoint {
	points := make([]geom.Point, len(g))
	for i, p := range g {
		points[i] = point(p)
	}
	return geom.NewMultiPoint(points)
}

func lineString[L ~[]orb.Point](l L) geom.LineString {
	coordinates := make([]float64, 0, 2*len(l))
	for _, p := range l {
		coordinates = append(coordinates, p[0], p[1])
	}
	return geom.NewLineString(geom.NewSequence(coordinates, geom.DimXY))
}

func polygon(p orb.Polygon) geom.Polygon {
	var rings []geom.LineString
	for _, r := range p {
		if len(r) > 0 {
			rings = append(rings, lineString(r))
		}
	}
	return geom.NewPolygon(rings)
}

// boundGeometry returns what a bound is a box of: nothing, a position, a line
// or a polygon.
func boundGeometry(b orb.Bound) orb.Geometry {
	switch {
	case b.IsEmpty():
		return nil
	case b.Min == b.Max:
		return b.Min
	case b.Min[0] == b.Max[0] || b.Min[1] == b.Max[1]:
		return orb.LineString{b.Min, b.Max}
	}
	return b.ToPolygon()
}

// shapely tells what keeps g from being a shape at all, and nil for nothing.
func shapely(g orb.Geometry) error {
	switch g := g.(type) {
	case orb.Point:
		return finite([]orb.Point{g})
	case orb.MultiPoint:
		return finite(g)
	case orb.LineString:
		return shapelyLine(g)
	case orb.MultiLineString:
		return each(g, shapelyLine)
	case orb.Ring:
		return shapelyRing(g)
	case orb.Polygon:
		return each(g, shapelyRing)
	case orb.MultiPolygon:
		return each(g, func(p orb.Polygon) error { return each(p, shapelyRing) })
	case orb.Collection:
		return each(g, shapely)
	case orb.Bound:
		return finite([]orb.Point{g.Min, g.Max})
	}
	return nil
}

func each[S ~[]E, E any](s S, check func(E) error) error {
	for _, e := range s {
		if err := check(e); err != nil {
			return err
		}
	}
	return nil
}

func finite(ps []orb.Point) error {
	for _, p := range ps {
		if x := p[0] - p[0] + p[1] - p[1]; x != 0 { // NaN or infinite
			return &InvalidError{p, "a coordinate is not finite"}
		}
	}
	return nil
}

func shapelyLine(l orb.LineString) error {
	if len(l) == 1 {
		return &InvalidError{l[0], "the line has only one vertex"}
	}
	return finite(l)
}

func shapelyRing(r orb.Ring) error {
	if err := finite(r); err != nil || len(r) == 0 {
		return err
	}
	if r[0] != r[len(r)-1] {
		return &InvalidError{r[len(r)-1], "the ring does not end where it begins"}
	}
	if len(r) < 4 {
		return &InvalidError{r[0], fmt.Sprintf("the ring has %d vertices, a ring has four or more", len(r))}
	}
	return nil
}
