package jsonfg

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/geojson"
)

// former forms features as JSON.
type former struct {
	sc         *geo.Schema
	opts       Options
	start, end int // positions of the time's fields; -1 for none
}

func newFormer(sc *geo.Schema, opts Options) former {
	if opts.FeatureType == "" {
		opts.FeatureType = sc.Collection
	}
	f := former{sc: sc, opts: opts, start: sc.Index(opts.Start), end: sc.Index(opts.End)}
	if f.start < 0 { // one field alone is an instant, whichever it is
		f.start = f.end
	}
	if f.end < 0 {
		f.end = f.start
	}
	return f
}

// appendRoot appends the members that only the root of a document has.
func (f *former) appendRoot(dst []byte) []byte {
	dst = append(dst, ',')
	dst = append(dst, conformsTo...)
	dst = appendMember(dst, "featureType", f.opts.FeatureType)
	if f.opts.FeatureSchema != "" {
		dst = appendMember(dst, "featureSchema", f.opts.FeatureSchema)
	}
	if f.opts.CRS != crs.CRS84 {
		dst = appendMember(dst, "coordRefSys", f.opts.CRS.URI())
	}
	if len(f.opts.Members) > 0 {
		dst = append(dst, ',')
		dst = append(dst, f.opts.Members...)
	}
	return dst
}

func appendMember(dst []byte, name, text string) []byte {
	dst = append(dst, `,"`...)
	dst = append(dst, name...)
	return geo.AppendJSONString(append(dst, `":`...), text)
}

// appendFeature appends the members of a feature after its type, without the
// brace that ends it.
func (f *former) appendFeature(dst []byte, ft *geo.Feature) ([]byte, error) {
	if len(ft.Values) != len(f.sc.Fields) {
		return nil, fmt.Errorf("encode JSON-FG: feature %s has %d values for %d fields", ft.ID, len(ft.Values), len(f.sc.Fields))
	}
	var place, geometry orb.Geometry
	if f.opts.CRS == crs.CRS84 {
		geometry = ft.Geometry
	} else {
		var err error
		if place, err = f.opts.CRS.FromCRS84(ft.Geometry); err != nil {
			return nil, fmt.Errorf("encode JSON-FG: feature %s: %w", ft.ID, err)
		}
		if f.opts.Fallback {
			geometry = ft.Geometry
		}
	}
	dst = appendMember(dst, "id", ft.ID)
	dst = f.appendTime(append(dst, `,"time":`...), ft)
	dst = geojson.AppendGeometry(append(dst, `,"place":`...), place)
	dst = geojson.AppendGeometry(append(dst, `,"geometry":`...), geometry)
	dst = append(dst, `,"properties":{`...)
	for i := range f.sc.Fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(geo.AppendJSONString(dst, f.sc.Fields[i].Name), ':')
		if _, isList := ft.Values[i].List(); isList {
			dst = ft.Values[i].AppendJSON(dst)
		} else {
			dst = geojson.AppendProperty(dst, ft.Values[i])
		}
	}
	return append(dst, '}'), nil
}

// appendTime appends the time object of a feature, or null.
func (f *former) appendTime(dst []byte, ft *geo.Feature) []byte {
	if f.start < 0 {
		return append(dst, "null"...)
	}
	start, end := ft.Values[f.start], ft.Values[f.end]
	from, fromPrecision, hasFrom := start.Unix()
	to, toPrecision, hasTo := end.Unix()
	switch {
	case !hasFrom && !hasTo:
		return append(dst, "null"...)
	case start.Equal(end):
		name := `{"timestamp":`
		if fromPrecision == geo.PrecisionDay {
			name = `{"date":`
		}
		return append(start.AppendJSON(append(dst, name...)), '}')
	case hasFrom && hasTo && fromPrecision != toPrecision:
		if fromPrecision == geo.PrecisionDay {
			start = geo.DateTimeValue(time.Unix(from, 0))
		} else {
			end = geo.DateTimeValue(time.Unix(to+24*60*60-1, 0))
		}
	}
	dst = append(dst, `{"interval":[`...)
	dst = append(appendEnd(dst, start, hasFrom), ',')
	return append(appendEnd(dst, end, hasTo), "]}"...)
}

// appendEnd appends one end of an interval.
func appendEnd(dst []byte, v geo.Value, known bool) []byte {
	if !known {
		return append(dst, `".."`...)
	}
	return v.AppendJSON(dst)
}
