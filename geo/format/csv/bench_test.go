package csv_test

import (
	"io"
	"testing"

	"demarc/geo"
	"demarc/geo/format/csv"
	"demarc/geo/format/formattest"
)

func BenchmarkEncode(b *testing.B) {
	formattest.BenchmarkEncode(b, func(w io.Writer, sc *geo.Schema) formattest.Encoder { return csv.NewEncoder(w, sc, csv.Options{}) })
}
