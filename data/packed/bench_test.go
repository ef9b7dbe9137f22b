package packed_test

import (
	"testing"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/packed"
	"demarc/data/synth"
)

func BenchmarkRead(b *testing.B) {
	real, err := curated.Load(curated.Files())
	if err != nil {
		b.Fatal(err)
	}
	in := &synth.New(real, 1).Records(20).Incidents[11]
	d := packed.NewDictionary()
	src := d.Pack(in)
	body := encodedOf(in)
	b.Run("Read", func(b *testing.B) {
		for b.Loop() {
			d.Read(src)
		}
	})
	r := packed.NewReader(d)
	b.Run("Next", func(b *testing.B) {
		for b.Loop() {
			r.Next(src)
		}
	})
	b.Run("JSON", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		var room packed.Room
		for b.Loop() {
			if !packed.ReadJSON(body, room.Incident()) {
				b.Fatal("is not read")
			}
		}
	})
	b.Run("DecodeRecord", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := data.DecodeRecord(data.Incidents, []byte(body)); err != nil {
				b.Fatal(err)
			}
		}
	})
	w := packed.NewWriter(d)
	var dst []byte
	b.Run("Append", func(b *testing.B) {
		for b.Loop() {
			dst = w.Append(dst[:0], in)
		}
	})
	b.Run("Canonical", func(b *testing.B) {
		for b.Loop() {
			dst = packed.AppendCanonical(dst[:0], in)
		}
	})
}

func encodedOf(in *data.Incident) string {
	body, err := data.Record{Kind: data.Incidents, Value: in}.Encode()
	if err != nil {
		panic(err)
	}
	return string(body)
}
