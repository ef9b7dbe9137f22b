package geoparquet_test

import (
	"io"
	"testing"

	"demarc/geo"
	"demarc/geo/format/formattest"
	"demarc/geo/format/geoparquet"
)

func BenchmarkEncode(b *testing.B) {
	formattest.BenchmarkEncode(b, func(w io.Writer, sc *geo.Schema) formattest.Encoder {
		return geoparquet.NewEncoder(w, sc, geoparquet.Options{})
	})
}
