package crs

import (
	"embed"
	"strings"
)

// wkt holds what `projinfo -o WKT1_GDAL` (PROJ 9.1.1, EPSG v10.076) says of each
// CRS that EPSG has.
//
//go:embed wkt/*.wkt
var wkt embed.FS

// WKT returns the definition of c as well-known text (OGC 01-009), which
// GeoPackage and shapefiles carry. It names no axes: their formats put the
// longitude or easting first, as EastFirst does. That of CRS84 is EPSG:4326's,
// which is the same then.
func (c CRS) WKT() string {
	if c == CRS84 {
		c = EPSG4326
	}
	text, err := wkt.ReadFile("wkt/" + strings.ReplaceAll(c.String(), ":", "-") + ".wkt")
	if err != nil {
		panic(err) // a CRS without its file
	}
	return strings.TrimSpace(string(text))
}
