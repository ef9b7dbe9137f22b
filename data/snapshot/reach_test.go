package snapshot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/geodesic"
)

// What lies within a distance of a line is counted right where much of it lies on the
// rim, within less than a dot tells, and whichever way it is asked for.
func TestReachIsRightOnTheRim(t *testing.T) {
	const metres, n = 2000, 6000
	rnd := rand.New(rand.NewPCG(7, 7))
	line := orb.LineString{{70.5, 39.8}}
	for range 30 {
		last := line[len(line)-1]
		line = append(line, orb.Point{last[0] + 0.004*rnd.Float64(), last[1] + 0.003*rnd.NormFloat64()})
	}
	l := &data.Layer{Name: "rim", HasGeometry: true, Start: -1, End: -1, Schema: geo.Schema{Collection: "rim", Fields: []geo.Field{
		{Name: "odd", Type: geo.Boolean, Queryable: true}}}}
	want, odd, rim := 0, 0, 0
	for i := range n {
		from := line[rnd.IntN(len(line))]
		p := geodesic.Destination(line[0], 220+100*rnd.Float64(), metres+rnd.Float64()-0.5) // the line leads east
		if i%3 > 0 {
			p = orb.Point{from[0] + 0.1*rnd.NormFloat64(), from[1] + 0.1*rnd.NormFloat64()}
		}
		isOdd := rnd.IntN(2) == 0
		l.Features = append(l.Features, geo.Feature{ID: fmt.Sprint(i), Geometry: p, Values: []geo.Value{geo.BoolValue(isOdd)}})
		d, _ := geodesic.DistanceTo(p, line)
		if d <= metres {
			if want++; isOdd {
				odd++
			}
		}
		if d > metres-1 && d < metres+1 {
			rim++
		}
	}
	if rim < n/20 || want < rim || want > n-rim {
		t.Fatalf("%d of %d on the rim, %d within: the test tells nothing", rim, n, want)
	}
	s, err := snapshot.New(&data.Records{}, *l)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := s.Collection("rim")
	within := cql2.Call{Name: "dwithin", Args: []cql2.Expr{
		cql2.Property{Name: "geometry", Field: -1, Type: cql2.GeometryType}, cql2.Geometry{Shape: line}, cql2.Number{Float: metres}}}
	isOdd := cql2.Property{Name: "odd", Field: 0, Type: cql2.BooleanType}
	for name, x := range map[string]struct {
		q    snapshot.Query
		want int
	}{
		"near":            {snapshot.Query{Near: &snapshot.Near{Geometry: line, Within: metres}}, want},
		"near and odd":    {snapshot.Query{Near: &snapshot.Near{Geometry: line, Within: metres}, Filter: isOdd}, odd},
		"dwithin":         {snapshot.Query{Filter: within}, want},
		"dwithin and odd": {snapshot.Query{Filter: cql2.And{Args: []cql2.Expr{within, isOdd}}}, odd},
	} {
		x.q.Limit = n
		page, err := c.Items(context.Background(), &x.q)
		if err != nil {
			t.Fatal(err)
		}
		if page.Matched != x.want || len(page.Hits) != x.want {
			t.Errorf("%s: %d matched, %d shown, want %d", name, page.Matched, len(page.Hits), x.want)
		}
		if plan := page.Steps[0].Plan; plan != "distances of places" {
			t.Errorf("%s was found by %s", name, plan)
		}
	}
}
