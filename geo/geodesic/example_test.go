package geodesic_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/geodesic"
)

// Positions are lon, lat; the metres are those of the ellipsoid.
func ExampleDistance() {
	paris, berlin := orb.Point{2.3522, 48.8566}, orb.Point{13.4050, 52.5200}
	fmt.Printf("%.1f km\n", geodesic.Distance(paris, berlin)/1000)
	// Output: 879.7 km
}

func ExampleDestination() {
	fmt.Printf("%.4f\n", geodesic.Destination(orb.Point{179.9, 0}, 90, 25_000))
	// Output: [-179.8754 0.0000]
}

// A line is as near as its nearest edge; a polygon is 0 metres away from
// within, but not from within its hole.
//
//	+-------------+
//	|   +-----+   |
//	|   |  p  |   |
//	|   +-----+   |
//	+-------------+
func ExampleDistanceTo() {
	p := orb.Point{70.05, 40.05}
	outer := orb.Ring{{70, 40}, {70.1, 40}, {70.1, 40.1}, {70, 40.1}, {70, 40}}
	hole := orb.Ring{{70.04, 40.04}, {70.06, 40.04}, {70.06, 40.06}, {70.04, 40.06}, {70.04, 40.04}}

	for _, g := range []orb.Geometry{orb.LineString{{70, 40}, {70.1, 40}}, orb.Polygon{outer}, orb.Polygon{outer, hole}, nil} {
		metres, ok := geodesic.DistanceTo(p, g)
		fmt.Printf("%.1f %v\n", metres, ok)
	}
	// Output:
	// 5550.6 true
	// 0.0 true
	// 853.3 true
	// NaN false
}

func ExampleLengthOf() {
	fmt.Printf("%.1f m\n", geodesic.LengthOf(orb.LineString{{70, 40}, {70, 40.1}, {70.1, 40.1}}))
	// Output: 19630.5 m
}

func ExampleAreaOf() {
	fmt.Printf("%.3f km²\n", geodesic.AreaOf(orb.Polygon{{{70, 40}, {70.1, 40}, {70.1, 40.1}, {70, 40.1}, {70, 40}}})/1e6)
	// Output: 94.748 km²
}

// What lies within 25 km of a place lies in the buffer box round it.
func ExampleBufferBox() {
	p := orb.Point{179.9, 0}
	box := geodesic.BufferBox(geo.BBoxOf(p), 25_000)
	fmt.Printf("%.3f %.3f %.3f %.3f\n", box.West, box.South, box.East, box.North)
	// Output:
	// 179.675 -0.226 -179.875 0.226
}
