package gpkg

import (
	"database/sql/driver"
	"fmt"
	"sync"

	"modernc.org/sqlite"

	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// registerFunctions gives the engine what the triggers of a spatial index call
// (OGC 12-128r19 annex F.3). SQLite takes them once for the whole process.
var registerFunctions = sync.OnceValue(func() error {
	bound := func(pick func(geo.BBox) float64) func(geo.BBox) driver.Value {
		return func(b geo.BBox) driver.Value {
			if b.IsEmpty() {
				return nil
			}
			return pick(b)
		}
	}
	for name, of := range map[string]func(geo.BBox) driver.Value{
		"ST_MinX": bound(func(b geo.BBox) float64 { return b.West }), "ST_MaxX": bound(func(b geo.BBox) float64 { return b.East }),
		"ST_MinY": bound(func(b geo.BBox) float64 { return b.South }), "ST_MaxY": bound(func(b geo.BBox) float64 { return b.North }),
		"ST_IsEmpty": func(b geo.BBox) driver.Value {
			if b.IsEmpty() {
				return int64(1)
			}
			return int64(0)
		},
	} {
		if err := sqlite.RegisterDeterministicScalarFunction(name, 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			blob, ok := args[0].([]byte)
			if !ok {
				return nil, nil
			}
			g, _, err := gpkg.DecodeGeometry(blob)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			return of(geo.BBoxOf(g)), nil
		}); err != nil {
			return err
		}
	}
	return nil
})
