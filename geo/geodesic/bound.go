package geodesic

import (
	"math"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// Bounds come from a sphere that is nowhere longer than the ellipsoid. Give
// each position its rectifying latitude, which grows with the metres along the
// meridian, and put it on the sphere with the ellipsoid's quarter meridian.
// Meridians keep their length and parallels shrink (by 0.17 % at the equator,
// by nothing at the poles), so the spherical distance never exceeds the true
// one.

// Third flattening, and the radius of the sphere in metres (Helmert 1880).
const (
	n1              = flattening / (2 - flattening)
	n2              = n1 * n1
	n3              = n2 * n1
	n4              = n2 * n2
	meridianRadius  = equatorial / (1 + n1) * (1 + n2/4 + n4/64)
	roundingMetres  = 1e-6 // more than all rounding in a bound can come to
	roundingDegrees = 1e-9
)

// series returns c[0] sin 2x + c[1] sin 4x + c[2] sin 6x + c[3] sin 8x for
// s = sin 2x and c2 = 2 cos 2x, by Clenshaw's recurrence.
func series(c [4]float64, s, c2 float64) float64 {
	b3 := c[3]
	b2 := c[2] + c2*b3
	b1 := c[1] + c2*b2 - b3
	return s * (c[0] + c2*b1 - b2)
}

// A rectified is a rectifying latitude in radians, its sine and its cosine.
type rectified struct{ mu, sin, cos float64 }

// rectify returns the rectifying latitude of a latitude in radians.
func rectify(lat float64) rectified {
	sin, cos := math.Sincos(lat)
	d := series([4]float64{
		-3./2*n1 + 9./16*n3, 15./16*n2 - 15./32*n4, -35. / 48 * n3, 315. / 512 * n4,
	}, 2*sin*cos, 2-4*sin*sin)
	// The two latitudes differ by less than 0.003, so short series turn one's
	// sine and cosine into the other's.
	d2 := d * d
	sinD, cosD := d*(1-d2/6*(1-d2/20)), 1-d2/2*(1-d2/12)
	return rectified{lat + d, sin*cosD + cos*sinD, cos*cosD - sin*sinD}
}

// geodetic returns the latitude in radians of a rectifying latitude in radians.
func geodetic(mu float64) float64 {
	sin, cos := math.Sincos(2 * mu)
	return mu + series([4]float64{
		3./2*n1 - 27./32*n3, 21./16*n2 - 55./32*n4, 151. / 96 * n3, 1097. / 512 * n4,
	}, sin, 2*cos)
}

// A place is a position on the sphere of the bounds.
type place struct {
	lon float64 // degrees
	rectified
}

func sphericalPlace(p orb.Point) place { return place{p[0], rectify(p[1] * degree)} }

// toPlace returns a lower bound of the distance in metres between two places.
func (o place) toPlace(q place) float64 {
	sin, cos := math.Sincos(wrap(q.lon-o.lon) * degree / 2)
	return metresOf(o.angle(q.rectified, sin*sin, cos*cos))
}

// metresOf turns an angle of the sphere in radians into metres, rounding down.
func metresOf(angle float64) float64 {
	return max(0, angle*(meridianRadius*(1-1e-13))-roundingMetres)
}

// width returns the degrees of longitude from the west edge to the east edge.
func width(b geo.BBox) float64 {
	if b.East < b.West {
		return b.East - b.West + 360
	}
	return b.East - b.West
}

// latitudes returns the rectifying latitudes of b's south and north edge.
func latitudes(b geo.BBox) (south, north rectified) {
	return rectify(max(b.South, -90) * degree), rectify(min(b.North, 90) * degree)
}

// angle returns the angle in radians between two places, given the squares of
// the sine and cosine of half their difference in longitude: by the haversine
// formula, or where that loses digits by its like for the antipode.
func (o place) angle(q rectified, near, far float64) float64 {
	across := o.cos * q.cos
	if h := square(math.Sin((q.mu-o.mu)/2)) + across*near; h < 0.5 {
		return 2 * math.Asin(math.Sqrt(h))
	}
	h := square(math.Sin((q.mu+o.mu)/2)) + across*far
	return math.Pi - 2*math.Asin(math.Sqrt(min(1, h)))
}

func square(x float64) float64 { return x * x }

// BufferBox returns a box that holds every position within the given metres of
// any position in g, for a search by box before an exact test.
//
// The box may cross the antimeridian (West > East), and has all longitudes when
// it reaches a pole. It exceeds the least such box by 0.2 % of metres and a
// tenth of a millimetre. Degrees, CRS84. The answer is empty when g is, and
// when metres is negative or NaN, since nothing is that near. Safe for
// concurrent use; about 0.1 µs.
func BufferBox(g geo.BBox, metres float64) geo.BBox {
	if g.IsEmpty() || !(metres >= 0) {
		return geo.EmptyBBox()
	}
	angle := metres / meridianRadius
	if angle >= math.Pi {
		return geo.World()
	}
	box := geo.BBox{West: -180, South: -90, East: 180, North: 90}
	south, north := latitudes(g)
	if s := south.mu - angle; s > -math.Pi/2 {
		box.South = max(-90, geodetic(s)/degree-roundingDegrees)
	}
	if n := north.mu + angle; n < math.Pi/2 {
		box.North = min(90, geodetic(n)/degree+roundingDegrees)
	}
	furthest := max(math.Abs(south.mu), math.Abs(north.mu))
	if furthest+angle >= math.Pi/2 {
		return box // holds a pole, and so every longitude
	}
	lon := math.Asin(math.Min(1, math.Sin(angle)/math.Cos(furthest)))/degree + roundingDegrees
	if width(g)+2*lon < 360 {
		box.West, box.East = wrap(g.West-lon), wrap(g.East+lon)
	}
	return box
}

// EdgeBox returns a box that holds every edge between positions of b that spans at
// most the given degrees of longitude: edges are geodesics, which leave the box of
// their ends poleward. On a sphere no position of one has a tangent of latitude
// that exceeds the ends' divided by the cosine of half the span; on the auxiliary
// sphere of the ellipsoid spans are up to 1/297 longer (Karney 2013, eq. 8).
func EdgeBox(b geo.BBox, span float64) geo.BBox {
	if span <= 0 || b.IsEmpty() {
		return b
	}
	shrink := 0.0
	if span < 179 {
		shrink = math.Cos(span * 1.004 / 2 * degree)
	}
	poleward := func(lat float64) float64 {
		if lat <= 0 {
			return lat
		}
		if lat >= 90 || shrink <= 0 {
			return 90
		}
		return min(90, math.Atan(math.Tan(lat*degree)/shrink)/degree+roundingDegrees)
	}
	b.North, b.South = max(b.North, poleward(b.North)), min(b.South, -poleward(-b.South))
	return b
}
