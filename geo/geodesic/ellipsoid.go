package geodesic

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/geodesic"
)

// The WGS 84 ellipsoid and the radii of curvature that bound it, in metres.
const (
	equatorial = 6378137.0
	flattening = 1 / 298.257223563
	polar      = equatorial * (1 - flattening)
	ecc2       = flattening * (2 - flattening)

	// Of all radii of curvature the meridian's at the equator is the least and
	// the one at the poles, equal in all directions, the greatest.
	leastRadius    = polar * polar / equatorial
	greatestRadius = equatorial * equatorial / polar

	degree = math.Pi / 180
)

// Distance returns the length in metres of the geodesic between the positions
// a and b (lon, lat in degrees, CRS84).
//
// Longitudes are taken modulo 360, so both names of the antimeridian are the
// same place. The answer is NaN when a coordinate is NaN or infinite or a
// latitude lies outside [-90, 90]. Exact to 15 nm, also for nearly antipodal
// positions. Safe for concurrent use; about a microsecond.
//
// Karney (2013), §4.
func Distance(a, b orb.Point) float64 {
	var metres float64
	geodesic.WGS84.Inverse(latitude(a), a[0], latitude(b), b[0], &metres, nil, nil)
	return metres
}

// Destination returns the position reached from p by following the geodesic
// that leaves p at the azimuth (degrees clockwise from north) for the given
// metres; negative metres go the other way.
//
// The longitude is in [-180, 180], on whichever side of the antimeridian the
// path ends. At a pole the azimuth counts from the meridian of p's longitude.
// The answer is NaN, NaN when an argument is NaN or infinite or p's latitude
// lies outside [-90, 90]. Safe for concurrent use; under a microsecond.
//
// Karney (2013), §3.
func Destination(p orb.Point, azimuthDegrees, metres float64) orb.Point {
	if !isPosition(p) || !isFinite(azimuthDegrees) || !isFinite(metres) {
		return orb.Point{math.NaN(), math.NaN()}
	}
	var lat, lon float64
	geodesic.WGS84.Direct(latitude(p), p[0], azimuthDegrees, metres, &lat, &lon, nil)
	return orb.Point{lon, lat}
}

// isPosition tells whether p is a place on the Earth.
func isPosition(p orb.Point) bool { return isFinite(p[0]) && math.Abs(p[1]) <= 90 }

func isFinite(x float64) bool { return x-x == 0 }

// wrap brings a difference of longitudes in degrees into [-180, 180].
func wrap(degrees float64) float64 {
	if degrees >= -180 && degrees <= 180 {
		return degrees
	}
	return math.Remainder(degrees, 360)
}

// latitude returns p's latitude in degrees for the geodesic library, which
// answers wrongly, even with a negative distance, when two nearly antipodal
// positions have latitudes so little below 0 that it rounds them to -0
// (tidwall/geodesic v1.52.4, angRound and latsign in geodGenInverseInt).
func latitude(p orb.Point) float64 {
	if math.Abs(p[1]) < 1e-15 { // a tenth of a nanometre
		return 0
	}
	return p[1]
}

// A ray is the geodesic from one position to another: its length in metres and
// its azimuth in degrees at either end, always onward.
type ray struct{ metres, leave, arrive float64 }

// rayTo returns the geodesic from p to q.
func rayTo(p, q orb.Point) ray {
	var r ray
	geodesic.WGS84.Inverse(latitude(p), p[0], latitude(q), q[0], &r.metres, &r.leave, &r.arrive)
	return r
}
