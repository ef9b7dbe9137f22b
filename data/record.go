package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/geojson"
	"demarc/geo/format/strictjson"
)

// Record is one record of any kind.
type Record struct {
	Kind Kind
	// Value is a pointer to the type of the kind: *Incident, *Source, *Party,
	// *Place, *Segment or *Area.
	Value any
	// Shape is the geometry of a segment or an area, lon, lat; nil for the others.
	Shape orb.Geometry
}

// ID returns the record's own id.
func (r Record) ID() string {
	switch v := r.Value.(type) {
	case *Incident:
		return v.ID
	case *Source:
		return v.ID
	case *Party:
		return v.ID
	case *Place:
		return v.ID
	case *Segment:
		return v.ID
	case *Area:
		return v.ID
	}
	return ""
}

// shaped are the records that have a geometry of their own, as JSON says them.
type (
	shapedSegment struct {
		Segment
		Geometry json.RawMessage `json:"geometry"`
	}
	shapedArea struct {
		Area
		Geometry json.RawMessage `json:"geometry"`
	}
)

// DecodeRecord reads a record in the form that Change.Body has. The error is a
// *geo.InputError: a member that the kind does not have, a value that does not
// fit. Whether the record keeps the rules, Validate tells.
func DecodeRecord(kind Kind, body []byte) (Record, error) {
	r := Record{Kind: kind}
	var geometry json.RawMessage
	var err error
	switch kind {
	case Incidents:
		r.Value, err = decode[Incident](body)
	case Sources:
		r.Value, err = decode[Source](body)
	case Parties:
		r.Value, err = decode[Party](body)
	case Places:
		r.Value, err = decode[Place](body)
	case Segments:
		var s *shapedSegment
		if s, err = decode[shapedSegment](body); err == nil {
			r.Value, geometry = &s.Segment, s.Geometry
		}
	case Areas:
		var a *shapedArea
		if a, err = decode[shapedArea](body); err == nil {
			r.Value, geometry = &a.Area, a.Geometry
		}
	default:
		err = badKind(kind)
	}
	if err == nil && len(geometry) > 0 && string(geometry) != "null" {
		r.Shape, err = decodeShape(geometry)
	}
	if err != nil {
		return Record{}, err
	}
	return r, nil
}

// RecordOf makes a record of the members of its JSON, as strictjson.Value reads them. It
// is false for what DecodeRecord refuses, which tells what is wrong, and for kinds that
// have a geometry.
func RecordOf(kind Kind, members map[string]any) (r Record, ok bool) {
	r.Kind = kind
	switch kind {
	case Incidents:
		r.Value = &Incident{}
	case Sources:
		r.Value = &Source{}
	case Parties:
		r.Value = &Party{}
	case Places:
		r.Value = &Place{}
	default:
		return r, false
	}
	return r, strictjson.Fill(members, r.Value)
}

func badKind(kind Kind) error {
	var faults geo.Faults
	faults.Add("", string(kind), "is no kind of record", fmt.Sprintf("use one of %v", Kinds()))
	return faults.Err()
}

func decodeShape(geometry []byte) (orb.Geometry, error) {
	shape, err := geojson.DecodeGeometry(geometry)
	if err != nil {
		var faults geo.Faults
		faults.Add("/geometry", "", "is not a geometry: "+err.Error(), "write a GeoJSON geometry (RFC 7946 §3.1)")
		return nil, faults.Err()
	}
	return shape, nil
}

// decode reads one JSON value and nothing behind it. It is strict: members that T
// does not have, names that are there twice and text that is not UTF-8 are faults.
func decode[T any](body []byte) (*T, error) {
	v := new(T)
	err := strictjson.Unmarshal(body, v)
	if err == nil {
		return v, nil
	}
	f := geo.Fault{Problem: err.Error(), Mend: "docs/data-dictionary.md has the members of a record and their types"}
	var fault *strictjson.Error
	if errors.As(err, &fault) {
		f.Where, f.Found, f.Problem = fault.Pointer, fault.Found, fault.Problem
	}
	return nil, &geo.InputError{Faults: []geo.Fault{f}}
}

// Encode returns the record in the form that DecodeRecord reads: the same bytes
// for the same record.
func (r Record) Encode() (json.RawMessage, error) {
	v := r.Value
	switch value := r.Value.(type) {
	case *Segment:
		v = shapedSegment{*value, geojson.AppendGeometry(nil, r.Shape)}
	case *Area:
		v = shapedArea{*value, geojson.AppendGeometry(nil, r.Shape)}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode %s/%s: %w", r.Kind, r.ID(), err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// Each yields every record, in the order of Kinds.
func (r *Records) Each() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		_ = each(Sources, r.Sources, nil, yield) &&
			each(Parties, r.Parties, nil, yield) &&
			each(Places, r.Places, nil, yield) &&
			each(Segments, r.Segments, func(s *Segment) orb.Geometry { return r.Geometry[s.ID] }, yield) &&
			each(Areas, r.Areas, func(a *Area) orb.Geometry { return r.Geometry[a.ID] }, yield) &&
			each(Incidents, r.Incidents, nil, yield)
	}
}

func each[T any](kind Kind, list []T, shape func(*T) orb.Geometry, yield func(Record) bool) bool {
	for i := range list {
		record := Record{Kind: kind, Value: &list[i]}
		if shape != nil {
			record.Shape = shape(&list[i])
		}
		if !yield(record) {
			return false
		}
	}
	return true
}

// Add appends a record to the list of its kind.
func (r *Records) Add(record Record) {
	switch v := record.Value.(type) {
	case *Incident:
		r.Incidents = append(r.Incidents, *v)
	case *Source:
		r.Sources = append(r.Sources, *v)
	case *Party:
		r.Parties = append(r.Parties, *v)
	case *Place:
		r.Places = append(r.Places, *v)
	case *Segment:
		r.Segments = append(r.Segments, *v)
	case *Area:
		r.Areas = append(r.Areas, *v)
	}
	if record.Shape != nil {
		if r.Geometry == nil {
			r.Geometry = Shapes{}
		}
		r.Geometry[record.ID()] = record.Shape
	}
}

// Size returns how many records there are of all kinds.
func (r *Records) Size() int {
	return len(r.Incidents) + len(r.Sources) + len(r.Parties) + len(r.Places) + len(r.Segments) + len(r.Areas)
}

// Compare orders kinds as Kinds does.
func (k Kind) Compare(other Kind) int {
	return slices.Index(Kinds(), k) - slices.Index(Kinds(), other)
}
