package snapshot_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo/geodesic"
)

// How far segments, which are lines, lie from geometries of every type.
func TestNearOtherGeometries(t *testing.T) {
	line := func(ps ...orb.Point) orb.LineString { return ps }
	r := &data.Records{Geometry: data.Shapes{
		"g1": line(orb.Point{70, 40}, orb.Point{71, 40}),
		"g2": line(orb.Point{70, 41}, orb.Point{71, 41}),
	}}
	for id := range r.Geometry {
		r.Segments = append(r.Segments, data.Segment{ID: id, History: []data.Status{{Status: "unknown"}}})
	}
	c := collection(t, r, "segments")
	// From 70.5, 40.5 both lines are less than 56 km off, the southern one nearer.
	middle := orb.Point{70.5, 40.49}
	south, _ := geodesic.DistanceTo(middle, r.Geometry["g1"])
	north, _ := geodesic.DistanceTo(middle, r.Geometry["g2"])
	tip := geodesic.Distance(orb.Point{71, 40}, orb.Point{71.5, 40})
	square := orb.Polygon{{{70.2, 39.5}, {70.8, 39.5}, {70.8, 40.49}, {70.2, 40.49}, {70.2, 39.5}}}
	toSquare, _ := geodesic.DistanceTo(orb.Point{70.8, 40.49}, r.Geometry["g2"])
	for name, q := range map[string]struct {
		near snapshot.Near
		want map[string]float64
	}{
		"point":                     {snapshot.Near{Geometry: middle}, map[string]float64{"g1": south, "g2": north}},
		"point, within":             {snapshot.Near{Geometry: middle, Within: 55_000}, map[string]float64{"g1": south}},
		"line that crosses":         {snapshot.Near{Geometry: line(orb.Point{70.5, 39.9}, orb.Point{70.5, 40.1}), Within: 1000}, map[string]float64{"g1": 0}},
		"line beyond the tip":       {snapshot.Near{Geometry: line(orb.Point{71.5, 40}, orb.Point{72, 40}), Within: 50_000}, map[string]float64{"g1": tip}},
		"lines":                     {snapshot.Near{Geometry: orb.MultiLineString{line(orb.Point{71.5, 40}, orb.Point{72, 40})}, Within: 50_000}, map[string]float64{"g1": tip}},
		"points":                    {snapshot.Near{Geometry: orb.MultiPoint{{80, 10}, middle}, Within: 60_000}, map[string]float64{"g1": south, "g2": north}},
		"polygon that it runs into": {snapshot.Near{Geometry: square, Within: 60_000}, map[string]float64{"g1": 0, "g2": toSquare}},
		"polygons":                  {snapshot.Near{Geometry: orb.MultiPolygon{square}, Within: 60_000}, map[string]float64{"g1": 0, "g2": toSquare}},
		"ring":                      {snapshot.Near{Geometry: square[0], Within: 60_000}, map[string]float64{"g1": 0, "g2": toSquare}},
		"bound":                     {snapshot.Near{Geometry: square.Bound(), Within: 60_000}, map[string]float64{"g1": 0, "g2": toSquare}},
		"collection":                {snapshot.Near{Geometry: orb.Collection{middle, square}, Within: 60_000}, map[string]float64{"g1": 0, "g2": min(toSquare, north)}},
		"nothing":                   {snapshot.Near{Geometry: nil}, map[string]float64{}},
		"nothing, within":           {snapshot.Near{Geometry: orb.LineString{}, Within: 1e7}, map[string]float64{}},
	} {
		got := map[string]float64{}
		for _, h := range items(t, c, snapshot.Query{Near: &q.near}).Hits {
			got[h.ID] = h.Metres
		}
		if diff := cmp.Diff(q.want, got, cmp.Comparer(func(a, b float64) bool { return a-b < 1e-3 && b-a < 1e-3 })); diff != "" {
			t.Errorf("near a %s (-want +got):\n%s", name, diff)
		}
	}
}
