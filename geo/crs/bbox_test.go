package crs_test

import (
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/crs"
)

func near(a, b geo.BBox, tolerance float64) bool {
	return math.Abs(a.West-b.West) <= tolerance && math.Abs(a.South-b.South) <= tolerance &&
		math.Abs(a.East-b.East) <= tolerance && math.Abs(a.North-b.North) <= tolerance
}

func TestBBoxToCRS84(t *testing.T) {
	const half = 20037508.342789244
	for _, c := range []struct {
		name string
		crs  crs.CRS
		box  [4]float64
		want geo.BBox
	}{
		{"CRS84 as it is", crs.CRS84, [4]float64{69, 39, 71, 41}, geo.BBox{West: 69, South: 39, East: 71, North: 41}},
		{"4326 is latitude first", crs.EPSG4326, [4]float64{39, 69, 41, 71}, geo.BBox{West: 69, South: 39, East: 71, North: 41}},
		{"4326 over the antimeridian", crs.EPSG4326, [4]float64{65, 177, 70, -177}, geo.BBox{West: 177, South: 65, East: -177, North: 70}},
		{"4326 the world", crs.EPSG4326, [4]float64{-90, -180, 90, 180}, geo.World()},
		{"CRS84 more than the world", crs.CRS84, [4]float64{-200, -90, 200, 90}, geo.World()},
		{"Mercator's square", crs.EPSG3857, [4]float64{-half, -half, half, half},
			geo.BBox{West: -180, South: -85.05112877980659, East: 180, North: 85.05112877980659}},
		{"Mercator over the antimeridian", crs.EPSG3857, [4]float64{half * .9, 0, half * 1.1, 0},
			geo.BBox{West: 162, South: 0, East: -162, North: 0}},
		{"a point", crs.EPSG4326, [4]float64{40, 70, 40, 70}, geo.BBox{West: 70, South: 40, East: 70, North: 40}},
	} {
		got, err := c.crs.BBoxToCRS84(c.box)
		if err != nil || !near(got, c.want, 1e-12) {
			t.Errorf("%s: got %v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

func TestBBoxSidesBend(t *testing.T) {
	// The top of a UTM box, level on the plane, runs nearest to the pole where it
	// crosses the central meridian, 69° E.
	got, err := crs.EPSG32642.BBoxToCRS84([4]float64{200_000, 4_300_000, 777_777, 4_500_000})
	if err != nil {
		t.Fatal(err)
	}
	corner, _ := crs.EPSG32642.ToCRS84(orb.Point{200_000, 4_500_000})
	middle, _ := crs.EPSG32642.ToCRS84(orb.Point{500_000, 4_500_000})
	if math.Abs(got.North-middle.(orb.Point)[1]) > 1e-12 || middle.(orb.Point)[1] < corner.(orb.Point)[1]+0.04 {
		t.Errorf("north %v; the middle of the side lies at %v, its corner at %v", got.North, middle, corner)
	}
}

func TestBBoxRefused(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name string
		crs  crs.CRS
		box  [4]float64
	}{
		{"upside down", crs.CRS84, [4]float64{70, 41, 71, 40}},
		{"wrong way round on a plane", crs.EPSG3857, [4]float64{1, 0, 0, 1}},
		{"not a number", crs.EPSG4326, [4]float64{40, 70, nan, 71}},
		{"axes swapped", crs.EPSG4326, [4]float64{69, 95, 101, 97}},
		{"degrees for metres are far from the zone", crs.EPSG28412, [4]float64{39, 69, 41, 71}},
	} {
		_, err := c.crs.BBoxToCRS84(c.box)
		var input *geo.InputError
		if !errors.As(err, &input) {
			t.Errorf("%s: got %v, want an InputError", c.name, err)
		}
	}
	for _, b := range []geo.BBox{geo.EmptyBBox(), geo.World()} {
		if got, err := crs.EPSG32642.BBoxFromCRS84(b); err == nil {
			t.Errorf("%v in UTM 42N: got %v, want an error", b, got)
		}
	}
}

func TestBBoxFromCRS84OverTheAntimeridian(t *testing.T) {
	fiji := geo.BBox{West: 177, South: -20, East: -178, North: -15}
	for c, want := range map[crs.CRS][2]float64{
		crs.CRS84: {177, -178}, crs.EPSG4326: {177, -178}, crs.EPSG4284: {177.0004, -177.9996},
		crs.EPSG3857: {19703549.87, -19814869.36},
	} {
		got, err := c.BBoxFromCRS84(fiji)
		east := [2]float64{got[0], got[2]}
		if c.NorthFirst() {
			east = [2]float64{got[1], got[3]}
		}
		if err != nil || math.Abs(east[0]-want[0]) > 0.01 || math.Abs(east[1]-want[1]) > 0.01 {
			t.Errorf("%v: got %v, %v; want %v", c, got, err, want)
		}
	}
	if got, err := crs.EPSG4284.BBoxFromCRS84(geo.World()); err != nil || got[1] != -180 || got[3] != 180 {
		t.Errorf("the world on Pulkovo 1942: %v, %v", got, err)
	}
}

// TestBBoxHoldsEverythingAndNoMore draws boxes and asks of each that every
// position in it lies in the answer, and that each side of the answer is
// touched by a side of the box.
func TestBBoxHoldsEverythingAndNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(crs.All()).Draw(t, "crs")
		west, south := rapid.Float64Range(66, 77).Draw(t, "west"), rapid.Float64Range(36, 44).Draw(t, "south")
		b := geo.BBox{West: west, South: south,
			East:  west + rapid.Float64Range(0, 6).Draw(t, "width"),
			North: south + rapid.Float64Range(0, 4).Draw(t, "height")}
		box, err := c.BBoxFromCRS84(b)
		if err != nil {
			t.Fatal(err)
		}
		image := asBBox(c, box)
		scale := image.North - image.South + image.East - image.West + 1e-6
		touched := geo.EmptyBBox()
		for _, p := range outline(b) {
			q, err := c.FromCRS84(p)
			if err != nil {
				t.Fatal(err)
			}
			e := c.EastFirst(q).(orb.Point)
			touched = touched.Extend(geo.BBox{West: e[0], South: e[1], East: e[0], North: e[1]})
		}
		if grown := image.Extend(touched); !near(grown, image, 1e-9*scale) {
			t.Fatalf("%v %v: %v lies outside the answer %v", c, b, touched, image)
		}
		if !near(image, touched, 1e-3*scale) {
			t.Fatalf("%v %v: the answer %v is larger than %v", c, b, image, touched)
		}
		back, err := c.BBoxToCRS84(box)
		if err != nil {
			t.Fatal(err)
		}
		// 1 mm, since Pulkovo 1942 drops heights on the way
		if grown := back.Extend(b); !near(grown, back, 1e-8) {
			t.Fatalf("%v: %v there and back is %v, which does not hold it", c, b, back)
		}
	})
}

// asBBox reads a box of c as west, south, east, north.
func asBBox(c crs.CRS, b [4]float64) geo.BBox {
	low := c.EastFirst(orb.Point{b[0], b[1]}).(orb.Point)
	high := c.EastFirst(orb.Point{b[2], b[3]}).(orb.Point)
	return geo.BBox{West: low[0], South: low[1], East: high[0], North: high[1]}
}

// outline returns positions along the sides of b and across its middle.
func outline(b geo.BBox) []orb.Point {
	const n = 50
	var ps []orb.Point
	for i := range n + 1 {
		t := float64(i) / n
		lon, lat := b.West+t*(b.East-b.West), b.South+t*(b.North-b.South)
		ps = append(ps, orb.Point{lon, b.South}, orb.Point{lon, b.North}, orb.Point{b.West, lat},
			orb.Point{b.East, lat}, orb.Point{lon, (b.South + b.North) / 2}, orb.Point{lon, lat})
	}
	return ps
}
