package geodesic

import "github.com/paulmach/orb"

// A path is a run of vertices of a geometry: separate positions, a line, or a
// ring, whose last vertex is joined to its first.
type path struct {
	vertices []orb.Point
	kind     pathKind
}

type pathKind uint8

const (
	separate pathKind = iota // no edges
	line
	ring
)

// edges returns how many edges the path has.
func (p path) edges() int {
	switch n := len(p.vertices); {
	case p.kind == separate || n < 2:
		return 0
	case p.kind == ring && p.vertices[0] != p.vertices[n-1]:
		return n
	default:
		return n - 1
	}
}

// edge returns the ends of edge i.
func (p path) edge(i int) (a, b orb.Point) {
	if i+1 == len(p.vertices) {
		return p.vertices[i], p.vertices[0]
	}
	return p.vertices[i], p.vertices[i+1]
}

// pathsOf appends the paths of g that have a vertex. Rings of polygons come
// out as paths: what they enclose is covers' to tell.
func pathsOf(to []path, g orb.Geometry) []path {
	switch g := g.(type) {
	case orb.Point:
		to = append(to, path{[]orb.Point{g}, separate})
	case orb.MultiPoint:
		to = appendPath(to, g, separate)
	case orb.LineString:
		to = appendPath(to, g, line)
	case orb.MultiLineString:
		for _, l := range g {
			to = appendPath(to, l, line)
		}
	case orb.Ring:
		to = appendPath(to, g, ring)
	case orb.Polygon:
		to = appendPolygon(to, g)
	case orb.MultiPolygon:
		for _, p := range g {
			to = appendPolygon(to, p)
		}
	case orb.Collection:
		for _, m := range g {
			to = pathsOf(to, m)
		}
	case orb.Bound:
		if !g.IsEmpty() {
			to = appendPolygon(to, g.ToPolygon())
		}
	}
	return to
}

func appendPolygon(to []path, p orb.Polygon) []path {
	if len(p) == 0 || len(p[0]) == 0 {
		return to // holes in nothing
	}
	for _, r := range p {
		to = appendPath(to, r, ring)
	}
	return to
}

func appendPath(to []path, vertices []orb.Point, kind pathKind) []path {
	if len(vertices) == 0 {
		return to
	}
	return append(to, path{vertices, kind})
}
