package importer

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"demarc/geo/format/geojson"
	"demarc/geo/predicate"
)

const mendFeature = "write it as RFC 7946 says, positions as [longitude, latitude] in degrees"

// eachFeature calls visit with every feature that can be read.
func (s *sink) eachFeature(r io.Reader, visit func(geojson.Visit)) {
	_, err := geojson.DecodeStream(r, func(v geojson.Visit) bool {
		s.summary.Read++
		if v.Err != nil {
			s.fault(v.Line, "", v.Err.Found, v.Err.Message(), mendFeature)
		} else {
			visit(v)
		}
		return !s.stopped()
	})
	var whole *geojson.DocumentError
	if errors.As(err, &whole) {
		mend := "write a FeatureCollection (RFC 7946) or features one a line"
		if strings.Contains(whole.Problem, "JSON array") {
			mend = "rows of a table are read as CSV, which jq makes of them: jq -r '(.[0]|keys_unsorted) as $c | $c, (.[]|[.[$c[]]]) | @csv'"
		}
		s.fault(whole.Line, "", "", whole.Problem, mend)
		return
	}
	s.broken(err)
}

// readGeoJSON reads features by the mapping.
func (s *sink) readGeoJSON(r io.Reader) {
	m := s.o.Mapping
	if m == nil && !s.o.Plain {
		s.unmapped(r)
		return
	}
	seen := map[string]bool{}
	s.eachFeature(r, func(v geojson.Visit) {
		if err := predicate.Validate(v.Feature.Geometry); err != nil {
			s.fault(v.Line, "geometry", "", "is not valid: "+err.Error(), "mend it, as ogr2ogr -makevalid does")
			return
		}
		if m != nil {
			s.mapped(m, &row{line: v.Line, id: v.Feature.ID, geometry: v.Feature.Geometry, values: values(v.Feature.Properties, seen)})
		}
	})
	if m == nil || s.summary.Read == 0 || s.err != nil {
		return
	}
	for _, f := range m.fields() {
		if f.Column != "" && !seen[f.Column] {
			s.fault(0, "", f.Column, "is a property of the mapping that no feature has", "mend the mapping")
		}
	}
}

// unmapped notes that there is no mapping, and which properties it could name.
func (s *sink) unmapped(r io.Reader) {
	seen := map[string]bool{}
	before := len(s.faults)
	s.eachFeature(io.LimitReader(r, 1<<20), func(v geojson.Visit) {
		if len(seen) == 0 {
			values(v.Feature.Properties, seen)
		}
	})
	if len(seen) == 0 && len(s.faults) > before {
		return // it is no GeoJSON at all
	}
	s.faults, s.untold = s.faults[:before], 0
	s.mapping(slices.Sorted(maps.Keys(seen)))
}

// values returns properties as text by name: strings as they are, null as
// nothing, and all else in the bytes of its JSON. It notes the names in seen.
func values(properties []byte, seen map[string]bool) map[string]string {
	raw := map[string]json.RawMessage{}
	_ = json.Unmarshal(properties, &raw) // it has been read before
	out := make(map[string]string, len(raw))
	for name, v := range raw {
		seen[name] = true
		switch v[0] {
		case 'n':
		case '"':
			var text string
			_ = json.Unmarshal(v, &text)
			out[name] = text
		default:
			out[name] = string(v)
		}
	}
	return out
}
