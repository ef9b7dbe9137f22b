package snapshot

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
)

// What the cells say of a position is so, on the rim of the box and of the run too.
func TestCellsTellWhereAPositionIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := rapid.SampledFrom([]float64{0, 1e-300, 1e-9, 0.001, 1, 360}).Draw(t, "span")
		number := rapid.Custom(func(t *rapid.T) float64 {
			return rapid.SampledFrom([]float64{-180, 0, 70.4, 179}).Draw(t, "from") + span*rapid.OneOf(rapid.SampledFrom([]float64{0, 0.5, 1}), rapid.Float64Range(0, 1)).Draw(t, "part")
		})
		var shapes []orb.Geometry
		box := runBox{BBox: geo.EmptyBBox(), whole: true}
		var known []float64
		for range rapid.IntRange(1, runSites).Draw(t, "sites") {
			p := orb.Point{number.Draw(t, "x"), number.Draw(t, "y")}
			shapes, known = append(shapes, p), append(known, p[0], p[1])
			box.West, box.South, box.East, box.North = min(box.West, p[0]), min(box.South, p[1]), max(box.East, p[0]), max(box.North, p[1])
		}
		if box.note(shapes); !box.points {
			t.Fatal("positions are none")
		}
		edge := rapid.OneOf(number, rapid.SampledFrom(known))
		a, b, c, d := edge.Draw(t, "west"), edge.Draw(t, "east"), edge.Draw(t, "south"), edge.Draw(t, "north")
		part := geo.BBox{West: min(a, b), East: max(a, b), South: min(c, d), North: max(c, d)}
		in, doubt := box.inCells(&part)
		if in&doubt != 0 {
			t.Fatalf("%b are in doubt and not", in&doubt)
		}
		for i, g := range shapes {
			if bit := uint32(1) << i; doubt&bit == 0 && (in&bit != 0) != part.Contains(g.(orb.Point)) {
				t.Errorf("%v in %v: %v", g, part, in&bit != 0)
			}
		}
	})
}

// A shape that is no position, and a missing one, have no cell.
func TestCellsAreOfPositions(t *testing.T) {
	for _, g := range []orb.Geometry{nil, orb.LineString{{1, 1}, {2, 2}}} {
		if r := inRuns(1, []orb.Geometry{orb.Point{1, 1}, g}, &postings{starts: []uint32{0, 1, 2}}); r.of[0].points {
			t.Errorf("%v is a position", g)
		}
	}
}
