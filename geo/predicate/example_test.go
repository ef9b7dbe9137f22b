package predicate_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/predicate"
)

// Touching is intersecting.
//
//	+-----+
//	|     |
//	|     *---*
//	+-----+
func ExampleIntersects() {
	polygon := orb.Polygon{{{70, 40}, {71, 40}, {71, 41}, {70, 41}, {70, 40}}}
	fmt.Println(predicate.Intersects(polygon, orb.LineString{{71, 40.5}, {72, 40.5}}))
	fmt.Println(predicate.Intersects(polygon, orb.Point{72, 40}))
	fmt.Println(predicate.Intersects(polygon, nil))
	// Output:
	// true <nil>
	// false <nil>
	// false <nil>
}

func ExamplePrepare() {
	area, err := predicate.Prepare(orb.Polygon{{{70, 40}, {71, 40}, {71, 41}, {70, 40}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range []orb.Point{{70.9, 40.1}, {70.1, 40.9}} {
		fmt.Println(area.Intersects(p))
	}
	// Output:
	// true <nil>
	// false <nil>
}

// A box may cross the antimeridian.
func ExampleIntersectsBBox() {
	fiji := geo.BBox{West: 177, South: -20, East: -178, North: -15}
	fmt.Println(predicate.IntersectsBBox(orb.Point{-179, -17}, fiji))
	fmt.Println(predicate.IntersectsBBox(orb.LineString{{170, -10}, {176, -17}}, fiji))
	// Output:
	// true
	// false
}

func ExampleValidate() {
	fmt.Println(predicate.Validate(orb.Polygon{{{70, 40}, {72, 42}, {72, 40}, {70, 42}, {70, 40}}}))
	fmt.Println(predicate.Validate(orb.Point{40, 120}))
	// Output:
	// the ring meets itself at lon 71, lat 41
	// the latitude is not between -90 and 90 at lon 40, lat 120
}
