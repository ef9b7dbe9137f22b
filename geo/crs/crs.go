package crs

import (
	"strconv"

	"demarc/geo"
)

// CRS is one of the coordinate reference systems that the service speaks. The
// zero value is CRS84. Values can be compared and be keys.
type CRS uint8

// The coordinate reference systems, in the order in which they are advertised:
// CRS84 must be the first (OGC 18-058r1 /req/crs/fc-md-crs-list).
const (
	CRS84     CRS = iota // longitude, latitude on WGS 84
	EPSG4326             // latitude, longitude on WGS 84
	EPSG3857             // easting, northing, web Mercator
	EPSG32642            // easting, northing, UTM zone 42N
	EPSG32643            // easting, northing, UTM zone 43N
	EPSG4284             // latitude, longitude on Pulkovo 1942
	EPSG28412            // northing, easting, Gauss–Krüger zone 12
	EPSG28413            // northing, easting, Gauss–Krüger zone 13
	count
)

// definition is what is known of a CRS. Its forward takes lon, lat in degrees
// on WGS 84 to east, north coordinates; inverse goes back.
type definition struct {
	code       int // EPSG's; 0 for CRS84
	name       string
	northFirst bool
	geographic bool
	accuracy   float64
	area       geo.BBox
	projection projection
}

// projection takes positions on WGS 84, lon, lat in degrees, to east, north
// coordinates and back. Both return false where the method does not reach.
type projection interface {
	forward(lon, lat float64) (x, y float64, ok bool)
	inverse(x, y float64) (lon, lat float64, ok bool)
}

// pulkovoAccuracy is EPSG's figure for EPSG:15865, in metres.
const pulkovoAccuracy = 4.5

// definitions holds every CRS by its number. Areas of use are EPSG's, v10.076.
var definitions = [count]definition{
	CRS84: {name: "WGS 84 (longitude, latitude)", geographic: true,
		area: geo.World(), projection: geographic{}},
	EPSG4326: {code: 4326, name: "WGS 84", northFirst: true, geographic: true,
		area: geo.World(), projection: geographic{}},
	EPSG3857: {code: 3857, name: "WGS 84 / Pseudo-Mercator",
		area:       geo.BBox{West: -180, South: -85.06, East: 180, North: 85.06},
		projection: webMercator{}},
	EPSG32642: {code: 32642, name: "WGS 84 / UTM zone 42N",
		area:       geo.BBox{West: 66, South: 0, East: 72, North: 84},
		projection: newTransverseMercator(wgs84, 69, 0.9996, 500_000)},
	EPSG32643: {code: 32643, name: "WGS 84 / UTM zone 43N",
		area:       geo.BBox{West: 72, South: 0, East: 78, North: 84},
		projection: newTransverseMercator(wgs84, 75, 0.9996, 500_000)},
	EPSG4284: {code: 4284, name: "Pulkovo 1942", northFirst: true, geographic: true,
		accuracy: pulkovoAccuracy, projection: shifted{geographic{}},
		area: geo.BBox{West: 19.57, South: 35.14, East: -168.97, North: 81.91}},
	EPSG28412: {code: 28412, name: "Pulkovo 1942 / Gauss-Kruger zone 12", northFirst: true,
		accuracy: pulkovoAccuracy, area: geo.BBox{West: 66, South: 36.67, East: 72, North: 77.07},
		projection: shifted{newTransverseMercator(krassowsky, 69, 1, 12_500_000)}},
	EPSG28413: {code: 28413, name: "Pulkovo 1942 / Gauss-Kruger zone 13", northFirst: true,
		accuracy: pulkovoAccuracy, area: geo.BBox{West: 72, South: 36.79, East: 78, North: 75.88},
		projection: shifted{newTransverseMercator(krassowsky, 75, 1, 13_500_000)}},
}

// All returns every CRS, CRS84 first.
func All() []CRS {
	all := make([]CRS, count)
	for i := range all {
		all[i] = CRS(i)
	}
	return all
}

// Code returns EPSG's number for c, and 0 for CRS84, which is OGC's.
func (c CRS) Code() int { return definitions[c].code }

// Name returns the authority's name for c.
func (c CRS) Name() string { return definitions[c].name }

// Geographic tells whether coordinates are latitude and longitude in degrees,
// rather than metres on a plane.
func (c CRS) Geographic() bool { return definitions[c].geographic }

// NorthFirst tells whether the first coordinate is the latitude or northing.
func (c CRS) NorthFirst() bool { return definitions[c].northFirst }

// Area returns the box round the area for which the authority means c. A
// position outside can often be transformed, but projected coordinates are
// distorted there and a datum shift is no longer what was surveyed.
func (c CRS) Area() geo.BBox { return definitions[c].area }

// Accuracy returns how far, in metres, a transformed position may lie from the
// truth because the datums are related by approximation only; 0 where the
// transform is exact by definition.
func (c CRS) Accuracy() float64 { return definitions[c].accuracy }

// String returns the CRS as "EPSG:4326" or "OGC:CRS84".
func (c CRS) String() string {
	if c == CRS84 {
		return "OGC:CRS84"
	}
	return "EPSG:" + strconv.Itoa(c.Code())
}

// URI returns the name of c as it stands in crs, storageCrs and Content-Crs
// (OGC 18-058r1 §6.2).
func (c CRS) URI() string {
	if c == CRS84 {
		return opengis + "OGC/1.3/CRS84"
	}
	return opengis + "EPSG/0/" + strconv.Itoa(c.Code())
}

// CURIE returns c as a safe CURIE: "[EPSG:4326]".
func (c CRS) CURIE() string { return "[" + c.String() + "]" }
