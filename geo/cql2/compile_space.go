package cql2

import (
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// compileSpatial prepares the geometry that is the same for all features; relations
// of two of the feature's own are left to Eval.
func compileSpatial(e Spatial) test {
	swapped := constant(e.Left)
	fixed, other := e.Right, e.Left
	if swapped {
		fixed, other = other, fixed
	}
	if p, ok := other.(Property); !ok || p.Type != GeometryType || !constant(fixed) {
		return func(f *geo.Feature) Truth { return Eval(e, f) }
	}
	shape := shapeOf(fixed)
	if shape == nil {
		return func(*geo.Feature) Truth { return Unknown }
	}
	meets, err := compileMeets(fixed, shape)
	if err != nil {
		return func(f *geo.Feature) Truth { return Eval(e, f) }
	}
	switch e.Op {
	case SIntersects:
		return meets
	case SDisjoint:
		return contrary(meets)
	}
	emptyEqual := e.Op == SEquals && geo.BBoxOf(shape).IsEmpty()
	inside, ofPoint := compileInside(e.Op, fixed, swapped), compilePoint(e.Op, shape, swapped)
	return func(f *geo.Feature) Truth {
		p, isPoint := f.Geometry.(orb.Point)
		switch t := meets(f); {
		case t == Unknown:
			return t
		case t == False:
			return truthOf(emptyEqual && geo.BBoxOf(f.Geometry).IsEmpty())
		case inside != nil && inside(f.Geometry):
			return True
		case isPoint && ofPoint != nil:
			return ofPoint(p)
		case swapped:
			return related(e.Op, shape, f.Geometry)
		}
		return related(e.Op, f.Geometry, shape)
	}
}

// Meets takes a condition apart that asks whether the geometry of features shares a
// position with one that is the same for all: it returns this one; ok is false for
// other conditions.
func Meets(e Expr) (with orb.Geometry, ok bool) {
	s, isSpatial := e.(Spatial)
	if !isSpatial || s.Op != SIntersects {
		return nil, false
	}
	fixed, other := s.Right, s.Left
	if constant(s.Left) {
		fixed, other = other, fixed
	}
	p, ok := other.(Property)
	if !ok || p.Type != GeometryType || !constant(fixed) {
		return nil, false
	}
	with = shapeOf(fixed)
	return with, with != nil
}

// compileMeets tells whether features intersect a geometry.
func compileMeets(fixed Expr, shape orb.Geometry) (test, error) {
	if box, ok := fixed.(Box); ok {
		return func(f *geo.Feature) Truth {
			if f.Geometry == nil {
				return Unknown
			}
			return truthOf(predicate.IntersectsBBox(f.Geometry, box.BBox))
		}, nil
	}
	prepared, err := predicate.Prepare(shape)
	if err != nil {
		return nil, err
	}
	around := geo.BBoxOf(shape)
	return func(f *geo.Feature) Truth {
		if f.Geometry == nil {
			return Unknown
		}
		if p, ok := f.Geometry.(orb.Point); ok && !around.Contains(p) {
			return False
		}
		meet, err := prepared.Intersects(f.Geometry)
		if err != nil {
			return Unknown
		}
		return truthOf(meet)
	}, nil
}

// compileInside tells for "within a box" of geometries that lie inside it, off its
// edges, that they are; it is nil for other relations.
func compileInside(op SpatialOp, fixed Expr, swapped bool) func(orb.Geometry) bool {
	box, ok := fixed.(Box)
	if !ok || box.West > box.East || op != map[bool]SpatialOp{false: SWithin, true: SContains}[swapped] {
		return nil
	}
	return func(g orb.Geometry) bool {
		b := geo.BBoxOf(g)
		return b.West > box.West && b.East < box.East && b.South > box.South && b.North < box.North
	}
}

// compilePoint tells how positions that meet a polygon are related to it, by whether
// they are on its boundary; it is nil for other geometries.
func compilePoint(op SpatialOp, shape orb.Geometry, swapped bool) func(orb.Point) Truth {
	var rings orb.MultiLineString
	switch g := shape.(type) {
	case orb.Polygon:
		rings = boundaryOf(g)
	case orb.MultiPolygon:
		for _, p := range g {
			rings = append(rings, boundaryOf(p)...)
		}
	default:
		return nil
	}
	boundary, err := predicate.Prepare(rings)
	if err != nil {
		return nil
	}
	onBoundary := op == STouches
	if !onBoundary && op != map[bool]SpatialOp{false: SWithin, true: SContains}[swapped] {
		return func(orb.Point) Truth { return False }
	}
	return func(p orb.Point) Truth {
		on, err := boundary.Intersects(p)
		if err != nil {
			return Unknown
		}
		return truthOf(on == onBoundary)
	}
}

func boundaryOf(p orb.Polygon) (rings orb.MultiLineString) {
	for _, r := range p {
		rings = append(rings, orb.LineString(r))
	}
	return rings
}

// Within takes a condition apart that asks whether the geometry of features lies within
// metres of one that is the same for all: it returns these; ok is false for other
// conditions, and where the geometry is missing or empty.
func Within(e Expr) (of orb.Geometry, metres float64, ok bool) {
	call, isCall := e.(Call)
	if !isCall {
		return nil, 0, false
	}
	_, fixed, metres, ok := withinOf(call)
	if !ok {
		return nil, 0, false
	}
	return shapeOf(fixed), metres, true
}

// compileCall makes dwithin of a fixed geometry quick: what is out of its reach by
// their boxes is not measured.
func compileCall(e Call) test {
	slow := func(f *geo.Feature) Truth { return Eval(e, f) }
	_, fixed, metres, ok := withinOf(e)
	if !ok {
		if near := compileReach(e); near != nil {
			return near
		}
		return slow
	}
	shape := shapeOf(fixed)
	around := zone(shape, metres)
	target := geodesic.NewTarget(shape)
	return func(f *geo.Feature) Truth {
		if f.Geometry == nil {
			return Unknown
		}
		if p, ok := f.Geometry.(orb.Point); ok {
			if !around.Contains(p) {
				return False
			}
			if within, ok := askWithin(target, p, metres); ok {
				return truthOf(within)
			}
		}
		b := geo.BBoxOf(f.Geometry)
		if w := b.East - b.West; !b.IsEmpty() && w < wide && !b.Intersects(reachable(around, w)) {
			return False
		}
		d, ok := distanceOf(f.Geometry, shape)
		if !ok {
			return Unknown
		}
		return truthOf(d <= metres)
	}
}

// askWithin tells whether p lies within metres of the target.
func askWithin(target *geodesic.Target, p orb.Point, metres float64) (yes, ok bool) {
	probe := target.Probe()
	defer probe.End()
	return probe.Within(p, metres)
}

// compileReach makes dwithin of a fixed geometry quick whose distance each feature
// has for itself, as uncertainty_km * 1000; nil for what is something else.
func compileReach(e Call) test {
	if e.Name != "dwithin" {
		return nil
	}
	_, fixed, ok := propertyAndShape(e.Args[0], e.Args[1])
	if !ok {
		return nil
	}
	target := geodesic.NewTarget(shapeOf(fixed))
	return func(f *geo.Feature) Truth {
		p, isPoint := f.Geometry.(orb.Point)
		metres := valueOf(e.Args[2], f)
		// What is below zero, or a quarter round the Earth, is no distance to compare chords with.
		if m := metres.num.Float; isPoint && metres.kind == NumberType && m >= 0 && m < 1e7 {
			if within, ok := askWithin(target, p, m); ok {
				return truthOf(within)
			}
		}
		return Eval(e, f)
	}
}

// withinOf takes dwithin(property, geometry, metres) apart; ok is false for what is
// something else, or if the geometry is missing or empty.
func withinOf(e Call) (p Property, fixed Expr, metres float64, ok bool) {
	if e.Name != "dwithin" {
		return
	}
	n, ok := e.Args[2].(Number)
	if !ok {
		return
	}
	p, fixed, ok = propertyAndShape(e.Args[0], e.Args[1])
	return p, fixed, n.Float, ok
}

// propertyAndShape tells which of two arguments is the feature's geometry and which
// a fixed one that is not empty.
func propertyAndShape(a, b Expr) (p Property, fixed Expr, ok bool) {
	if _, ok := a.(Property); !ok {
		a, b = b, a
	}
	p, ok = a.(Property)
	return p, b, ok && p.Type == GeometryType && !geo.BBoxOf(shapeOf(b)).IsEmpty()
}

// zone returns a box that holds every position within metres of g, whose edges are
// geodesics and leave the box of its vertices poleward.
func zone(g orb.Geometry, metres float64) geo.BBox {
	box, widest := geo.BBoxOf(g), 0.0
	for _, e := range edgesOf(nil, g) {
		widest = max(widest, e.b[0]-e.a[0], e.a[0]-e.b[0])
	}
	if widest >= wide {
		return geo.World()
	}
	if widest > 0 {
		box.North = max(box.North, poleward(box.North, 1/bend(widest)))
		box.South = min(box.South, -poleward(-box.South, 1/bend(widest)))
	}
	return geodesic.BufferBox(box, metres)
}

// reachable returns a box that the vertices' box of every geometry meets that has a
// position in around, if its edges span at most the given degrees of longitude.
func reachable(around geo.BBox, degrees float64) geo.BBox {
	if degrees > 0 {
		const slack = 1e-9 // for rounding
		around.South = min(around.South, poleward(around.South, bend(degrees))-slack)
		around.North = max(around.North, -poleward(-around.North, bend(degrees))+slack)
	}
	return around
}

// wide is from how many degrees of longitude the way of an edge is not known.
const wide = 179

// bend returns how a geodesic that spans the degrees of longitude bends: no position
// of it has a tangent of latitude that exceeds the ends' divided by it. On a sphere
// that is the cosine of half the span; on the auxiliary sphere of the ellipsoid, of
// reduced latitudes, whose tangents are in proportion to those of latitudes, spans
// are up to 1/297 longer (Karney 2013, eq. 8).
func bend(degrees float64) float64 {
	if degrees >= wide {
		return 0
	}
	return cosDegrees(degrees * 1.004 / 2)
}
