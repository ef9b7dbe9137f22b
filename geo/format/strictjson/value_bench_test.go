package strictjson_test

import (
	"testing"

	"demarc/geo/format/strictjson"
)

// BenchmarkValue reads a feature as it is posted: checked alone, and read.
func BenchmarkValue(b *testing.B) {
	raw := []byte(`{"geometry":{"type":"Point","coordinates":[70.73632,39.44417]},"id":"clash-7","properties":{"claims_detail":[{"id":"clash-7.c1","metric":"killed",
		"value":{"kind":"range","min":2,"max":3,"as_reported":"two or three"},"affected_party":"A","status":"mixed","coverage":"whole",
		"claimant":{"name":"An outlet","type":"media"},"verification":"unattributed","sources":[{"source_id":"source-2"}]}],"end":"2001-08-15",
		"location":{"precision":"exact_point","position":[70.73632,39.44417],"position_source":"map"},"occurrence":"disputed","parties":"A; B",
		"place_id":"place-8","start":"2001-08-15","summary":"A clash of two hours at the crossing.","theatre":"kg-tj-border","title":"Clash","type":"armed_clash"},"type":"Feature"}`)
	b.Run("Check", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := strictjson.Check(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Value", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := strictjson.Value(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
}
