package geojson_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/format/geojson"
)

var positions = rapid.Custom(func(t *rapid.T) orb.Point {
	return orb.Point{
		rapid.OneOf(rapid.Float64Range(-180, 180), rapid.SampledFrom([]float64{-180, 0, 180})).Draw(t, "lon"),
		rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{-90, 0, 90})).Draw(t, "lat"),
	}
})

func line(t *rapid.T) orb.LineString { return rapid.SliceOfN(positions, 2, 6).Draw(t, "line") }

func ring(t *rapid.T) orb.Ring {
	ps := rapid.SliceOfN(positions, 3, 6).Draw(t, "ring")
	return append(ps, ps[0])
}

func several[T any](t *rapid.T, draw func(*rapid.T) T) []T {
	return rapid.SliceOfN(rapid.Custom(draw), 0, 4).Draw(t, "several")
}

func polygon(t *rapid.T) orb.Polygon { return several(t, ring) }

// geometry draws a geometry of any type, collections at most depth deep.
func geometry(t *rapid.T, depth int) orb.Geometry {
	switch rapid.IntRange(0, 5+min(depth, 1)).Draw(t, "type") {
	case 0:
		return positions.Draw(t, "point")
	case 1:
		return orb.MultiPoint(rapid.SliceOfN(positions, 0, 4).Draw(t, "points"))
	case 2:
		return line(t)
	case 3:
		return orb.MultiLineString(several(t, line))
	case 4:
		return polygon(t)
	case 5:
		return orb.MultiPolygon(several(t, polygon))
	}
	members := orb.Collection{}
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		members = append(members, geometry(t, depth-1))
	}
	return members
}

func TestGeometryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := geometry(t, 4)
		text := geojson.AppendGeometry(nil, want)
		got, err := geojson.DecodeGeometry(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s read back (-want +got):\n%s", text, diff)
		}
	})
}

func TestFeatureRoundTrip(t *testing.T) {
	schema := geo.Schema{Fields: []geo.Field{{Name: "id"}, {Name: "n", Type: geo.Integer}}}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		want := geo.Feature{ID: rapid.String().Draw(t, "id"), Values: []geo.Value{geo.StringValue("x"), geo.IntValue(n)}}
		if rapid.Bool().Draw(t, "located") {
			want.Geometry = geometry(t, 2)
		}
		out := []byte(`{"type":"FeatureCollection","features":[`)
		out, _ = geojson.AppendFeature(out, &schema, &want)
		features, err := geojson.DecodeCollection(append(out, "]}"...))
		if err != nil || len(features) != 1 {
			t.Fatalf("%s: %d features, %v", out, len(features), err)
		}
		var properties struct {
			ID string
			N  int64
		}
		if err := json.Unmarshal(features[0].Properties, &properties); err != nil {
			t.Fatal(err)
		}
		if features[0].ID != want.ID || properties.ID != "x" || properties.N != n {
			t.Fatalf("%s read back as id %q, properties %+v", out, features[0].ID, properties)
		}
		if diff := cmp.Diff(want.Geometry, features[0].Geometry); diff != "" {
			t.Fatalf("geometry (-want +got):\n%s", diff)
		}
	})
}
