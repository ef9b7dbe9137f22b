// Package curated holds the records that the program is shipped with, each
// fact with its source, and reads that form from any file system: one incident
// a file, lists of sources, parties, places, segments and areas, and shapes in
// GeoJSON files kept apart by their licence. README.md beside it has the form.
package curated

import (
	"embed"
	"io/fs"
)

//go:embed *.json incidents/*.json odbl/*.geojson naturalearth/*.geojson drawn/*.geojson
var files embed.FS

// Files returns the shipped records as files.
func Files() fs.FS { return files }
