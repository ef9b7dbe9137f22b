package snapshot_test

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/cql2"
)

// A filter with a polygon is asked of runs of places at once: the answer is that of
// cql2.Eval for each feature, with other conditions and without, also beside a box and
// a distance.
func TestPolygonsAreAskedOfRunsAsOfEachPlace(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 7))
	l := oddLayer(rnd, 6000)
	for i := range l.Features { // most of them points of their own, in runs that are small
		if _, ok := l.Features[i].Geometry.(orb.Point); ok && i%4 > 0 {
			l.Features[i].Geometry = orb.Point{70 + rnd.Float64(), 39 + rnd.Float64()}
		}
	}
	s, err := snapshot.New(&data.Records{}, *l)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := s.Collection("odd")
	geometry := cql2.Property{Name: "geometry", Type: cql2.GeometryType, Field: -1}
	some := 0
	for i := range 150 {
		at, size := oddPosition(rnd), 0.02+0.3*rnd.Float64()
		shape := orb.Polygon{{at, {at[0] + size, at[1] + 0.3*size}, {at[0] + 0.5*size, at[1] + 0.2*size}, {at[0] + 0.2*size, at[1] + size}, at}}
		var filter cql2.Expr = cql2.Spatial{Op: cql2.SIntersects, Left: geometry, Right: cql2.Geometry{Shape: shape}}
		if i%3 == 1 {
			filter = cql2.And{Args: []cql2.Expr{cql2.Compare{Op: cql2.Greater, Left: cql2.Property{Name: "count", Field: l.Schema.Index("count"), Type: cql2.NumberType}, Right: cql2.Number{Float: 0}}, filter}}
		}
		q := &snapshot.Query{Filter: filter, Limit: 30}
		if i%5 == 1 {
			q.BBox = &geo.BBox{West: at[0], South: at[1], East: at[0] + size/2, North: at[1] + size/2}
		}
		if i%7 == 1 {
			q.Near = &snapshot.Near{Geometry: at, Within: 20_000}
		}
		want := plainAnswer(l, q)
		some += len(want)
		if fault := comparePage(c, l, q, want); fault != "" {
			t.Fatalf("%+v: %s", q, fault)
		}
	}
	if some == 0 {
		t.Error("nothing lay in a polygon: the test cannot fail")
	}
}
