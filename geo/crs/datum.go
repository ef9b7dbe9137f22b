package crs

import "math"

// shifted applies a projection of Pulkovo 1942 to positions on WGS 84, by
// EPSG:15865 "Pulkovo 1942 to WGS 84 (16)": a Coordinate Frame rotation in the
// geographic 2D domain (EPSG:9607), heights taken as 0 on the ellipsoid that
// the position comes from.
type shifted struct{ plane projection }

// The parameters of EPSG:15865: metres, arc-seconds (Coordinate Frame
// convention), and no change of scale.
const (
	shiftX, shiftY, shiftZ = 25, -141, -78.5
	turnX                  = 0
	turnY                  = -0.35 * arcsec
	turnZ                  = -0.736 * arcsec
)

func (s shifted) forward(lon, lat float64) (x, y float64, ok bool) {
	v := wgs84.geocentric(lon, lat)
	v = rotate(vector{v.x - shiftX, v.y - shiftY, v.z - shiftZ}, -1)
	there, lat := krassowsky.geographic(v)
	return s.plane.forward(beside(there, lon), lat)
}

func (s shifted) inverse(x, y float64) (lon, lat float64, ok bool) {
	if lon, lat, ok = s.plane.inverse(x, y); !ok {
		return 0, 0, false
	}
	v := rotate(krassowsky.geocentric(lon, lat), 1)
	there, lat := wgs84.geographic(vector{v.x + shiftX, v.y + shiftY, v.z + shiftZ})
	return beside(there, lon), lat, true
}

// beside returns lon, give or take whole turns, as near to other as can be, so
// that a box over the antimeridian stays in one piece.
func beside(lon, other float64) float64 {
	return other + math.Remainder(lon-other, 360)
}

// vector is a position in metres from the Earth's centre.
type vector struct{ x, y, z float64 }

// rotate turns the coordinate frame by the shift's small angles (direction 1)
// or back (-1). What the first order leaves out is below 0.2 mm.
func rotate(v vector, direction float64) vector {
	rx, ry, rz := turnX*direction, turnY*direction, turnZ*direction
	return vector{
		v.x + rz*v.y - ry*v.z,
		v.y - rz*v.x + rx*v.z,
		v.z + ry*v.x - rx*v.y,
	}
}

// geocentric returns where the position lon, lat (degrees) on e lies.
func (e ellipsoid) geocentric(lon, lat float64) vector {
	sinLat, cosLat := math.Sincos(lat * degree)
	sinLon, cosLon := math.Sincos(lon * degree)
	n := e.a / math.Sqrt(1-e.e2()*sinLat*sinLat)
	return vector{n * cosLat * cosLon, n * cosLat * sinLon, n * (1 - e.e2()) * sinLat}
}

// geographic returns the longitude and latitude in degrees of v on e, by
// Bowring's formula (Survey Review 23, 1976), exact to a nanometre within
// kilometres of the ellipsoid.
func (e ellipsoid) geographic(v vector) (lon, lat float64) {
	b := e.a * (1 - e.f)
	p := math.Hypot(v.x, v.y)
	sin, cos := math.Sincos(math.Atan2(v.z*e.a, p*b))
	second := e.e2() / (1 - e.e2())
	lat = math.Atan2(v.z+second*b*sin*sin*sin, p-e.e2()*e.a*cos*cos*cos)
	return math.Atan2(v.y, v.x) / degree, lat / degree
}
