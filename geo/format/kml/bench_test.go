package kml_test

import (
	"io"
	"testing"

	"demarc/geo"
	"demarc/geo/format/formattest"
	"demarc/geo/format/kml"
)

func BenchmarkEncode(b *testing.B) {
	formattest.BenchmarkEncode(b, func(w io.Writer, sc *geo.Schema) formattest.Encoder { return kml.NewEncoder(w, sc, kml.Options{}) })
}
