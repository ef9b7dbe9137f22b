package tile

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/tms"
)

// layer returns a collection of features, of which text gives each a text.
func layer(t testing.TB, shapes []orb.Geometry, text func(i int) string) *snapshot.Collection {
	t.Helper()
	l := data.Layer{Name: "layer", HasGeometry: true, Start: -1, End: -1, Schema: geo.Schema{Collection: "layer", Fields: []geo.Field{
		{Name: "id", Queryable: true}, {Name: "text", Queryable: true},
	}}}
	for i, g := range shapes {
		id := fmt.Sprint("f", i)
		l.Features = append(l.Features, geo.Feature{ID: id, Geometry: g, Values: []geo.Value{geo.StringValue(id), geo.StringValue(text(i))}})
	}
	snap, err := snapshot.New(&data.Records{}, l)
	if err != nil {
		t.Fatal(err)
	}
	col, err := snap.Collection("layer")
	if err != nil {
		t.Fatal(err)
	}
	return col
}

// noise is text that does not compress.
func noise(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(byte('!' + r.IntN(90)))
	}
	return b.String()
}

// A tile whose features say too much keeps all of them and says less.
func TestLongTextsGoBeforeFeatures(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var points []orb.Geometry
	for range 900 {
		points = append(points, orb.Point{r.Float64()*340 - 170, r.Float64()*150 - 75})
	}
	col := layer(t, points, func(int) string { return noise(r, 400) })
	made := ask(t, NewCache(1<<28, pack), col, &snapshot.Query{}, tms.WebMercatorQuad(), tms.Tile{})
	if len(made.Bytes) > MaxBytes {
		t.Errorf("the tile has %d bytes", len(made.Bytes))
	}
	plain, err := NewCache(1<<28, pack).Tile(t.Context(), &Query{Collection: col, Conditions: &snapshot.Query{}, Plain: true}, tms.WebMercatorQuad(), tms.Tile{})
	if err != nil || plain.Sum != made.Sum {
		t.Error("a plain tile shows something else: ", err)
	}
	sum := 0
	for _, f := range read(t, made).Features {
		if _, ok := f.Tags["text"]; ok {
			t.Fatal("a text is there, in a tile without room for all")
		}
		if inside(f) {
			sum += count(f)
		}
	}
	if sum != len(points) {
		t.Errorf("counts add up to %d, want %d", sum, len(points))
	}
}

// Identifiers that are too long for all features: then the grid is coarser, and
// still nothing is lost.
func TestLongIdentifiersMakeTheGridCoarser(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	l := data.Layer{Name: "layer", HasGeometry: true, Start: -1, End: -1, Schema: geo.Schema{Collection: "layer", Fields: []geo.Field{{Name: "id", Queryable: true}}}}
	for range 1400 {
		id := noise(r, 200)
		l.Features = append(l.Features, geo.Feature{ID: id, Geometry: orb.Point{r.Float64()*340 - 170, r.Float64()*150 - 75}, Values: []geo.Value{geo.StringValue(id)}})
	}
	snap, err := snapshot.New(&data.Records{}, l)
	if err != nil {
		t.Fatal(err)
	}
	col, _ := snap.Collection("layer")
	made := ask(t, NewCache(1<<28, pack), col, &snapshot.Query{}, tms.WebMercatorQuad(), tms.Tile{})
	sum := 0
	for _, f := range read(t, made).Features {
		if inside(f) {
			sum += count(f)
		}
	}
	if len(made.Bytes) > MaxBytes || sum != len(l.Features) {
		t.Errorf("%d bytes, counts add up to %d, want at most %d and %d", len(made.Bytes), sum, MaxBytes, len(l.Features))
	}
}

