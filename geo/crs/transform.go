package crs

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// FromCRS84 returns g, whose positions are lon, lat in degrees, in c with the
// authority's axis order. Nil stays nil, an empty geometry stays empty, and a
// bound becomes a polygon, since its image is no box. For CRS84 it is g itself;
// else it shares nothing with g.
//
// A position that c cannot express — not finite, or more than 3900 km from a
// zone's central meridian — is a *geo.InputError with an empty Where.
func (c CRS) FromCRS84(g orb.Geometry) (orb.Geometry, error) {
	if c == CRS84 {
		return g, nil
	}
	return transform(g, func(lonLat orb.Point) (orb.Point, error) {
		p, err := c.point(lonLat)
		if c.Geographic() {
			east := c.ordered(p[0], p[1])
			p = c.ordered(wrap(east[0]), east[1])
		}
		return p, err
	})
}

// ToCRS84 returns g, whose coordinates are in c with the authority's axis
// order, as lon, lat in degrees, longitudes within ±180. Nil stays nil, an
// empty geometry stays empty and a bound becomes a polygon. The result shares
// nothing with g.
//
// Coordinates that c does not have — not finite, a latitude beyond 90, more
// than 3900 km from a zone's central meridian — are a *geo.InputError with an
// empty Where.
func (c CRS) ToCRS84(g orb.Geometry) (orb.Geometry, error) {
	return transform(g, func(p orb.Point) (orb.Point, error) {
		lonLat, err := c.position(p)
		lonLat[0] = wrap(lonLat[0])
		return lonLat, err
	})
}

// EastFirst returns g, whose coordinates are in c with the authority's axis
// order, with the longitude or easting first, as FlatGeobuf, GeoParquet,
// GeoPackage and WKT in a table want them whatever the authority says. For a
// CRS that begins with it, it is g itself. A second call undoes the first.
func (c CRS) EastFirst(g orb.Geometry) orb.Geometry {
	if !c.NorthFirst() {
		return g
	}
	turned, _ := transform(g, func(p orb.Point) (orb.Point, error) {
		return orb.Point{p[1], p[0]}, nil
	})
	return turned
}

// point takes one position from CRS84 to c.
func (c CRS) point(lonLat orb.Point) (orb.Point, error) {
	x, y, ok := definitions[c].projection.forward(lonLat[0], lonLat[1])
	if !ok || !finite(x) || !finite(y) {
		return orb.Point{}, outside(fmt.Sprintf("lon %v, lat %v", lonLat[0], lonLat[1]),
			"cannot be expressed in "+c.String(),
			"choose a CRS whose area of use holds the position, such as CRS84")
	}
	return c.ordered(x, y), nil
}

// position takes one position from c to CRS84; its longitude may lie beyond
// ±180, as 3857 has coordinates beyond the antimeridian.
func (c CRS) position(p orb.Point) (orb.Point, error) {
	east := c.ordered(p[0], p[1]) // swapping is its own inverse
	lon, lat, ok := definitions[c].projection.inverse(east[0], east[1])
	if !ok || !finite(lon) || !finite(lat) {
		return orb.Point{}, outside(fmt.Sprintf("%v, %v", p[0], p[1]),
			"is no position of "+c.String(), "write "+c.axes())
	}
	return orb.Point{lon, lat}, nil
}

// ordered puts an east and a north coordinate in the authority's order, or two
// in the authority's order into east, north.
func (c CRS) ordered(x, y float64) orb.Point {
	if c.NorthFirst() {
		return orb.Point{y, x}
	}
	return orb.Point{x, y}
}

// axes tells people what to write, in order.
func (c CRS) axes() string {
	switch {
	case c.Geographic() && c.NorthFirst():
		return "latitude, longitude in degrees"
	case c.Geographic():
		return "longitude, latitude in degrees"
	case c.NorthFirst():
		return "northing, easting in metres"
	}
	return "easting, northing in metres"
}

func outside(found, problem, mend string) error {
	var faults geo.Faults
	faults.Add("", found, problem, mend)
	return faults.Err()
}

func finite(x float64) bool { return x-x == 0 }

// wrap brings a longitude into ±180 and leaves one that is there alone. What
// rounding has put beyond the antimeridian stays on its side.
func wrap(lon float64) float64 {
	switch over := math.Abs(lon) - 180; {
	case over <= 0:
		return lon
	case over < 1e-9:
		return math.Copysign(180, lon)
	}
	return math.Remainder(lon, 360)
}

// transform returns a copy of g with every position replaced.
func transform(g orb.Geometry, f func(orb.Point) (orb.Point, error)) (orb.Geometry, error) {
	switch g := g.(type) {
	case nil:
		return nil, nil
	case orb.Point:
		return one(f(g))
	case orb.MultiPoint:
		return one(points(g, f))
	case orb.LineString:
		return one(points(g, f))
	case orb.Ring:
		return one(points(g, f))
	case orb.MultiLineString:
		return one(lines(g, f))
	case orb.Polygon:
		return one(lines(g, f))
	case orb.MultiPolygon:
		return one(each(g, func(p orb.Polygon) (orb.Polygon, error) { return lines(p, f) }))
	case orb.Collection:
		return one(each(g, func(m orb.Geometry) (orb.Geometry, error) { return transform(m, f) }))
	case orb.Bound:
		return transform(g.ToPolygon(), f)
	}
	return nil, fmt.Errorf("transform: %T is no geometry", g)
}

// one returns a geometry as the interface, and nil with an error.
func one[G orb.Geometry](g G, err error) (orb.Geometry, error) {
	if err != nil {
		return nil, err
	}
	return g, nil
}

func points[T ~[]orb.Point](ps T, f func(orb.Point) (orb.Point, error)) (T, error) {
	return each(ps, f)
}

func lines[T ~[]L, L ~[]orb.Point](ls T, f func(orb.Point) (orb.Point, error)) (T, error) {
	return each(ls, func(l L) (L, error) { return points(l, f) })
}

// each maps the members of a slice, and nil to nil.
func each[T ~[]M, M any](members T, f func(M) (M, error)) (T, error) {
	if members == nil {
		return nil, nil
	}
	out := make(T, len(members))
	for i, m := range members {
		var err error
		if out[i], err = f(m); err != nil {
			return nil, err
		}
	}
	return out, nil
}
