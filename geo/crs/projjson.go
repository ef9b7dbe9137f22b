package crs

import (
	"embed"
	"strings"
)

// projjson holds what `projinfo -o PROJJSON` (PROJ 9.1.1, EPSG v10.076) says of
// each CRS.
//
//go:embed projjson/*.json
var projjson embed.FS

// PROJJSON returns the whole definition of c as PROJJSON 0.5 (proj.org), which
// GeoParquet and other formats carry. Its axes stand in the authority's order.
func (c CRS) PROJJSON() string {
	text, err := projjson.ReadFile("projjson/" + strings.ReplaceAll(c.String(), ":", "-") + ".json")
	if err != nil {
		panic(err) // a CRS without its file
	}
	return strings.TrimSpace(string(text))
}