// Of more areas than there is room for, the largest stay.
func TestTheLargestAreasStay(t *testing.T) {
	var squares []orb.Geometry
	for i := range 6000 {
		x, y := float64(i%100)*3-150, float64(i/100)*2-60
		size := 0.2 + float64(i)/6000
		squares = append(squares, orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + size, y + size/10}}.ToPolygon())
	}
	col := layer(t, squares, func(int) string { return "" })
	made := ask(t, NewCache(1<<28, pack), col, &snapshot.Query{}, tms.WebMercatorQuad(), tms.Tile{})
	seen := map[string]bool{}
	for _, f := range read(t, made).Features {
		seen[f.Tags["id"].(string)] = true
	}
	if made.Features > MaxFeatures || len(made.Bytes) > MaxBytes || len(seen) < 500 {
		t.Fatalf("%d features, %d bytes", made.Features, len(made.Bytes))
	}
	for i := 6000 - len(seen); i < 6000; i++ {
		if !seen[fmt.Sprint("f", i)] {
			t.Fatalf("of %d features, the largest, f%d is missing", len(seen), i)
		}
	}
}

// What lies beside the antimeridian, or on an edge between tiles, is in the tiles on
// both sides; a line across an edge is cut a little beyond it on both.
func TestFeaturesAtEdges(t *testing.T) {
	col := layer(t, []orb.Geometry{orb.Point{179.99, 10}, orb.Point{0, 20}, orb.LineString{{-30, 30}, {30, 30}}, orb.Point{180, -10}, orb.LineString{{179, 40}, {179.99, 40}}},
		func(int) string { return "" })
	for _, set := range tms.All() {
		c := NewCache(1<<28, pack)
		level := 3
		width, _ := set.Size(level)
		at := func(column int, lat float64) (ids []string) {
			l, _ := set.Limits(geo.BBox{West: 0, South: lat, East: 0, North: lat}, level, 0)
			for _, f := range read(t, ask(t, c, col, &snapshot.Query{}, set, tms.Tile{Level: level, Row: l.MinRow, Col: column})).Features {
				ids = append(ids, f.Tags["id"].(string))
				if f.Type == 2 {
					for _, p := range f.Parts[0] {
						if p[0] < -Buffer || p[0] > 4096+Buffer {
							t.Errorf("%s: a line goes to %v", set.ID, p)
						}
					}
				}
			}
			return ids
		}
		for _, tt := range []struct {
			id   string
			lat  float64
			cols []int
		}{
			{"f0", 10, []int{0, width - 1}}, {"f1", 20, []int{width/2 - 1, width / 2}}, {"f2", 30, []int{width/2 - 1, width / 2}},
			{"f3", -10, []int{0, width - 1}}, {"f4", 40, []int{0, width - 1}},
		} {
			for _, column := range tt.cols {
				if ids := at(column, tt.lat); !slices.Contains(ids, tt.id) {
					t.Errorf("%s: column %d has %v, want %s", set.ID, column, ids, tt.id)
				}
			}
		}
	}
}

// Two ids of one hash get numbers of their own, and keep them.
func TestClashingIdentifiers(t *testing.T) {
	col := layer(t, []orb.Geometry{orb.Point{1, 1}, orb.Point{2, 2}, orb.Point{3, 3}}, func(int) string { return "" })
	s := ids{map[uint32]uint64{}}
	s.part(col, []uint32{2, 0, 1}, func(hash uint64) bool { return hash == hashOf("f1", 1) })
	numbers := map[uint64]bool{}
	for slot := range uint32(3) {
		numbers[s.of(slot, fmt.Sprint("f", slot))] = true
	}
	if len(numbers) != 3 || len(s.clashes) != 2 || s.clashes[0] != 0 || s.clashes[1] == hashOf("f1", 1) {
		t.Errorf("numbers %v, clashes %v", numbers, s.clashes)
	}
	if found := idsOf(col); len(found.clashes) != 0 {
		t.Errorf("clashes where there are none: %v", found.clashes)
	}
	if n := s.of(0, "f0"); n%2 != 0 || n > 1<<53 || mergedID(14, node{20, 5, 6})%2 != 1 || mergedID(24, node{30, 1<<30 - 1, 1<<30 - 1}) > 1<<53 {
		t.Error("numbers are not what JavaScript holds, or do not tell merged from single")
	}
}
