package geoparquet

import (
	"encoding/json"
	"maps"
	"slices"

	"demarc/geo"
	"demarc/geo/crs"
)

// fileMetadata is the value of the footer's key "geo" (GeoParquet 1.1 "File
// metadata").
type fileMetadata struct {
	Version       string                    `json:"version"`
	PrimaryColumn string                    `json:"primary_column"`
	Columns       map[string]columnMetadata `json:"columns"`
}

// columnMetadata tells of a geometry column.
type columnMetadata struct {
	Encoding      string                         `json:"encoding"`
	GeometryTypes []string                       `json:"geometry_types"`
	CRS           json.RawMessage                `json:"crs,omitempty"`
	BBox          []float64                      `json:"bbox,omitempty"`
	Covering      map[string]map[string][]string `json:"covering"`
}

// metadata returns the footer's "geo" for the features seen.
func (e *Encoder) metadata() (string, error) {
	covering := map[string][]string{}
	for _, name := range boxFields {
		covering[name] = []string{e.layout.bbox, name}
	}
	column := columnMetadata{
		Encoding:      "WKB",
		GeometryTypes: append([]string{}, slices.Sorted(maps.Keys(e.types))...),
		BBox:          corners(e.bounds),
		Covering:      map[string]map[string][]string{"bbox": covering},
	}
	if e.opts.CRS != crs.CRS84 {
		column.CRS = json.RawMessage(e.opts.CRS.PROJJSON())
	}
	text, err := json.Marshal(fileMetadata{
		Version: "1.1.0", PrimaryColumn: e.layout.geometry,
		Columns: map[string]columnMetadata{e.layout.geometry: column},
	})
	return string(text), err
}

// corners returns xmin, ymin, xmax, ymax, and nil for an empty box.
func corners(b geo.BBox) []float64 {
	if b.IsEmpty() {
		return nil
	}
	return []float64{b.West, b.South, b.East, b.North}
}
