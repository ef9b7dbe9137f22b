package server

import (
	"math"
	"net/url"
	"strconv"
	"strings"
)

// mapInside asks that all (inside=certain) or some (inside=possible) of the circle
// within which an incident happened lies where an address of the map asks: in its
// box, its area, near its segment. It returns nothing where no address asks so.
func mapInside(asked url.Values) string {
	certain := asked.Get("inside") == "certain"
	if !certain && asked.Get("inside") != "possible" {
		return ""
	}
	var parts []string
	if n := mapNumbers(asked.Get("bbox")); mapBox(asked.Get("bbox")) != "" {
		parts = append(parts, "("+mapCircle([][2]float64{{n[0], n[1]}, {n[2], n[1]}, {n[2], n[3]}, {n[0], n[3]}}, certain)+")")
	}
	if corners := mapCorners(asked.Get("within")); corners != nil {
		parts = append(parts, "("+mapCircle(corners, certain)+")")
	}
	if m := mapNear.FindStringSubmatch(asked.Get("near")); m != nil {
		if km, _ := strconv.ParseFloat(m[2], 64); rounded(km, 1) > 0 && km <= 500 {
			sign := " + "
			if certain {
				sign = " - "
			}
			reach := func(metres string) string {
				return "dwithin(geometry, feature('segments', '" + m[1] + "'), " + metres + ")"
			}
			metres := degrees(rounded(km, 1) * 1000)
			parts = append(parts, "("+reach(metres+sign+"uncertainty_km * 1000")+" OR (uncertainty_km IS NULL AND "+reach(metres)+"))")
		}
	}
	return strings.Join(parts, " AND ")
}

// mapCircle asks where the circle lies by an area's corners: longitude and latitude,
// the first not repeated. Where the records name no radius, the position decides;
// what has no position may be anywhere.
func mapCircle(corners [][2]float64, certain bool) string {
	ring := mapRing(corners)
	there := "S_INTERSECTS(geometry, POLYGON((" + ring + ")))"
	if certain {
		return there + " AND (uncertainty_km IS NULL OR NOT dwithin(geometry, LINESTRING(" + ring + "), uncertainty_km * 1000))"
	}
	return there + " OR dwithin(geometry, POLYGON((" + ring + ")), uncertainty_km * 1000) OR geometry IS NULL"
}

// mapRing writes a closed ring whose edges, straight on the plane of longitude and
// latitude, are in pieces of a quarter of a degree: on the ground the way between
// the ends of a long one would leave it by kilometres.
func mapRing(corners [][2]float64) string {
	var out []string
	for k, a := range corners {
		b := corners[(k+1)%len(corners)]
		pieces := min(64, max(1, math.Ceil(max(math.Abs(b[0]-a[0]), math.Abs(b[1]-a[1]))*4)))
		for p := 0.0; p < pieces; p++ {
			out = append(out, degrees(rounded(a[0]+(b[0]-a[0])*p/pieces, 6))+" "+degrees(rounded(a[1]+(b[1]-a[1])*p/pieces, 6)))
		}
	}
	return strings.Join(append(out, out[0]), ", ")
}
