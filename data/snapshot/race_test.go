package snapshot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/cql2"
)

// Readers go on while a writer makes the next snapshots: what they read is counted
// right, whichever they have. With -race it is held to share nothing that changes.
func TestReadersGoOnWhileWriting(t *testing.T) {
	r := &data.Records{Places: []data.Place{{ID: "p", Position: []float64{70, 39}}}}
	for i := range 500 {
		r.Incidents = append(r.Incidents, data.Incident{ID: fmt.Sprintf("i%04d", i), Type: "shelling", PlaceID: "p", Start: date(2000, 1, 1+i%28)})
	}
	first, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	var current atomic.Pointer[snapshot.Snapshot]
	current.Store(first)
	var done atomic.Bool
	var readers sync.WaitGroup
	for n := range 3 {
		readers.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(n), 1))
			for !done.Load() {
				s := current.Load()
				c, _ := s.Collection("incidents")
				places, _ := s.Collection("places")
				if p, err := places.Feature("p"); err != nil || p.Values[places.Schema.Index("incidents")].Text() != fmt.Sprint(c.Len()) {
					t.Errorf("the place says %s (%v), want %d incidents", p.JSON, err, c.Len())
					return
				}
				filter, _ := cql2.ParseText("type = 'shelling' AND S_INTERSECTS(geometry, BBOX(69,38,71,40))", &c.Schema)
				world := geo.World()
				for _, q := range []*snapshot.Query{{}, {Filter: filter}, {BBox: &world}, {Sort: []snapshot.SortKey{{Field: 1 + rnd.IntN(9)}}}, {Near: &snapshot.Near{Geometry: orb.Point{70, 39}}}} {
					q.Limit, q.Offset = 20, rnd.IntN(400)
					page, err := c.Items(context.Background(), q)
					if err != nil || page.Matched != c.Len() || len(page.Hits) != 20 {
						t.Errorf("%+v: %d of %d matched, %d on the page, %v", q, page.Matched, c.Len(), len(page.Hits), err)
						return
					}
				}
			}
		})
	}
	for i := range 150 {
		in := data.Incident{ID: fmt.Sprintf("i%04d", i*37%600), Type: "shelling", Title: fmt.Sprint("again ", i), PlaceID: "p", Start: date(2001, 1, 1+i%28)}
		next, err := current.Load().With(snapshot.Change{Kind: data.Incidents, ID: in.ID, To: data.Record{Kind: data.Incidents, Value: &in}})
		if err != nil {
			t.Fatal(err)
		}
		current.Store(next)
	}
	done.Store(true)
	readers.Wait()
}
