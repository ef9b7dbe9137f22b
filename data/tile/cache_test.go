package tile

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/snapshot"
	"demarc/data/synth"
	"demarc/geo/tms"
)

// counted is a cache that tells how many tiles it made.
func counted(made *int) *Cache {
	var mu sync.Mutex
	return NewCache(1<<28, func(raw []byte) []byte {
		mu.Lock()
		*made++
		mu.Unlock()
		return pack(raw)
	})
}

// After a write, the tiles that it touches are made anew and are what a cache
// without memory makes; all others are kept.
func TestWritesTouchTheirTilesAlone(t *testing.T) {
	real, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	r := synth.New(real, 7).Records(30_000)
	snap, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	set := tms.WebMercatorQuad()
	var tiles []tms.Tile
	col, _ := snap.Collection("incidents")
	box, _ := col.Extent()
	for _, level := range []int{4, 8} {
		l, _ := set.Limits(box, level, 0)
		for row := l.MinRow; row <= l.MaxRow; row++ {
			for column := l.MinCol; column <= l.MaxCol; column++ {
				tiles = append(tiles, tms.Tile{Level: level, Row: row, Col: column})
			}
		}
	}
	made := 0
	c := counted(&made)
	all := func(c *Cache, col *snapshot.Collection) (out [][]byte) {
		for _, at := range tiles {
			out = append(out, ask(t, c, col, &snapshot.Query{}, set, at).Bytes)
		}
		return out
	}
	all(c, col)
	for i := range 5 {
		in := r.Incidents[i*997]
		in.Title = "changed"
		in.Occurrence = "disputed"
		in.PlaceID = r.Incidents[i*31+5].PlaceID // it moves
		if snap, err = snap.With(snapshot.Change{Kind: data.Incidents, ID: in.ID, To: data.Record{Kind: data.Incidents, Value: &in}}); err != nil {
			t.Fatal(err)
		}
		if col, err = snap.Collection("incidents"); err != nil {
			t.Fatal(err)
		}
		made = 0
		kept, fresh := all(c, col), all(NewCache(1<<28, pack), col)
		for j := range tiles {
			if !bytes.Equal(kept[j], fresh[j]) {
				t.Errorf("write %d: tile %v is out of date", i, tiles[j])
			}
		}
		if made == 0 || made > 14 {
			t.Errorf("write %d: %d of %d tiles were made anew; want those that it touches alone", i, made, len(tiles))
		}
	}
	made = 0
	if all(c, col); made != 0 {
		t.Errorf("%d tiles were made anew without a write", made)
	}
}

// Of many who ask at once for the same, one makes it, and all get it; the cache
// holds no more than it may.
func TestManyAskTogether(t *testing.T) {
	col := synthetic(t, 20_000)
	set := tms.WebMercatorQuad()
	made := 0
	c := counted(&made)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			if _, err := c.Tile(context.Background(), &Query{Collection: col, Conditions: &snapshot.Query{}}, set, tms.Tile{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if made != 1 {
		t.Errorf("the tile was made %d times", made)
	}
	small := NewCache(400_000, pack)
	for column := range 64 {
		for row := 20; row < 28; row++ {
			ask(t, small, col, &snapshot.Query{}, set, tms.Tile{Level: 6, Row: row, Col: column})
		}
	}
	if used := small.tiles.Used(); used > 100_000 || used <= 0 {
		t.Errorf("the cache holds %d bytes of tiles, and may hold 100,000", used)
	}
}

// Who gives up waiting does not spoil it for others.
func TestGivingUp(t *testing.T) {
	col := synthetic(t, 20_000)
	c := NewCache(1<<28, pack)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	q := &Query{Collection: col, Conditions: &snapshot.Query{}}
	if _, err := c.Tile(ended, q, tms.WebMercatorQuad(), tms.Tile{}); err == nil {
		t.Error("a request that has ended got a tile")
	}
	if made, err := c.Tile(context.Background(), q, tms.WebMercatorQuad(), tms.Tile{}); err != nil || made.Features == 0 {
		t.Errorf("the next one got %+v, %v", made, err)
	}
}
