package predicate_test

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/predicate"
)

// coordinate draws from a coarse grid, so that edges touch and run along one
// another, or from anywhere.
func coordinate(t *rapid.T, name string) float64 {
	return rapid.OneOf(
		rapid.Map(rapid.IntRange(-4, 4), func(i int) float64 { return float64(i) }),
		rapid.Float64Range(-4, 4)).Draw(t, name)
}

func position(t *rapid.T) orb.Point { return orb.Point{coordinate(t, "lon"), coordinate(t, "lat")} }

// valid draws a geometry that Validate accepts.
func valid(t *rapid.T) orb.Geometry {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) orb.Geometry { return position(t) }),
		rapid.Custom(func(t *rapid.T) orb.Geometry { return orb.MultiPoint{position(t), position(t)} }),
		rapid.Custom(func(t *rapid.T) orb.Geometry { return line(t) }),
		rapid.Custom(func(t *rapid.T) orb.Geometry { return orb.MultiLineString{line(t), line(t)} }),
		rapid.Custom(func(t *rapid.T) orb.Geometry { return ring(t) }),
		rapid.Custom(func(t *rapid.T) orb.Geometry { return polygon(t) }),
		rapid.Custom(func(t *rapid.T) orb.Geometry { return orb.Collection{line(t), nil, polygon(t)} }),
	).Filter(func(g orb.Geometry) bool { return predicate.Validate(g) == nil }).Draw(t, "geometry")
}

func line(t *rapid.T) orb.LineString {
	l := orb.LineString{position(t)}
	for range rapid.IntRange(1, 5).Draw(t, "edges") {
		l = append(l, position(t))
	}
	return l
}

func ring(t *rapid.T) orb.Ring {
	r := orb.Ring{position(t), position(t), position(t)}
	if rapid.Bool().Draw(t, "four") {
		r = append(r, position(t))
	}
	return append(r, r[0])
}

// polygon draws a ring, often with the same ring at half the size as its hole.
func polygon(t *rapid.T) orb.Polygon {
	p := orb.Polygon{ring(t)}
	if rapid.Bool().Draw(t, "hole") {
		var hole orb.Ring
		var middle orb.Point
		n := float64(len(p[0]) - 1)
		for _, v := range p[0][1:] {
			middle[0] += v[0] / n
			middle[1] += v[1] / n
		}
		for _, v := range p[0] {
			hole = append(hole, orb.Point{(v[0] + middle[0]) / 2, (v[1] + middle[1]) / 2})
		}
		p = append(p, hole)
	}
	return p
}

// boxGeometry is a box with West <= East as a geometry.
func boxGeometry(b geo.BBox) orb.Geometry {
	switch {
	case b.West == b.East && b.South == b.North:
		return orb.Point{b.West, b.South}
	case b.West == b.East || b.South == b.North:
		return orb.LineString{{b.West, b.South}, {b.East, b.North}}
	}
	return b.Bound().ToPolygon()
}

func TestIntersectsBBoxAgreesWithIntersects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := valid(t)
		p, q := position(t), position(t)
		b := geo.BBox{West: p[0], South: min(p[1], q[1]), East: q[0], North: max(p[1], q[1])}
		want := false
		for _, part := range b.Parts() { // across the antimeridian if West > East
			yes, err := predicate.Intersects(g, boxGeometry(part))
			if err != nil {
				t.Fatal(err)
			}
			want = want || yes
		}
		if got := predicate.IntersectsBBox(g, b); got != want {
			t.Fatalf("IntersectsBBox(%v, %+v) = %v, Intersects says %v", g, b, got, want)
		}
	})
}

func TestPreparedAgreesWithIntersects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := valid(t), valid(t)
		want, err := predicate.Intersects(a, b)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := predicate.Intersects(b, a); err != nil || got != want {
			t.Fatalf("Intersects(%v, %v) = %v, the other way %v, %v", a, b, want, got, err)
		}
		p, err := predicate.Prepare(a)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got, err := p.Intersects(b); err != nil || got != want {
				t.Fatalf("Prepare(%v).Intersects(%v) = %v, %v, Intersects says %v", a, b, got, err, want)
			}
		}
	})
}
