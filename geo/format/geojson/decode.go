package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"demarc/geo/format/strictjson"
)

// Feature is a decoded GeoJSON feature. Properties are kept as they were
// written, so that no number changes on the way.
type Feature struct {
	ID         string
	Geometry   orb.Geometry // nil for null
	Properties json.RawMessage
}

// DecodeCollection reads a FeatureCollection (RFC 7946 §3.3). It is strict
// where other readers guess: what strictjson refuses, such as a name that is
// there twice, is refused; positions must have two or three finite numbers
// within ±180, ±90 (heights are dropped), null is no number, rings must close
// and have four positions, members of a GeometryCollection may not be null. The
// error is a *strictjson.Error with the JSON Pointer of the first fault.
func DecodeCollection(b []byte) ([]Feature, error) {
	features := []Feature{}
	var first error
	members, err := DecodeStream(bytes.NewReader(b), func(v Visit) bool {
		if v.Err != nil {
			v.Err.Pointer = fmt.Sprintf("/features/%d", len(features)) + v.Err.Pointer
			first = v.Err
			return false
		}
		v.Feature.Properties = bytes.Clone(v.Feature.Properties)
		features = append(features, v.Feature)
		return true
	})
	switch {
	case members == nil && (err == nil || first != nil): // one feature or several, but no collection
		return nil, &strictjson.Error{Pointer: "/type", Problem: "is not FeatureCollection"}
	case first != nil:
		return nil, first
	case err != nil:
		return nil, err
	}
	return features, nil
}

// DecodeFeature reads one Feature (RFC 7946 §3.2) with DecodeCollection's
// strictness. The properties share b. The error is a *strictjson.Error.
func DecodeFeature(b []byte) (Feature, error) {
	if err := strictjson.Check(b); err != nil {
		return Feature{}, err
	}
	var f Feature
	var typ, geometry []byte
	err := strictjson.Members(b, func(name string, value []byte, at int) (err error) {
		switch name {
		case "type":
			typ = value
		case "id":
			f.ID, err = featureID(value)
		case "geometry":
			geometry = value
			f.Geometry, err = geometryAt(value, 0)
		case "properties":
			f.Properties, err = properties(value)
		case "bbox":
			err = bbox(value)
		case "coordinates", "geometries", "features":
			err = &strictjson.Error{Problem: "does not belong into a Feature (RFC 7946 §7.1)"}
		}
		return within(err, "/"+name, at)
	})
	switch {
	case err != nil:
		return Feature{}, err
	case string(typ) != `"Feature"`:
		return Feature{}, &strictjson.Error{Pointer: "/type", Found: string(typ), Problem: "is not Feature"}
	case geometry == nil:
		return Feature{}, &strictjson.Error{Pointer: "/geometry", Problem: "is missing; write null where it is not known"}
	case f.Properties == nil:
		return Feature{}, &strictjson.Error{Pointer: "/properties", Problem: "is missing; write null where there are none"}
	}
	return f, nil
}

// within puts an error about a part into its place in the whole.
func within(err error, pointer string, at int) error {
	var e *strictjson.Error
	if !errors.As(err, &e) {
		return err
	}
	e.Pointer, e.Offset = pointer+e.Pointer, e.Offset+at
	return e
}

// featureID reads an id: a string, or a number as it is written (RFC 7946 §3.2).
func featureID(b []byte) (id string, err error) {
	switch {
	case b[0] == '"':
		err = json.Unmarshal(b, &id)
		return id, err
	case isNumber(b):
		return string(b), nil
	}
	return "", &strictjson.Error{Found: string(b), Problem: "is neither a string nor a number"}
}

func isNumber(b []byte) bool { return b[0] == '-' || b[0] >= '0' && b[0] <= '9' }

// properties takes an object or null. A NUL in a text is refused: databases and
// programs in C cut the text there.
func properties(b []byte) (json.RawMessage, error) {
	if b[0] != '{' && b[0] != 'n' {
		return nil, &strictjson.Error{Found: string(b), Problem: "is neither an object nor null"}
	}
	for at := 0; ; at += len(`\u0000`) {
		next := bytes.Index(b[at:], []byte(`\u0000`))
		if next < 0 {
			return b, nil
		}
		at += next
		if backslashes := len(b[:at]) - len(bytes.TrimRight(b[:at], `\`)); backslashes%2 == 0 {
			return nil, &strictjson.Error{Offset: at, Found: `\u0000`, Problem: "holds text with the character NUL"}
		}
	}
}

// bbox checks a bounding box (RFC 7946 §5); what it says is not used.
func bbox(b []byte) error {
	var numbers []*float64
	if json.Unmarshal(b, &numbers) != nil || len(numbers) != 4 && len(numbers) != 6 {
		return &strictjson.Error{Found: string(b), Problem: "is not a box of four or six numbers"}
	}
	for i, n := range numbers {
		if n == nil {
			return &strictjson.Error{Pointer: "/" + strconv.Itoa(i), Found: "null", Problem: "is not a number"}
		}
	}
	return nil
}
