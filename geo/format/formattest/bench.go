package formattest

import (
	"io"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// Encoder is what every format package's encoder does.
type Encoder interface {
	Encode(*geo.Feature) error
	Close() error
}

// countingWriter counts what is written to it.
type countingWriter struct{ n int64 }

func (w *countingWriter) Write(b []byte) (int, error) {
	w.n += int64(len(b))
	return len(b), nil
}

// BenchmarkEncode encodes one feature, with a point and a value of every type,
// again and again, and reports the bytes that it takes.
func BenchmarkEncode(b *testing.B, open func(io.Writer, *geo.Schema) Encoder) {
	at := time.Date(2022, 9, 16, 12, 0, 0, 0, time.UTC)
	f := geo.Feature{ID: "inc-1", Geometry: orb.Point{70.512345, 40.254321}, Values: []geo.Value{
		geo.StringValue("Обстрел у села Ак-Сай"), geo.StringValue("Ак-Сай"), geo.IntValue(12), geo.NumberValue(0.1),
		geo.BoolValue(true), geo.DateValue(at), geo.DateTimeValue(at), geo.ListValue([]string{"KG", "TJ"}),
	}}
	var w countingWriter
	e := open(&w, Schema())
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
