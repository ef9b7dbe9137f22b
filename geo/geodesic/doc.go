// Package geodesic measures on the Earth: distance, length, area, the position
// at a distance, and bounds on distances, on the WGS 84 ellipsoid (EPSG:7030,
// a = 6 378 137 m, 1/f = 298.257 223 563).
//
// It is the only package with a metre in it. A geodesic is the shortest path
// between two positions on the ellipsoid; an edge is the geodesic between two
// neighbouring vertices of a geometry, so edges cross the antimeridian and run
// near a pole like anywhere else. An azimuth is the direction of a geodesic in
// degrees clockwise from north. A ring's inside is the side that does not hold
// the poles; a ring that goes round a pole has the nearer pole inside.
//
// Promises: positions are orb.Point{lon, lat} in degrees, CRS84 (OGC 17-069r4
// §6.2.1); lengths are metres and areas square metres; nothing here keeps
// state, so every function is safe for concurrent use. Distances are exact to
// the rounding of float64 (15 nm for two positions, 2 µm for a position and a
// geometry); bounds are true bounds, never estimates.
//
// Method: C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87, 43–55
// (2013), in the translation github.com/tidwall/geodesic, which no other
// package imports. The oracle of the tests is GeographicLib.
package geodesic
