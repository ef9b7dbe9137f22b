package tile

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/snapshot"
	"demarc/data/synth"
	"demarc/geo"
	"demarc/geo/format/formattest"
	"demarc/geo/tms"
)

var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	return w
}}

// pack is how the server compresses.
func pack(raw []byte) []byte {
	var b bytes.Buffer
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	_, _ = w.Write(raw)
	_ = w.Close()
	return b.Bytes()
}

// read returns the one layer of a tile, held to the rules of the format.
func read(t *testing.T, made *Tile) formattest.TileLayer {
	t.Helper()
	if made.Features == 0 {
		return formattest.TileLayer{}
	}
	r, err := gzip.NewReader(bytes.NewReader(made.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := formattest.ReadTile(raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(layers) != 1 || len(layers[0].Features) != made.Features {
		t.Fatalf("%d layers, %d features; want one of %d", len(layers), len(layers[0].Features), made.Features)
	}
	return layers[0]
}

// synthetic returns a collection of so many made-up incidents.
func synthetic(t testing.TB, n int) *snapshot.Collection {
	t.Helper()
	real, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	return collection(t, synth.New(real, 1).Records(n), "incidents")
}

func shipped(t testing.TB, id string) *snapshot.Collection {
	t.Helper()
	real, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	return collection(t, real, id)
}

func collection(t testing.TB, r *data.Records, id string) *snapshot.Collection {
	t.Helper()
	snap, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	col, err := snap.Collection(id)
	if err != nil {
		t.Fatal(err)
	}
	return col
}

func ask(t testing.TB, c *Cache, col *snapshot.Collection, q *snapshot.Query, set *tms.Set, at tms.Tile) *Tile {
	t.Helper()
	made, err := c.Tile(context.Background(), &Query{Collection: col, Conditions: q}, set, at)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// sceneOf returns what a question selects of everything, made anew.
func sceneOf(t testing.TB, col *snapshot.Collection, set *tms.Set, q *snapshot.Query) *scene {
	t.Helper()
	c, query := NewCache(1<<30, pack), &Query{Collection: col, Conditions: q}
	st, err := c.stack(context.Background(), query, set)
	if err != nil {
		t.Fatal(err)
	}
	sc := &scene{stack: st}
	for _, p := range st.parts {
		s, err := c.sheet(context.Background(), query, p)
		if err != nil {
			t.Fatal(err)
		}
		sc.sheets = append(sc.sheets, s)
	}
	return sc
}

// count is for how many features one stands.
func count(f formattest.TileFeature) int {
	if n, merged := f.Tags["count"]; merged {
		return int(n.(int64))
	}
	return 1
}

func inside(f formattest.TileFeature) bool {
	p := f.Parts[0][0]
	return p[0] >= 0 && p[1] >= 0 && p[0] < 4096 && p[1] < 4096
}

// The counts of all tiles of a level add up to the features that have a place: none
// is lost, and none is counted twice but in buffers. And no tile is too large.
func TestCountsAddUp(t *testing.T) {
	col := synthetic(t, 20_000)
	located := 0
	for slot := range uint32(col.Slots()) {
		if _, ok := col.At(slot).Geometry.(orb.Point); ok {
			located++
		}
	}
	for _, set := range tms.All() {
		c := NewCache(1<<28, pack)
		for _, level := range []int{0, 3, 6, 8, 11} {
			sum, most := 0, 0
			box, _ := col.Extent()
			limits, _ := set.Limits(box, level, float64(Buffer)/4096)
			for row := limits.MinRow; row <= limits.MaxRow; row++ {
				for column := limits.MinCol; column <= limits.MaxCol; column++ {
					made := ask(t, c, col, &snapshot.Query{}, set, tms.Tile{Level: level, Row: row, Col: column})
					if made.Features > MaxFeatures || len(made.Bytes) > MaxBytes {
						t.Errorf("%s %d/%d/%d: %d features, %d bytes", set.ID, level, row, column, made.Features, len(made.Bytes))
					}
					most = max(most, made.Features)
					for _, f := range read(t, made).Features {
						if inside(f) {
							sum += count(f)
						}
					}
				}
			}
			if sum != located {
				t.Errorf("%s level %d: counts add up to %d, want %d", set.ID, level, sum, located)
			}
			t.Logf("%s level %d: at most %d features a tile", set.ID, level, most)
		}
	}
}

// What two tiles both show, in their buffers, is the same in both: number,
// attributes, and place in the world.
func TestNeighboursAgree(t *testing.T) {
	col := synthetic(t, 50_000)
	set := tms.WebMercatorQuad()
	c := NewCache(1<<28, pack)
	both := 0
	for _, level := range []int{5, 7, 9} {
		box, _ := col.Extent()
		limits, _ := set.Limits(box, level, 0)
		seen := map[uint64]seenFeature{}
		for row := limits.MinRow; row <= limits.MaxRow; row++ {
			for column := limits.MinCol; column <= limits.MaxCol; column++ {
				for _, f := range read(t, ask(t, c, col, &snapshot.Query{}, set, tms.Tile{Level: level, Row: row, Col: column})).Features {
					p := f.Parts[0][0]
					now := seenFeature{p[0] + column*4096, p[1] + row*4096, count(f), f.Tags["id"]}
					if before, ok := seen[f.ID]; ok {
						both++
						if before != now {
							t.Fatalf("level %d: feature %d is %+v in one tile and %+v in another", level, f.ID, before, now)
						}
					}
					seen[f.ID] = now
				}
			}
		}
	}
	if both < 20 {
		t.Errorf("only %d features were in two tiles; the test proves little", both)
	}
}

type seenFeature struct {
	x, y, count int
	id          any
}

// Every collection that ships makes tiles that keep the rules, with every feature
// of its own: what is few is never merged.
func TestShippedTilesKeepTheRules(t *testing.T) {
	for _, id := range []string{"incidents", "claims", "segments", "areas", "places"} {
		col := shipped(t, id)
		for _, set := range tms.All() {
			c := NewCache(1<<28, pack)
			box, _ := col.Extent()
			for level := range 9 {
				limits, _ := set.Limits(box, level, float64(Buffer)/4096)
				total := 0
				for row := limits.MinRow; row <= limits.MaxRow; row++ {
					for column := limits.MinCol; column <= limits.MaxCol && total < 100_000; column++ {
						made := ask(t, c, col, &snapshot.Query{}, set, tms.Tile{Level: level, Row: row, Col: column})
						read(t, made)
						total += made.Features
					}
				}
				if total == 0 && level > 3 {
					t.Errorf("%s %s level %d: nothing is in any tile", id, set.ID, level)
				}
			}
		}
	}
}

// A question asked of what lies round a tile alone gives the tile that a question asked
// of everything does, packed or plain.
func TestLocalQuestions(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, col := range []*snapshot.Collection{synthetic(t, 20_000), shipped(t, "segments"), shipped(t, "incidents")} {
		kind := col.Schema.Index("type")
		box, _ := col.Extent()
		for _, set := range tms.All() {
			for range 40 {
				day := time.Date(2021, 1, 1+r.IntN(900), 0, 0, 0, 0, time.UTC)
				q := &snapshot.Query{When: &geo.Interval{From: day, To: day.AddDate(0, 0, 1+r.IntN(500))}}
				if kind >= 0 && r.IntN(2) == 0 {
					q.Equal = []snapshot.Condition{{Field: kind, Value: geo.StringValue("armed_clash")}}
				}
				level := r.IntN(14)
				l, _ := set.Limits(box, level, 0)
				at := tms.Tile{Level: level, Row: l.MinRow + r.IntN(l.MaxRow-l.MinRow+1), Col: l.MinCol + r.IntN(l.MaxCol-l.MinCol+1)}
				all := sceneOf(t, col, set, q)
				local, ok, err := all.localScene(t.Context(), q, at, col.Slots())
				if err != nil || !ok {
					t.Fatal(ok, err)
				}
				want, got := all.make(at, &Query{}, pack), local.make(at, &Query{}, pack)
				plain := local.make(at, &Query{Plain: true}, pack)
				if !bytes.Equal(got.Bytes, want.Bytes) || plain.Sum != want.Sum || got.Features > 0 && !bytes.Equal(pack(plain.Bytes), want.Bytes) {
					t.Fatalf("%s %s %v %v: %d features, want %d", col.ID, set.ID, at, q.When, got.Features, want.Features)
				}
			}
		}
	}
}
