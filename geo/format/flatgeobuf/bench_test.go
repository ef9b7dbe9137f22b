package flatgeobuf_test

import (
	"io"
	"testing"

	"demarc/geo"
	"demarc/geo/format/flatgeobuf"
	"demarc/geo/format/formattest"
)

func BenchmarkEncode(b *testing.B) {
	formattest.BenchmarkEncode(b, func(w io.Writer, sc *geo.Schema) formattest.Encoder {
		return flatgeobuf.NewEncoder(w, sc, flatgeobuf.Options{})
	})
}
