package edit

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/geojson"
	"demarc/geo/format/strictjson"
)

// Sent is a feature, or part of one, as a client sends it.
type Sent struct {
	ID          string // empty for none
	Geometry    orb.Geometry
	HasGeometry bool // whether it says anything of the geometry, null included
	Properties  map[string]any
	Partial     bool // what it does not mention stays: PATCH (RFC 7396)
}

// MaxFeatures is how many features one request may hold.
const MaxFeatures = 1000

// Reader reads what clients send.
type Reader struct {
	Many    bool // a FeatureCollection may come in the place of a Feature
	Partial bool // for a merge patch of a feature, in which any member may be missing
	// CRS is that of the geometries, with the axis order of its authority.
	CRS crs.CRS
}

// Read reads a Feature or FeatureCollection. The error is a *strictjson.Error where
// the text cannot be read in one way only, and else a *geo.InputError with every
// fault, its place a JSON Pointer.
func (r *Reader) Read(raw []byte) (sent []*Sent, collection bool, err error) {
	v, err := decode(raw)
	if err != nil {
		return nil, false, err
	}
	var faults geo.Faults
	doc, ok := v.(tree)
	switch {
	case !ok:
		faults.Add("", "", "is no JSON object", "send a GeoJSON Feature (RFC 7946 §3.2)")
	case doc["type"] == "FeatureCollection" && r.Many:
		return r.collection(doc)
	case doc["type"] == "FeatureCollection":
		faults.Add("/type", "FeatureCollection", "holds many features where one belongs", "send a Feature")
	default:
		one := r.feature(doc, "", &faults)
		return []*Sent{one}, false, faults.Err()
	}
	return nil, false, faults.Err()
}

func (r *Reader) collection(doc tree) ([]*Sent, bool, error) {
	var faults geo.Faults
	members, ok := doc["features"].([]any)
	switch {
	case !ok:
		faults.Add("/features", "", "is no list of features", "write the features into it (RFC 7946 §3.3)")
	case len(members) == 0:
		faults.Add("/features", "", "is empty", "send at least one feature")
	case len(members) > MaxFeatures:
		faults.Add("/features", strconv.Itoa(len(members)), "are too many features for one request", "send at most "+strconv.Itoa(MaxFeatures)+", or use demarc import")
	}
	if len(faults) > 0 {
		return nil, true, faults.Err()
	}
	sent := make([]*Sent, len(members))
	for i, m := range members {
		where := "/features/" + strconv.Itoa(i)
		feature, ok := m.(tree)
		if !ok {
			faults.Add(where, "", "is no feature", "send a GeoJSON Feature (RFC 7946 §3.2)")
			continue
		}
		sent[i] = r.feature(feature, where, &faults)
	}
	return sent, true, faults.Err()
}

// ignored are members of a feature that GET gives and that say nothing of its
// record.
var ignored = []string{"type", "id", "geometry", "properties", "bbox", "links", "attribution"}

// feature reads one feature. where is its place in the document.
func (r *Reader) feature(doc tree, where string, faults *geo.Faults) *Sent {
	s := &Sent{Partial: r.Partial}
	if kind := doc["type"]; kind != "Feature" && (kind != nil || !r.Partial) {
		faults.Add(where+"/type", text(kind), "is not Feature", `write "type": "Feature" (RFC 7946 §3.2)`)
	}
	for name := range doc {
		if !slices.Contains(ignored, name) {
			faults.Add(where+"/"+name, "", "is not a member of a feature", "put properties into properties; see docs/writing.md")
		}
	}
	switch id := doc["id"].(type) {
	case nil:
	case string:
		s.ID = id
	case json.Number:
		s.ID = id.String()
	default:
		faults.Add(where+"/id", "", "is neither a text nor a number", "write the identifier as text")
	}
	switch p := doc["properties"].(type) {
	case tree:
		s.Properties = p
	case nil:
		if !r.Partial {
			faults.Add(where+"/properties", "", "are missing", "write the feature's properties")
		}
	default:
		faults.Add(where+"/properties", "", "is no object", "write the feature's properties as an object")
	}
	if s.Properties == nil {
		s.Properties = tree{}
	}
	if g, ok := doc["geometry"]; ok {
		s.HasGeometry = true
		r.geometry(s, g, where, faults)
	}
	return s
}

func (r *Reader) geometry(s *Sent, g any, where string, faults *geo.Faults) {
	if g == nil {
		return
	}
	err := r.toCRS84(asTree(g))
	if p, ok := pointOf(asTree(g)); ok && err == nil {
		s.Geometry = p
		return
	}
	raw, err2 := encode(nil, g)
	if err = errors.Join(err, err2); err == nil {
		s.Geometry, err = geojson.DecodeGeometry(raw)
	}
	var fault *strictjson.Error
	var outside *geo.InputError
	switch {
	case errors.As(err, &fault):
		faults.Add(where+"/geometry"+fault.Pointer, fault.Found, fault.Problem, "write a GeoJSON geometry (RFC 7946 §3.1)")
	case errors.As(err, &outside):
		for _, f := range outside.Faults {
			f.Where = where + "/geometry"
			*faults = append(*faults, f)
		}
	case err != nil:
		faults.Add(where+"/geometry", "", err.Error(), "write a GeoJSON geometry (RFC 7946 §3.1)")
	}
}

// pointOf returns a Point of two coordinates, as most are; ok is false for what
// geojson.DecodeGeometry reads, or refuses.
func pointOf(g tree) (p orb.Point, ok bool) {
	at, _ := g["coordinates"].([]any)
	if len(g) != 2 || g["type"] != "Point" || len(at) != len(p) {
		return p, false
	}
	for i, most := range [...]float64{180, 90} {
		n, isNumber := at[i].(json.Number)
		x, err := n.Float64()
		if !isNumber || err != nil || math.Abs(x) > most {
			return p, false
		}
		p[i] = x
	}
	return p, true
}

// toCRS84 turns every position of a geometry into lon, lat, in place. What is
// no geometry is left to the decoder, which says so.
func (r *Reader) toCRS84(g tree) error {
	if r.CRS == crs.CRS84 {
		return nil
	}
	members, _ := g["geometries"].([]any)
	for _, m := range members {
		if err := r.toCRS84(asTree(m)); err != nil {
			return err
		}
	}
	coordinates, _ := g["coordinates"].([]any)
	return r.positions(coordinates)
}

func (r *Reader) positions(list []any) error {
	if len(list) >= 2 {
		x, isX := list[0].(json.Number)
		y, isY := list[1].(json.Number)
		if isX && isY {
			at := orb.Point{}
			at[0], _ = x.Float64()
			at[1], _ = y.Float64()
			g, err := r.CRS.ToCRS84(at)
			if err != nil {
				return err
			}
			list[0], list[1] = number(g.(orb.Point)[0]), number(g.(orb.Point)[1])
			return nil
		}
	}
	for _, l := range list {
		if inner, ok := l.([]any); ok {
			if err := r.positions(inner); err != nil {
				return err
			}
		}
	}
	return nil
}

// merged returns a value with a merge patch applied (RFC 7396 §2).
func merged(target, patch any) any {
	p, ok := patch.(tree)
	if !ok {
		return patch
	}
	out := tree{}
	for name, v := range asTree(target) {
		out[name] = v
	}
	for name, v := range p {
		if v == nil {
			delete(out, name)
			continue
		}
		out[name] = merged(out[name], v)
	}
	return out
}
