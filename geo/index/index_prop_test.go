package index_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/index"
)

// box draws a point, a small, a large or an empty box, often at a pole, at the
// antimeridian or across it.
func box(t *rapid.T) geo.BBox {
	if rapid.IntRange(0, 19).Draw(t, "empty") == 0 {
		return geo.EmptyBBox()
	}
	lon := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Float64Range(170, 180),
		rapid.SampledFrom([]float64{-180, -179.99999999, 0, 179.99999999, 180})).Draw(t, "lon")
	lat := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{-90, 0, 90})).Draw(t, "lat")
	width := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 20), rapid.Float64Range(0, 360)).Draw(t, "width")
	height := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 20)).Draw(t, "height")
	b := geo.BBox{West: lon, South: lat, East: lon + width, North: min(90, lat+height)}
	if b.East > 180 {
		b.East = min(b.East-360, b.West-1e-9)
	}
	return b
}

// grown is b and what lies so near that rounding to float32 may take it in.
func grown(b geo.BBox) []geo.BBox {
	const by = 1e-4
	var parts []geo.BBox
	for _, p := range b.Parts() {
		parts = append(parts, geo.BBox{West: p.West - by, South: p.South - by, East: p.East + by, North: p.North + by})
	}
	return parts
}

func nearlyMeets(a, b geo.BBox) bool {
	for _, p := range grown(a) {
		for _, q := range grown(b) {
			if p.Intersects(q) {
				return true
			}
		}
	}
	return false
}

// A shadow is an index and the plain map that it must agree with.
type shadow struct {
	index *index.Index
	boxes map[uint32]geo.BBox
}

func (s shadow) check(t *rapid.T, query geo.BBox) {
	got := map[uint32]int{}
	s.index.Search(query, func(slot uint32) bool { got[slot]++; return true })
	for slot, times := range got {
		b, ok := s.boxes[slot]
		if !ok || times != 1 || !nearlyMeets(b, query) {
			t.Fatalf("Search(%+v) yields %d %d times; its box: %+v, %v", query, slot, times, b, ok)
		}
	}
	n := 0
	for slot, b := range s.boxes {
		if b.Intersects(query) && got[slot] == 0 {
			t.Fatalf("Search(%+v) misses %d: %+v", query, slot, b)
		}
		if !b.IsEmpty() {
			n++
		}
	}
	if s.index.Len() != n {
		t.Fatalf("Len() = %d, want %d", s.index.Len(), n)
	}
}

func TestIndexAgreesWithPlainMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := shadow{index.New(), map[uint32]geo.BBox{}}
		earlier := []shadow{now}
		next := uint32(0)
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			boxes := map[uint32]geo.BBox{}
			var slots []uint32
			for slot, b := range now.boxes {
				boxes[slot] = b
				slots = append(slots, slot)
			}
			slices.Sort(slots)
			e := now.index.Edit()
			for i, slot := range slots {
				if i%3 == 0 && rapid.Bool().Draw(t, "delete") {
					b := boxes[slot]
					if elsewhere := (geo.BBox{West: 1.2345, South: 5.4321, East: 1.2345, North: 5.4321}); e.Delete(slot, elsewhere) {
						t.Fatalf("Delete(%d) with another box", slot)
					}
					if got := e.Delete(slot, b); got == b.IsEmpty() {
						t.Fatalf("Delete(%d, %+v) = %v", slot, b, got)
					}
					if e.Delete(slot, b) {
						t.Fatalf("Delete(%d, %+v) again", slot, b)
					}
					delete(boxes, slot)
				}
			}
			for range rapid.IntRange(0, 150).Draw(t, "inserts") {
				boxes[next] = box(t)
				e.Insert(next, boxes[next])
				next++
			}
			now = shadow{e.Index(), boxes}
			earlier = append(earlier, now)
			e.Insert(next, geo.World()) // after Index: nobody may see it
		}
		for range 5 {
			query := box(t)
			for _, s := range earlier {
				s.check(t, query)
			}
		}
		now.check(t, geo.World())
	})
}
