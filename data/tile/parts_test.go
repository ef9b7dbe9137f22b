package tile

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/snapshot"
	"demarc/data/synth"
	"demarc/geo"
	"demarc/geo/format/formattest"
	"demarc/geo/tms"
)

// features returns what a tile shows, in the order of its numbers.
func features(t *testing.T, made *Tile) []formattest.TileFeature {
	t.Helper()
	all := read(t, made).Features
	slices.SortFunc(all, func(a, b formattest.TileFeature) int { return int(int64(a.ID) - int64(b.ID)) })
	return all
}

// However a collection came to what it has, by additions, changes and removals, its
// tiles show the same; and what was made of parts that are still there is used again.
func TestTilesAfterManyWrites(t *testing.T) {
	real, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	r := synth.New(real, 3).Records(14_000)
	later := r.Incidents[9_000:]
	r.Incidents = slices.Clone(r.Incidents[:9_000])
	snap, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	rnd, set, c := rand.New(rand.NewPCG(5, 6)), tms.WebMercatorQuad(), NewCache(1<<30, pack)
	day := time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)
	questions := map[string]*snapshot.Query{"all": {}, "dated": {When: &geo.Interval{From: day, To: day.AddDate(2, 0, 0)}}}
	var first any
	var asked *dated
	for round := range 6 {
		snap = write(t, rnd, snap, r, &later, []int{1, 40, 300, 900, 7, 2000}[round])
		col, err := snap.Collection("incidents")
		if err != nil {
			t.Fatal(err)
		}
		again := collection(t, r, "incidents")
		for name, q := range questions {
			query := &Query{Collection: col, Conditions: q, Text: name}
			st, err := c.stack(t.Context(), query, set)
			if err != nil {
				t.Fatal(err)
			}
			if round == 0 {
				first = st.parts[0].order
			} else if round < 4 && st.parts[0].order != first {
				t.Errorf("round %d: the large part was arranged anew", round)
			}
			kept, fresh := &scene{stack: st}, sceneOf(t, again, set, q)
			for _, p := range st.parts {
				s, err := c.sheet(context.Background(), query, p)
				if err != nil {
					t.Fatal(err)
				}
				kept.sheets = append(kept.sheets, s)
			}
			var seasons *scene // where a time is asked for: the first part is large
			if q.Dated() {
				if asked == nil || asked.order != st.parts[0].order {
					cal, err := newCalendar(t.Context(), st.parts[0].order, 60, st.parts[0].part.Gone())
					if err != nil {
						t.Fatal(err)
					}
					asked = &dated{calendar: cal}
				}
				if round%2 == 0 {
					asked = asked.ask(q.When, st.parts[0].part.Gone())
				}
				of, ok := asked.sheets(st.parts[0].part)
				if !ok || len(asked.whole) < 5 || len(asked.views) == 0 {
					t.Fatal(ok, asked.whole, asked.views)
				}
				seasons = &scene{stack: st, sheets: append(of, kept.sheets[1:]...), local: true}
			}
			for _, level := range []int{0, 2, 5, 7, 9, 12} {
				at := benchTile(set, level)
				local, _, err := st.localScene(t.Context(), q, at, col.Slots())
				if err != nil {
					t.Fatal(err)
				}
				want := features(t, fresh.make(at, &Query{}, pack))
				for how, sc := range map[string]*scene{"kept": kept, "local": local, "seasons": seasons} {
					if sc == nil {
						continue
					}
					if diff := cmp.Diff(want, features(t, sc.make(at, &Query{}, pack))); diff != "" {
						t.Fatalf("round %d, %s, %s, level %d, %d parts: %s", round, name, how, level, len(st.parts), diff)
					}
				}
			}
		}
	}
}

// write makes n changes to the records, and the snapshot after them: incidents come,
// change, move and go.
func write(t *testing.T, rnd *rand.Rand, snap *snapshot.Snapshot, r *data.Records, later *[]data.Incident, n int) *snapshot.Snapshot {
	t.Helper()
	var changes []snapshot.Change
	change := func(id string, in *data.Incident) {
		to := data.Record{Kind: data.Incidents}
		if in != nil {
			to.Value = in
		}
		changes = append(changes, snapshot.Change{Kind: data.Incidents, ID: id, To: to})
	}
	touched := map[string]bool{}
	for range n {
		i := rnd.IntN(len(r.Incidents))
		if touched[r.Incidents[i].ID] {
			continue
		}
		touched[r.Incidents[i].ID] = true
		switch rnd.IntN(4) {
		case 0:
			change(r.Incidents[i].ID, nil)
			r.Incidents = slices.Delete(r.Incidents, i, i+1)
		case 1:
			in := (*later)[0]
			*later = (*later)[1:]
			change(in.ID, &in)
			r.Incidents = append(r.Incidents, in)
			touched[in.ID] = true
		default:
			in := r.Incidents[i]
			in.Title, in.Occurrence = "changed", "disputed"
			if rnd.IntN(2) == 0 {
				in.Location, in.PlaceID = nil, r.Places[rnd.IntN(len(r.Places))].ID
			}
			change(in.ID, &in)
			r.Incidents[i] = in
		}
	}
	next, err := snap.With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// Two ids of different parts that have one hash are found; an id that both have, of which
// one is gone, is none.
func TestIdsOfTwoPartsWithOneHash(t *testing.T) {
	orders := make([]*order, 2)
	for i, col := range []*snapshot.Collection{synthetic(t, 300), synthetic(t, 20)} {
		o, err := newOrder(t.Context(), col, tms.WebMercatorQuad())
		if err != nil {
			t.Fatal(err)
		}
		orders[i] = o
	}
	large, small := orders[0], orders[1]
	if small.clash(large) || large.clash(small) {
		t.Error("the same ids clash")
	}
	small.col = shipped(t, "incidents")
	id := idAt(small.col, 3)
	if small.clash(large) {
		t.Error("other ids clash")
	}
	large.hashes = append(large.hashes, hashOf(id, 0))
	slices.Sort(large.hashes)
	if !small.clash(large) || !large.clash(small) {
		t.Error("two ids with one hash do not clash")
	}
}
