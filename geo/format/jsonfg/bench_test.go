package jsonfg_test

import (
	"io"
	"testing"

	"demarc/geo"
	"demarc/geo/format/formattest"
	"demarc/geo/format/jsonfg"
)

func BenchmarkEncode(b *testing.B) {
	formattest.BenchmarkEncode(b, func(w io.Writer, sc *geo.Schema) formattest.Encoder {
		return jsonfg.NewEncoder(w, sc, jsonfg.Options{})
	})
}
