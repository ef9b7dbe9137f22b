package tms_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/tms"
)

// The last levels of the sets as OGC 17-083r4 Annex D has them.
func TestScalesAreThoseOfTheStandard(t *testing.T) {
	for _, tt := range []struct {
		set           *tms.Set
		level         int
		scale, cell   float64
		width, height int
	}{
		{tms.WebMercatorQuad(), 0, 559082264.028717, 156543.033928041, 1, 1},
		{tms.WebMercatorQuad(), 18, 2132.72958384978, 0.597164283477940, 262144, 262144},
		{tms.WebMercatorQuad(), 24, 33.3238997476529, 0.009330691929342804, 16777216, 16777216},
		{tms.WorldCRS84Quad(), 0, 279541132.014358, 0.703125, 2, 1},
		{tms.WorldCRS84Quad(), 17, 2132.72958384978, 0.00000536441802978516, 262144, 131072},
	} {
		scale, cell := math.Ldexp(tt.set.ScaleDenominator, -tt.level), math.Ldexp(tt.set.CellSize, -tt.level)
		width, height := tt.set.Size(tt.level)
		if math.Abs(scale/tt.scale-1) > 1e-12 || math.Abs(cell/tt.cell-1) > 1e-12 || width != tt.width || height != tt.height || tt.level >= tt.set.Levels {
			t.Errorf("%s level %d: 1:%v, %v, %d × %d; want 1:%v, %v, %d × %d", tt.set.ID, tt.level, scale, cell, width, height, tt.scale, tt.cell, tt.width, tt.height)
		}
	}
}

// The plane is that of the set's CRS, and there and back is the same place.
func TestPlaneIsThatOfTheCRS(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, set := range tms.All() {
		for range 2000 {
			p := orb.Point{r.Float64()*360 - 180, r.Float64()*170 - 85}
			x, y := set.Forward(p)
			back := set.Inverse(x, y)
			if math.Hypot(back[0]-p[0], back[1]-p[1]) > 1e-12*360 {
				t.Fatalf("%s: %v comes back as %v", set.ID, p, back)
			}
			g, err := set.CRS.FromCRS84(p)
			if err != nil {
				t.Fatal(err)
			}
			in := g.(orb.Point)
			tile := set.CellSize * tms.CellsPerTile
			if want := [2]float64{(in[0] - set.Origin[0]) / tile, (set.Origin[1] - in[1]) / tile}; math.Abs(want[0]-x)+math.Abs(want[1]-y) > 1e-12 {
				t.Fatalf("%s: %v is at %v, %v, by its CRS at %v", set.ID, p, x, y, want)
			}
		}
	}
	if tms.WebMercatorQuad().CRS != crs.EPSG3857 || tms.WorldCRS84Quad().CRS != crs.CRS84 {
		t.Error("the sets have other CRSs than their names say")
	}
}

// WebMercatorQuad has the tiles that orb/maptile has.
func TestTilesOfWebMercator(t *testing.T) {
	set := tms.WebMercatorQuad()
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		p, level := orb.Point{r.Float64()*360 - 180, r.Float64()*168 - 84}, r.IntN(20)
		want := maptile.At(p, maptile.Zoom(level))
		l, ok := set.Limits(geo.BBox{West: p[0], South: p[1], East: p[0], North: p[1]}, level, 0)
		if !ok || l.MinCol != int(want.X) || l.MaxCol != int(want.X) || l.MinRow != int(want.Y) || l.MaxRow != int(want.Y) {
			t.Fatalf("%v on level %d is in %+v, want %v", p, level, l, want)
		}
		at := tms.Tile{Level: level, Row: int(want.Y), Col: int(want.X)}
		b, bound := set.Box(at, 0), want.Bound()
		if d := math.Abs(b.West-bound.Min[0]) + math.Abs(b.South-bound.Min[1]) + math.Abs(b.East-bound.Max[0]) + math.Abs(b.North-bound.Max[1]); d > 1e-9 {
			t.Fatalf("tile %v is %v, want %v", at, b, bound)
		}
		if !b.Contains(p) && !set.Box(at, 1e-9).Contains(p) {
			t.Fatalf("tile %v does not have %v, which is in it", at, p)
		}
	}
}

// A tile's box with a margin crosses the antimeridian, and ends at the set's edges.
func TestBoxesAtTheEdges(t *testing.T) {
	set := tms.WorldCRS84Quad()
	for _, tt := range []struct {
		tile   tms.Tile
		margin float64
		want   geo.BBox
	}{
		{tms.Tile{}, 0, geo.BBox{West: -180, South: -90, East: 0, North: 90}},
		{tms.Tile{Level: 1}, 0.5, geo.BBox{West: 135, South: -45, East: -45, North: 90}},
		{tms.Tile{Level: 1, Row: 1, Col: 3}, 0.5, geo.BBox{West: 45, South: -90, East: -135, North: 45}},
		{tms.Tile{Level: 2, Row: 1, Col: 4}, 0, geo.BBox{West: 0, South: 0, East: 45, North: 45}},
		{tms.Tile{}, 0.5, geo.BBox{West: -180, South: -90, East: 180, North: 90}},
	} {
		if got := set.Box(tt.tile, tt.margin); got != tt.want {
			t.Errorf("%v with %v: %v, want %v", tt.tile, tt.margin, got, tt.want)
		}
	}
	if mercator := tms.WebMercatorQuad().Box(tms.Tile{}, 0.1); math.Abs(mercator.North-85.0511287798) > 1e-9 || mercator.West != -180 || mercator.East != 180 {
		t.Errorf("the world is %v", mercator)
	}
}

func TestLimits(t *testing.T) {
	set := tms.WebMercatorQuad()
	if _, ok := set.Limits(geo.EmptyBBox(), 3, 0); ok {
		t.Error("an empty box has tiles")
	}
	if _, ok := set.Limits(geo.BBox{West: 0, South: 86, East: 1, North: 89}, 3, 0); ok {
		t.Error("what lies beyond the set has tiles")
	}
	if l, _ := set.Limits(geo.BBox{West: 170, South: 0, East: -170, North: 10}, 2, 0); l.MinCol != 0 || l.MaxCol != 3 {
		t.Errorf("a box across the antimeridian has %+v", l)
	}
	if l, _ := set.Limits(geo.World(), 2, 0.1); l != (tms.Limits{Level: 2, MaxRow: 3, MaxCol: 3}) {
		t.Errorf("the world has %+v", l)
	}
	edge := geo.BBox{West: 0, South: 1, East: 0, North: 1} // on the edge of two columns
	if l, _ := set.Limits(edge, 2, 1.0/64); l.MinCol != 1 || l.MaxCol != 2 {
		t.Errorf("a position on an edge has %+v, want both sides", l)
	}
	for _, at := range []tms.Tile{{Level: -1}, {Level: 25}, {Level: 2, Row: 4}, {Level: 2, Col: 4}, {Level: 2, Row: -1}, {Level: 2, Col: -1}} {
		if set.Has(at) {
			t.Errorf("the set has %v", at)
		}
	}
}
