package flatgeobuf_test

import (
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/flatgeobuf"
	"demarc/geo/format/formattest"
)

// countingWriter counts what is written to it.
type countingWriter struct{ n int64 }

func (w *countingWriter) Write(b []byte) (int, error) {
	w.n += int64(len(b))
	return len(b), nil
}

// BenchmarkEncode encodes one feature with a point and a value of every type.
func BenchmarkEncode(b *testing.B) {
	sc := formattest.Schema()
	f := geo.Feature{ID: "inc-1", Geometry: orb.Point{70.512345, 40.254321}, Values: []geo.Value{
		geo.StringValue("Обстрел у села Ак-Сай"), geo.StringValue("Ак-Сай"), geo.IntValue(12), geo.NumberValue(0.1),
		geo.BoolValue(true), geo.DateValue(noon), geo.DateTimeValue(noon), geo.ListValue([]string{"KG", "TJ"}),
	}}
	var w countingWriter
	e := flatgeobuf.NewEncoder(&w, sc, flatgeobuf.Options{})
	b.ReportAllocs()
	for b.Loop() {
		if err := e.Encode(&f); err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(w.n)/float64(b.N), "B/feature")
}
