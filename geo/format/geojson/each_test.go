package geojson_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/geo/format/geojson"
)

// each returns what DecodeEach visits: "offset id" or "offset !error", and the
// document's own fault at the end.
func each(document string) (visited []string, members int) {
	outer, err := geojson.DecodeEach([]byte(document), func(offset int, f geojson.Feature, err error) {
		if err != nil {
			visited = append(visited, fmt.Sprintf("%d !%v", offset, err))
			return
		}
		visited = append(visited, fmt.Sprintf("%d %s", offset, f.ID))
	})
	var whole *geojson.DocumentError
	if errors.As(err, &whole) {
		visited = append(visited, fmt.Sprintf("%d: %s", whole.Offset, whole.Problem))
	} else if err != nil {
		visited = append(visited, "not a DocumentError: "+err.Error())
	}
	return visited, len(outer)
}

const one = `{"type":"Feature","id":"a","geometry":null,"properties":{}}`

func TestDecodeEach(t *testing.T) {
	two := strings.Replace(one, `"a"`, "2", 1)
	bad := `{"type":"Feature","id":"b","geometry":{"type":"Point","coordinates":[200,0]},"properties":{}}`
	for name, tt := range map[string]struct {
		document string
		members  int
		want     []string
	}{
		"collection":           {`{"type":"FeatureCollection","name":"n","features":[` + one + `,` + two + `]}`, 2, []string{"51 a", "111 2"}},
		"type behind features": {`{"features":[` + one + `],"type":"FeatureCollection"}` + "\n", 1, []string{"13 a"}},
		"one feature bad": {`{"type":"FeatureCollection","features":[` + bad + `,` + one + `]}`, 1,
			[]string{"108 !/geometry/coordinates: lies outside the world; write lon, lat in degrees, found [200,0]", "134 a"}},
		"lines":                {one + "\n" + two + "\n", 0, []string{"0 a", "60 2"}},
		"records":              {"\x1E" + one + "\n\x1E" + two + "\n", 0, []string{"1 a", "62 2"}},
		"a damaged line":       {one + "\n{\"type\":\"Fea\n" + two, 0, []string{"0 a", "72 !/type: is not JSON from here on: invalid character '\\n' in string (expecting non-control character)", "73 2"}},
		"one alone, indented":  {strings.ReplaceAll(one, ",", ",\n  "), 0, []string{"0 a"}},
		"empty":                {" \n", 0, []string{"0: is empty"}},
		"array":                {"\n[1]", 0, []string{"1: is a JSON array, not GeoJSON"}},
		"text":                 {"lon,lat\n1,2", 0, []string{"0: is not JSON"}},
		"another type":         {`{"type":"Topology","features":[]}`, 0, []string{`0: has the type "Topology", not FeatureCollection or Feature`}},
		"no type":              {`{"a":1}`, 0, []string{"0: has the type (none), not FeatureCollection or Feature"}},
		"no features":          {`{"type":"FeatureCollection"}`, 0, []string{"0: has no features, which a FeatureCollection must have"}},
		"features not a list":  {`{"type":"FeatureCollection","features":{}}`, 0, []string{"38: has features that are not an array"}},
		"cut short":            {`{"type":"FeatureCollection","features":[` + one + `,`, 0, []string{"40 a", "100: ends too early"}},
		"more behind it":       {`{"type":"FeatureCollection","features":[]} x`, 0, []string{"42: goes on behind the end of the FeatureCollection"}},
		"no JSON in a feature": {`{"type":"FeatureCollection","features":[{"type":x}]}`, 0, []string{"48: is not JSON from here on: invalid character 'x' at start of value"}},
	} {
		got, members := each(tt.document)
		if diff := cmp.Diff(tt.want, got); diff != "" || members != tt.members {
			t.Errorf("%s: %d members, want %d (-want +got):\n%s", name, members, tt.members, diff)
		}
	}
}

// Whatever the bytes, DecodeEach ends, and tells places that are in them.
func FuzzDecodeEach(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[` + one + `]}`))
	f.Add([]byte(one + "\n" + one))
	f.Add([]byte("\x1E" + one + "\n\x1E{\n\x1E" + one))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := geojson.DecodeEach(b, func(offset int, f geojson.Feature, err error) {
			if offset < 0 || offset > len(b) {
				t.Fatalf("a feature at %d of %d bytes", offset, len(b))
			}
		})
		var whole *geojson.DocumentError
		if err != nil && !errors.As(err, &whole) || whole != nil && (whole.Offset < 0 || whole.Offset > len(b)) {
			t.Fatalf("%v at %+v of %d bytes", err, whole, len(b))
		}
	})
}
