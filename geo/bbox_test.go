package geo_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
)

var nan = math.NaN()

func box(west, south, east, north float64) geo.BBox {
	return geo.BBox{West: west, South: south, East: east, North: north}
}

func TestBBoxIsEmpty(t *testing.T) {
	for name, c := range map[string]struct {
		box  geo.BBox
		want bool
	}{
		"zero value is the point 0, 0": {geo.BBox{}, false},
		"made empty":                   {geo.EmptyBBox(), true},
		"world":                        {geo.World(), false},
		"south above north":            {box(0, 2, 1, 1), true},
		"crosses the antimeridian":     {box(170, -1, -170, 1), false},
		"crosses, south above north":   {box(170, 1, -170, -1), true},
		"NaN west":                     {box(nan, 0, 1, 1), true},
		"NaN south":                    {box(0, nan, 1, 1), true},
		"NaN east":                     {box(0, 0, nan, 1), true},
		"NaN north":                    {box(0, 0, 1, nan), true},
		"a pole":                       {box(-180, 90, 180, 90), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.box.IsEmpty(); got != c.want {
				t.Errorf("IsEmpty() = %v, want %v", got, c.want)
			}
			if got := len(c.box.Parts()) == 0; got != c.want {
				t.Errorf("Parts() = %v, want empty: %v", c.box.Parts(), c.want)
			}
			if c.want && (c.box.Contains(orb.Point{0, 0}) || c.box.Intersects(geo.World()) || geo.World().Intersects(c.box)) {
				t.Error("an empty box contains or meets something")
			}
		})
	}
}

func TestBBoxParts(t *testing.T) {
	for name, c := range map[string]struct {
		box  geo.BBox
		want []geo.BBox
	}{
		"plain":              {box(68, 38, 70, 40), []geo.BBox{box(68, 38, 70, 40)}},
		"crossing":           {box(177, -20, -178, -16), []geo.BBox{box(177, -20, 180, -16), box(-180, -20, -178, -16)}},
		"just both edges":    {box(180, 0, -180, 1), []geo.BBox{box(180, 0, 180, 1), box(-180, 0, -180, 1)}},
		"all but a meridian": {box(1, 0, -1, 1), []geo.BBox{box(1, 0, 180, 1), box(-180, 0, -1, 1)}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.box.Parts()); diff != "" {
				t.Errorf("Parts() (-want +got):\n%s", diff)
			}
			if got, want := c.box.CrossesAntimeridian(), len(c.want) == 2; got != want {
				t.Errorf("CrossesAntimeridian() = %v, want %v", got, want)
			}
		})
	}
}

func TestBBoxOf(t *testing.T) {
	empty := geo.EmptyBBox()
	for name, c := range map[string]struct {
		g    orb.Geometry
		want geo.BBox
	}{
		"nil":                            {nil, empty},
		"point":                          {orb.Point{69, 38}, box(69, 38, 69, 38)},
		"point 0, 0":                     {orb.Point{}, geo.BBox{}},
		"point that is not a position":   {orb.Point{nan, 1}, empty},
		"empty multipoint":               {orb.MultiPoint{}, empty},
		"multipoint":                     {orb.MultiPoint{{1, 5}, {-1, 7}}, box(-1, 5, 1, 7)},
		"empty line":                     {orb.LineString{}, empty},
		"line":                           {orb.LineString{{1, 5}, {2, 3}}, box(1, 3, 2, 5)},
		"empty ring":                     {orb.Ring{}, empty},
		"ring":                           {orb.Ring{{0, 0}, {1, 0}, {1, 2}, {0, 0}}, box(0, 0, 1, 2)},
		"lines, the first of them empty": {orb.MultiLineString{{}, {{1, 5}, {2, 3}}}, box(1, 3, 2, 5)},
		"lines, all of them empty":       {orb.MultiLineString{{}, {}}, empty},
		"empty polygon":                  {orb.Polygon{}, empty},
		"polygon with an empty ring":     {orb.Polygon{{}}, empty},
		"polygon":                        {orb.Polygon{{{0, 0}, {1, 0}, {1, 2}, {0, 0}}}, box(0, 0, 1, 2)},
		"polygons, all of them empty":    {orb.MultiPolygon{{}, {{}}}, empty},
		"polygons, the first empty":      {orb.MultiPolygon{{}, {{{3, 3}, {4, 3}, {4, 5}, {3, 3}}}}, box(3, 3, 4, 5)},
		"empty collection":               {orb.Collection{}, empty},
		"collection of empty members":    {orb.Collection{orb.LineString{}, orb.Collection{}}, empty},
		"collection, first member empty": {orb.Collection{orb.MultiPoint{}, orb.Point{5, 6}}, box(5, 6, 5, 6)},
		"bound":                          {orb.Bound{Min: orb.Point{1, 2}, Max: orb.Point{3, 4}}, box(1, 2, 3, 4)},
		"empty bound":                    {orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}, empty},
	} {
		t.Run(name, func(t *testing.T) {
			got := geo.BBoxOf(c.g)
			if got.IsEmpty() && c.want.IsEmpty() {
				return
			}
			if got != c.want {
				t.Errorf("BBoxOf(%v) = %v, want %v", c.g, got, c.want)
			}
		})
	}
}

func TestBBoxExtendKeepsWhatCrossesTheAntimeridian(t *testing.T) {
	fiji, origin := box(177, -20, -178, -16), box(0, 0, 1, 1)
	want := box(-180, -20, 180, 1)
	if got := fiji.Extend(origin); got != want {
		t.Errorf("Fiji and the origin: %v, want %v", got, want)
	}
	if got := origin.Extend(fiji); got != want {
		t.Errorf("the origin and Fiji: %v, want %v", got, want)
	}
}

func ExampleBBox() {
	fiji := geo.BBox{West: 177, South: -20, East: -178, North: -16}
	fmt.Println(fiji.CrossesAntimeridian(), fiji.Contains(orb.Point{179.5, -17}), fiji.Contains(orb.Point{0, -17}))
	for _, part := range fiji.Parts() {
		fmt.Println(part.Bound())
	}
	// Output:
	// true true false
	// {[177 -20] [180 -16]}
	// {[-180 -20] [-178 -16]}
}
