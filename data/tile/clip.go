package tile

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/clip/smartclip"
	"github.com/paulmach/orb/planar"
)

// clipped returns the part of a geometry that lies in the box; nil where nothing
// does. Areas stay valid where they are cut (OGC 06-103r4 §6.1.11): a bay that the
// edge of the box cuts parts the area, and a hole becomes a bay.
func clipped(box orb.Bound, g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Polygon:
		return clippedArea(box, g)
	case orb.MultiPolygon:
		var out orb.MultiPolygon
		for _, p := range g {
			out = append(out, clippedArea(box, p)...)
		}
		return out
	case orb.Collection:
		var out orb.Collection
		for _, member := range g {
			if c := clipped(box, member); c != nil {
				out = append(out, c)
			}
		}
		return out
	}
	return clip.Geometry(box, g)
}

// clippedArea cuts a polygon. Rings that cross the box are joined along its edge
// by smartclip; it knows nothing of an outline that goes round the box.
func clippedArea(box orb.Bound, p orb.Polygon) orb.MultiPolygon {
	if len(p) == 0 || !p.Bound().Intersects(box) {
		return nil
	}
	if holds(box, p.Bound()) {
		return orb.MultiPolygon{p}
	}
	plain := clip.Polygon(box, clone(p))
	if len(plain) == 0 {
		return nil
	}
	smart := joinedAlong(box, oriented(p))
	// Clipped ring by ring, areas are right, even where outlines are not.
	if want := areaOf(orb.MultiPolygon{plain}); math.Abs(areaOf(smart)-want) > 1e-6*want+1e-3 {
		return orb.MultiPolygon{plain}
	}
	return smart
}

// joinedAlong cuts a polygon with holes, whose rings wind as oriented makes them.
func joinedAlong(box orb.Bound, p orb.Polygon) orb.MultiPolygon {
	var crossing, within orb.Polygon
	for _, ring := range p {
		switch {
		case holds(box, ring.Bound()):
			within = append(within, ring)
		case len(clip.LineString(box, orb.LineString(ring), clip.OpenBound(true))) > 0:
			crossing = append(crossing, ring)
		}
	}
	if len(crossing) == 0 { // the outline goes round the box, and holes lie in it
		return orb.MultiPolygon{append(orb.Polygon{box.ToRing()}, within...)}
	}
	return smartclip.Polygon(box, append(crossing, within...), orb.CCW)
}

// holds tells whether b lies in the box.
func holds(box, b orb.Bound) bool { return box.Contains(b.Min) && box.Contains(b.Max) }

func clone(p orb.Polygon) orb.Polygon { return orb.Clone(p).(orb.Polygon) }

// oriented returns the polygon with its outline counter-clockwise and its holes
// clockwise, x to the right and y upward.
func oriented(p orb.Polygon) orb.Polygon {
	p = clone(p)
	for i, ring := range p {
		if (ring.Orientation() == orb.CCW) != (i == 0) {
			ring.Reverse()
		}
	}
	return p
}

// areaOf returns the area of polygons, holes left out.
func areaOf(mp orb.MultiPolygon) float64 {
	sum := 0.0
	for _, p := range mp {
		for i, ring := range p {
			if a := math.Abs(planar.Area(ring)); i == 0 {
				sum += a
			} else {
				sum -= a
			}
		}
	}
	return sum
}
