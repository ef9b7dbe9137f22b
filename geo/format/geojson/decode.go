package geojson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"
)

// Feature is a decoded GeoJSON feature. Properties are kept as they were
// written, so that no number changes on the way.
type Feature struct {
	ID         string
	Geometry   orb.Geometry // nil for null
	Properties json.RawMessage
}

// DecodeCollection reads a FeatureCollection (RFC 7946 §3.3). It is strict
// where other readers guess: positions must have two or three finite numbers
// within ±180, ±90 (heights are dropped), null is no number, rings must close
// and have four positions, members of a GeometryCollection may not be null. The
// error names the feature and what is wrong.
func DecodeCollection(b []byte) ([]Feature, error) {
	var doc struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("read feature collection: %w", err)
	}
	if doc.Type != "FeatureCollection" {
		return nil, fmt.Errorf(`read feature collection: type is %q, not "FeatureCollection"`, doc.Type)
	}
	if doc.Features == nil {
		return nil, fmt.Errorf("read feature collection: features are missing")
	}
	features := make([]Feature, len(doc.Features))
	for i, raw := range doc.Features {
		f, err := decodeFeature(raw)
		if err != nil {
			return nil, fmt.Errorf("/features/%d: %w", i, err)
		}
		features[i] = f
	}
	return features, nil
}

func decodeFeature(b []byte) (Feature, error) {
	var doc struct {
		Type       string          `json:"type"`
		ID         json.RawMessage `json:"id"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return Feature{}, err
	}
	if doc.Type != "Feature" {
		return Feature{}, fmt.Errorf(`type is %q, not "Feature"`, doc.Type)
	}
	f := Feature{Properties: doc.Properties}
	var err error
	if f.ID, err = featureID(doc.ID); err != nil {
		return Feature{}, err
	}
	if len(doc.Geometry) == 0 {
		return Feature{}, fmt.Errorf("geometry is missing; write null where it is not known")
	}
	if f.Geometry, err = DecodeGeometry(doc.Geometry); err != nil {
		return Feature{}, fmt.Errorf("feature %s: geometry: %w", f.ID, err)
	}
	return f, nil
}

// featureID reads an id: a string, or a number as it is written (RFC 7946
// §3.2); empty where there is none.
func featureID(b json.RawMessage) (id string, err error) {
	switch {
	case len(b) == 0:
		return "", nil
	case b[0] == '"':
		err = json.Unmarshal(b, &id)
		return id, err
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		return string(b), nil
	}
	return "", fmt.Errorf("id: found %s where a string or a number belongs", b)
}

// maxDepth is how deep geometry collections may nest.
const maxDepth = 4

// DecodeGeometry reads a geometry object (RFC 7946 §3.1), and nil for null.
func DecodeGeometry(b []byte) (orb.Geometry, error) { return decodeGeometry(b, 0) }

func decodeGeometry(b []byte, depth int) (orb.Geometry, error) {
	if string(bytes.TrimSpace(b)) == "null" {
		return nil, nil
	}
	var doc struct {
		Type        string            `json:"type"`
		Coordinates json.RawMessage   `json:"coordinates"`
		Geometries  []json.RawMessage `json:"geometries"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, err
	}
	if doc.Type == "GeometryCollection" {
		return decodeMembers(doc.Geometries, depth)
	}
	tree, err := numbers(doc.Coordinates)
	if err != nil {
		return nil, fmt.Errorf("coordinates: %w", err)
	}
	switch doc.Type {
	case "Point":
		return asGeometry(position(tree))
	case "MultiPoint":
		return asGeometry(each(tree, 0, position))
	case "LineString":
		return asGeometry(line(tree))
	case "MultiLineString":
		return asGeometry(each(tree, 0, line))
	case "Polygon":
		return asGeometry(polygon(tree))
	case "MultiPolygon":
		return asGeometry(each(tree, 0, polygon))
	}
	return nil, fmt.Errorf("type %q is no geometry type", doc.Type)
}

func decodeMembers(raws []json.RawMessage, depth int) (orb.Geometry, error) {
	if raws == nil {
		return nil, fmt.Errorf("geometries are missing")
	}
	if depth == maxDepth {
		return nil, fmt.Errorf("geometry collections nest more than %d deep", maxDepth)
	}
	members := make(orb.Collection, len(raws))
	for i, raw := range raws {
		g, err := decodeGeometry(raw, depth+1)
		if err != nil {
			return nil, fmt.Errorf("geometries/%d: %w", i, err)
		}
		if g == nil {
			return nil, fmt.Errorf("geometries/%d is null", i)
		}
		members[i] = g
	}
	return members, nil
}

// numbers reads nested arrays with numbers kept as they were written.
func numbers(b []byte) (any, error) {
	if len(b) == 0 {
		return nil, fmt.Errorf("are missing")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil && err != io.EOF {
		return nil, err
	}
	return tree, nil
}

// asGeometry turns the shapes that the readers below return into orb's types.
func asGeometry[T any](shape T, err error) (orb.Geometry, error) {
	if err != nil {
		return nil, err
	}
	switch s := any(shape).(type) {
	case []orb.Point:
		return orb.MultiPoint(s), nil
	case []orb.LineString:
		return orb.MultiLineString(s), nil
	case []orb.Polygon:
		return orb.MultiPolygon(s), nil
	case orb.Geometry:
		return s, nil
	}
	return nil, fmt.Errorf("no geometry")
}

// each reads an array of at least least members.
func each[T any](tree any, least int, read func(any) (T, error)) ([]T, error) {
	list, ok := tree.([]any)
	if !ok {
		return nil, fmt.Errorf("found %v where an array belongs", tree)
	}
	if len(list) < least {
		return nil, fmt.Errorf("found %d members where at least %d belong", len(list), least)
	}
	out := make([]T, len(list))
	for i, m := range list {
		var err error
		if out[i], err = read(m); err != nil {
			return nil, fmt.Errorf("%d: %w", i, err)
		}
	}
	return out, nil
}

func position(tree any) (orb.Point, error) {
	list, ok := tree.([]any)
	if !ok || len(list) < 2 || len(list) > 3 {
		return orb.Point{}, fmt.Errorf("found %v where a position of two or three numbers belongs", tree)
	}
	var p orb.Point
	for i, m := range list {
		n, ok := m.(json.Number)
		if !ok {
			return orb.Point{}, fmt.Errorf("found %v where a number belongs", m)
		}
		x, err := n.Float64()
		if err != nil {
			return orb.Point{}, fmt.Errorf("number %s is too large", n)
		}
		if i < 2 {
			p[i] = x
		}
	}
	if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
		return orb.Point{}, fmt.Errorf("position %v lies outside the world; write lon, lat in degrees", p)
	}
	return p, nil
}

func line(tree any) (orb.LineString, error) {
	ps, err := each(tree, 2, position)
	return orb.LineString(ps), err
}

func polygon(tree any) (orb.Polygon, error) {
	rings, err := each(tree, 0, func(t any) (orb.Ring, error) {
		ps, err := each(t, 4, position)
		if err == nil && ps[0] != ps[len(ps)-1] {
			err = fmt.Errorf("the ring is not closed: it begins at %v and ends at %v", ps[0], ps[len(ps)-1])
		}
		return orb.Ring(ps), err
	})
	return orb.Polygon(rings), err
}
