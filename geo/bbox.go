package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// BBox is a box of longitudes and latitudes in degrees, CRS84, edges included.
//
// West > East means that the box crosses the antimeridian (RFC 7946 §5.2);
// orb.Bound cannot say that. South > North or a NaN makes the box empty: it
// contains and meets nothing. The zero value is the point 0, 0.
type BBox struct{ West, South, East, North float64 }

// World returns the box that holds every position.
func World() BBox { return BBox{-180, -90, 180, 90} }

// EmptyBBox returns a box that holds no position and that Extend can grow.
func EmptyBBox() BBox {
	return BBox{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
}

// BBoxOf returns the smallest box round g that does not cross the
// antimeridian. A nil or empty geometry has the empty box.
func BBoxOf(g orb.Geometry) BBox {
	if g == nil {
		return EmptyBBox()
	}
	b := g.Bound()
	if b.IsEmpty() || isEmpty(g) {
		return EmptyBBox()
	}
	return BBox{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}

// isEmpty tells whether g has no position. orb gives an empty MultiPoint and
// its like an empty bound, but a Collection of empty members the zero bound.
func isEmpty(g orb.Geometry) bool {
	switch g := g.(type) {
	case orb.Point:
		return false
	case orb.MultiPoint:
		return len(g) == 0
	case orb.LineString:
		return len(g) == 0
	case orb.Ring:
		return len(g) == 0
	case orb.MultiLineString:
		for _, l := range g {
			if len(l) > 0 {
				return false
			}
		}
		return true
	case orb.Polygon:
		return len(g) == 0 || len(g[0]) == 0
	case orb.MultiPolygon:
		for _, p := range g {
			if len(p) > 0 && len(p[0]) > 0 {
				return false
			}
		}
		return true
	case orb.Collection:
		for _, m := range g {
			if !isEmpty(m) {
				return false
			}
		}
		return true
	case orb.Bound:
		return g.IsEmpty()
	}
	return true
}

// IsEmpty tells whether no position lies in b.
func (b BBox) IsEmpty() bool {
	return !(b.South <= b.North) || math.IsNaN(b.West) || math.IsNaN(b.East) ||
		math.IsInf(b.West, 1) || math.IsInf(b.East, -1)
}

// CrossesAntimeridian tells whether b runs eastward over the 180° meridian.
func (b BBox) CrossesAntimeridian() bool { return b.West > b.East && !b.IsEmpty() }

// Parts returns the one or two boxes with West <= East that make up b, none
// when b is empty. Two when b crosses the antimeridian.
func (b BBox) Parts() []BBox {
	switch {
	case b.IsEmpty():
		return nil
	case b.CrossesAntimeridian():
		return []BBox{{b.West, b.South, 180, b.North}, {-180, b.South, b.East, b.North}}
	}
	return []BBox{b}
}

// Contains tells whether the position p lies in b, its edges included.
func (b BBox) Contains(p orb.Point) bool {
	if b.IsEmpty() || !(p[1] >= b.South && p[1] <= b.North) {
		return false
	}
	if b.West > b.East {
		return p[0] >= b.West || p[0] <= b.East
	}
	return p[0] >= b.West && p[0] <= b.East
}

// Intersects tells whether b and o share a position.
func (b BBox) Intersects(o BBox) bool {
	for _, p := range b.Parts() {
		for _, q := range o.Parts() {
			if p.West <= q.East && q.West <= p.East && p.South <= q.North && q.South <= p.North {
				return true
			}
		}
	}
	return false
}

// Extend returns the smallest box that does not cross the antimeridian and
// holds both b and o: all longitudes when one of them crosses it. An empty box
// adds nothing.
func (b BBox) Extend(o BBox) BBox {
	b, o = b.flat(), o.flat()
	return BBox{math.Min(b.West, o.West), math.Min(b.South, o.South), math.Max(b.East, o.East), math.Max(b.North, o.North)}
}

// flat returns the smallest box that does not cross the antimeridian and holds b; of an
// empty one that of which nothing comes into another.
func (b BBox) flat() BBox {
	switch {
	case b.IsEmpty():
		return EmptyBBox()
	case b.CrossesAntimeridian():
		b.West, b.East = -180, 180
	}
	return b
}

// Bound returns b as orb's bound. It is right only for a box that does not
// cross the antimeridian; take Parts first.
func (b BBox) Bound() orb.Bound {
	return orb.Bound{Min: orb.Point{b.West, b.South}, Max: orb.Point{b.East, b.North}}
}
