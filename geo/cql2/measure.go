package cql2

import (
	"math"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/geodesic"
)

// callOf returns the value of a function. Functions that only WithAnyProperty let
// pass have none.
func callOf(e Call, f *geo.Feature) value {
	args := make([]value, len(e.Args))
	for i, a := range e.Args {
		if args[i] = valueOf(a, f); args[i].null() {
			return value{}
		}
	}
	switch e.Name {
	case "length_m":
		return measured(geodesic.LengthOf(args[0].shape), true)
	case "area_m2":
		return measured(geodesic.AreaOf(args[0].shape), true)
	case "distance_m":
		return measured(distanceOf(args[0].shape, args[1].shape))
	case "dwithin":
		if metres, ok := distanceOf(args[0].shape, args[1].shape); ok && args[2].kind == NumberType {
			return value{kind: BooleanType, bool: metres <= args[2].num.Float}
		}
	}
	return value{}
}

// measured returns a measure as a value, null if there is none.
func measured(x float64, ok bool) value {
	if !ok || x-x != 0 {
		return value{}
	}
	return value{kind: NumberType, num: number(x)}
}

// distanceOf returns the shortest distance in metres between two geometries, and
// whether there is one: not of what is nil or empty. Edges are geodesics.
//
// The shortest path between edges that do not cross begins at a vertex, so the
// distances of the vertices are enough where nothing crosses. Right to 2 µm, but
// that edges which cross and which pass each other are told apart on great ellipses:
// where one ends within their distance from the geodesic (1 mm for an edge of 50 km)
// of the other, it may answer 0 for that distance or the other way round.
func distanceOf(a, b orb.Geometry) (metres float64, ok bool) {
	if p, ok := b.(orb.Point); ok {
		a, b = p, a
	}
	if p, ok := a.(orb.Point); ok {
		return geodesic.DistanceTo(p, b)
	}
	as, bs := edgesOf(nil, a), edgesOf(nil, b)
	if cross(as, bs) {
		return 0, true
	}
	metres = math.Inf(1)
	for _, half := range [2]struct {
		from []edge
		to   orb.Geometry
	}{{as, b}, {bs, a}} {
		for _, e := range half.from {
			d, found := geodesic.DistanceTo(e.a, half.to)
			if found && d < metres {
				metres, ok = d, true
			}
			if metres == 0 {
				return 0, true
			}
		}
	}
	return metres, ok
}

// edge is an edge of a geometry, or a vertex where a equals b. Each vertex of a
// geometry is the a of an edge.
type edge struct{ a, b orb.Point }

func edgesOf(to []edge, g orb.Geometry) []edge {
	switch g := g.(type) {
	case orb.Point:
		return append(to, edge{g, g})
	case orb.MultiPoint:
		for _, p := range g {
			to = append(to, edge{p, p})
		}
	case orb.LineString:
		for i, p := range g {
			to = append(to, edge{p, g[min(i+1, len(g)-1)]})
		}
	case orb.Ring:
		for i, p := range g {
			to = append(to, edge{p, g[(i+1)%len(g)]})
		}
	case orb.MultiLineString:
		for _, l := range g {
			to = edgesOf(to, l)
		}
	case orb.Polygon:
		for _, r := range g {
			to = edgesOf(to, r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			to = edgesOf(to, p)
		}
	case orb.Collection:
		for _, m := range g {
			to = edgesOf(to, m)
		}
	case orb.Bound:
		if !g.IsEmpty() {
			to = edgesOf(to, g.ToPolygon())
		}
	}
	return to
}

// vector is a direction from the middle of the Earth.
type vector [3]float64

// vectorTo returns the direction to a position on the ellipsoid.
func vectorTo(p orb.Point) vector {
	const squash = 1 - 0.006694379990141316 // (1-f)² of WGS 84: of geodetic to geocentric latitudes
	lon, lat := p[0]*math.Pi/180, p[1]*math.Pi/180
	return vector{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), squash * math.Sin(lat)}
}

func (v vector) cross(w vector) vector {
	return vector{v[1]*w[2] - v[2]*w[1], v[2]*w[0] - v[0]*w[2], v[0]*w[1] - v[1]*w[0]}
}

func (v vector) dot(w vector) float64 { return v[0]*w[0] + v[1]*w[1] + v[2]*w[2] }

// arc is an edge in space, with the normal of its plane.
type arc struct{ a, b, normal vector }

func arcsOf(es []edge) []arc {
	var arcs []arc
	for _, e := range es {
		if e.a != e.b {
			a, b := vectorTo(e.a), vectorTo(e.b)
			arcs = append(arcs, arc{a, b, a.cross(b)})
		}
	}
	return arcs
}

// cross tells whether an edge of one geometry crosses one of the other, elsewhere
// than at a vertex.
func cross(as, bs []edge) bool {
	other := arcsOf(bs)
	for _, e := range arcsOf(as) {
		for _, o := range other {
			if e.crosses(o) {
				return true
			}
		}
	}
	return false
}

// crosses tells whether two arcs cross: the ends of each lie on either side of the
// other, and on the same half of the Earth.
func (e arc) crosses(o arc) bool {
	left, right := -e.normal.dot(o.a), e.normal.dot(o.b)
	if left*right <= 0 {
		return false
	}
	return -o.normal.dot(e.b)*left > 0 && o.normal.dot(e.a)*left > 0
}

func cosDegrees(degrees float64) float64 { return math.Cos(degrees * math.Pi / 180) }

// poleward returns the latitude, in degrees, whose tangent is by the factor that of
// lat, if lat is north of the equator, else lat.
func poleward(lat, factor float64) float64 {
	if lat <= 0 || lat >= 90 {
		return lat
	}
	return math.Atan(math.Tan(lat*math.Pi/180)*factor) * 180 / math.Pi
}
