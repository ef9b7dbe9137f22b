package edit

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/format/geojson"
)

// Target is the feature that is to be changed, or made.
type Target struct {
	Collection string
	ID         string
	// Record is the record as it stands, in the form of data.Change; nil for a
	// new one. That of a claim is its incident's.
	Record json.RawMessage
	// Form holds the properties, nested members among them, that GET of the
	// feature gives; nil for a new one.
	Form json.RawMessage
	// Geometry is the form's.
	Geometry orb.Geometry
	// LastClaim is the highest number that a claim of the incident ever had.
	LastClaim int
	// PositionSource is said to be the source of a position for which the client
	// names none.
	PositionSource string
}

// Edited is the record that comes of it.
type Edited struct {
	Kind data.Kind
	ID   string
	// Body is the record in the form of data.Change; nil where Record is it.
	Body   json.RawMessage
	Record data.Record
	// FeatureID is the id of the feature: a claim's own, else the record's.
	FeatureID string

	collection string
	claim      int // the place of the claim in its incident; -1 for none
	sent       map[string]any
}

// Apply returns the record with what was sent, as Body. The error is a
// *geo.InputError with every fault, its place a JSON Pointer into the feature.
func (t *Target) Apply(s *Sent) (*Edited, error) {
	e, record, err := t.edited(s)
	if err != nil {
		return nil, err
	}
	e.Body, err = encode(make([]byte, 0, 1024), record)
	return e, err
}

// Make is Apply for those who want no Body: the record comes as Record, where it is of
// the form that its kind has.
func (t *Target) Make(s *Sent) (*Edited, error) {
	e, record, err := t.edited(s)
	if err != nil {
		return nil, err
	}
	if r, ok := data.RecordOf(e.Kind, record); ok {
		e.Record = r
		return e, nil
	}
	e.Body, err = encode(make([]byte, 0, 1024), record)
	return e, err
}

// newRecordMembers is how many members a new record has room for before its map grows.
const newRecordMembers = 14

// edited returns the record as a tree.
func (t *Target) edited(s *Sent) (*Edited, tree, error) {
	var record, form tree
	if t.Record == nil {
		record = make(tree, newRecordMembers)
	} else {
		r, err := decode(t.Record)
		if err != nil {
			return nil, nil, fmt.Errorf("read the record of %s/%s: %w", t.Collection, t.ID, err)
		}
		record = asTree(r)
	}
	if t.Form != nil {
		f, err := decode(t.Form)
		if err != nil {
			return nil, nil, fmt.Errorf("read the form of %s/%s: %w", t.Collection, t.ID, err)
		}
		form = asTree(f)
	}
	kind, _ := KindOf(t.Collection)
	e := &Edited{Kind: kind, ID: t.ID, FeatureID: t.ID, collection: t.Collection, claim: -1, sent: s.Properties}
	var faults geo.Faults
	t.checkID(s, &faults)
	edited := record
	if t.Collection == "claims" {
		edited = e.claimOf(t, record)
	} else {
		record["id"] = t.ID
	}
	t.setFields(edited, form, s, &faults)
	t.keepPrecision(record, form)
	t.setGeometry(edited, form, s, &faults)
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	t.finish(e, record, edited)
	return e, record, nil
}

// checkID checks that the feature does not give itself another id.
func (t *Target) checkID(s *Sent, faults *geo.Faults) {
	if s.ID != "" && s.ID != t.ID {
		faults.Add("/id", s.ID, "is not the feature's id", "write "+t.ID+", or leave it out")
	}
	if id, ok := s.Properties["id"]; ok && !isNothing(id) && id != t.ID {
		faults.Add("/properties/id", fmt.Sprint(id), "is not the feature's id", "write "+t.ID+", or leave it out")
	}
}

// claimOf returns the claim within its incident's record, a new one at the end.
func (e *Edited) claimOf(t *Target, incident tree) tree {
	e.ID, _, _ = strings.Cut(t.ID, ".c")
	claims, _ := incident["claims"].([]any)
	e.claim = slices.IndexFunc(claims, func(c any) bool { return asTree(c)["id"] == t.ID })
	if e.claim < 0 {
		e.claim = len(claims)
		incident["claims"] = append(claims, tree{"id": t.ID})
		return incident["claims"].([]any)[e.claim].(tree)
	}
	return asTree(claims[e.claim])
}

// setFields writes what differs from the form into the record.
func (t *Target) setFields(record, form tree, s *Sent, faults *geo.Faults) {
	for _, f := range fields(t.Collection) {
		v, sent := s.Properties[f.name]
		if !sent && (s.Partial || f.whole) {
			continue
		}
		if s.Partial {
			v = merged(form[f.name], v)
		}
		if same(v, form[f.name]) {
			continue
		}
		if f.set == nil {
			put(record, f.path, v)
		} else if problem := f.set(record, v); problem != "" {
			faults.Add("/properties/"+f.name, short(v), problem, "docs/writing.md says what each property takes")
		}
	}
	var others []string
	for name, v := range s.Properties {
		if name != "id" && !isField(t.Collection, name) && !same(v, form[name]) && !t.accepts(name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		t.refuse(name, s.Properties[name], form, faults)
	}
}

// accepts tells of properties that are read when a record is made, elsewhere.
func (t *Target) accepts(name string) bool {
	return t.Record == nil && t.Collection == "incidents" && (name == "place" || name == "country") || t.Collection == "claims" && name == "incident_id" && t.Form == nil
}

func (t *Target) refuse(name string, v any, form tree, faults *geo.Faults) {
	where := "/properties/" + name
	switch _, derived := form[name]; {
	case derived && t.Collection == "claims" && name == "incident_id":
		faults.Add(where, short(v), "a claim stays with its incident", "delete it here and add it there")
	case derived || slices.Contains(workedOutOf(t.Collection), name):
		faults.Add(where, short(v), "is worked out from the record and cannot be written", "leave it out or as it was; "+insteadOf(t.Collection, name))
	default:
		faults.Add(where, short(v), "is not a property of "+t.Collection, "the writable ones are "+strings.Join(Writable(t.Collection), ", "))
	}
}

// workedOutOf are the properties that a form has and that cannot be written.
func workedOutOf(collection string) []string {
	switch collection {
	case "incidents":
		return []string{"place", "country", "figures", "killed_low", "killed_high", "wounded_low", "wounded_high", "captured_low", "captured_high",
			"released_low", "released_high", "claims", "sources", "origins", "segment_id", "segment_m", "child_ids", "figures_detail", "place_detail", "sources_detail"}
	case "claims":
		return []string{"status_flag", "superseded_by", "start", "end", "place", "country", "incident_title", "sources_detail"}
	case "sources":
		return []string{"claims", "claim_ids"}
	case "parties":
		return []string{"incidents", "claims_made", "claims_about", "dates_detail", "member_ids"}
	case "places":
		return []string{"incidents", "incident_ids"}
	case "segments":
		return []string{"status", "status_from", "status_to", "status_source", "status_note", "length_km", "sources_detail"}
	case "areas":
		return []string{"sources_detail"}
	}
	return nil
}

// insteadOf says what to write to change something that is worked out.
func insteadOf(collection, name string) string {
	switch {
	case collection == "incidents" && (name == "place" || name == "country" || name == "place_detail"):
		return "choose another place_id, or edit the place"
	case collection == "segments" && strings.HasPrefix(name, "status"):
		return "edit history_detail"
	case collection == "incidents":
		return "add or edit claims, from which it follows"
	}
	return "edit what it follows from"
}

func short(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b[:min(len(b), 100)])
}

// finish numbers claims, adds the bounds that a wording has by itself, and
// writes relations between claims on both of them.
func (t *Target) finish(e *Edited, record, edited tree) {
	switch t.Collection {
	case "claims":
		complete(edited)
		claims, _ := record["claims"].([]any)
		mutual(claims, t.ID)
	case "incidents":
		if isNothing(record["end"]) {
			put(record, "end", record["start"])
		}
		claims, _ := record["claims"].([]any)
		next := max(t.LastClaim, lastClaim(claims))
		for _, c := range claims {
			claim := asTree(c)
			complete(claim)
			if isNothing(claim["id"]) {
				next++
				claim["id"] = t.ID + ".c" + strconv.Itoa(next)
			}
		}
	}
}

// setGeometry writes a geometry that differs from the form's.
func (t *Target) setGeometry(record, form tree, s *Sent, faults *geo.Faults) {
	if !s.HasGeometry && (s.Partial || t.Collection == "claims") || near(s.Geometry, t.Geometry) {
		return
	}
	point, isPoint := s.Geometry.(orb.Point)
	switch t.Collection {
	case "sources", "parties", "claims":
		if s.Geometry != nil {
			faults.Add("/geometry", s.Geometry.GeoJSONType(), "cannot be written: "+t.Collection+" have none of their own", "write null; a claim is where its incident is")
		}
	case "incidents", "places":
		if s.Geometry != nil && !isPoint {
			faults.Add("/geometry/type", s.Geometry.GeoJSONType(), "is not a Point", "write the position as a Point; areas have their own collection")
			return
		}
		at := "position"
		if t.Collection == "incidents" {
			at = "location/position"
			t.locate(record, form)
		}
		if s.Geometry == nil {
			put(record, at, nil)
			put(record, at+"_source", nil)
			return
		}
		put(record, at, []any{number(point[0]), number(point[1])})
		if _, said := s.Properties["position_source"]; !said && get(asTree(s.Properties["location"]), "position_source") == nil || isNothing(get(record, at+"_source")) {
			put(record, at+"_source", t.PositionSource)
		}
	case "segments", "areas":
		delete(record, "geometry")
		if s.Geometry != nil {
			g, _ := decode(geojson.AppendGeometry(nil, s.Geometry))
			record["geometry"] = g
		}
	}
}

// locate gives an incident a location of its own, as precise as it was.
func (t *Target) locate(record, form tree) {
	if get(record, "location/precision") == nil {
		put(record, "location/precision", form["location_precision"])
		put(record, "location/uncertainty_km", form["uncertainty_km"])
	}
}

// keepPrecision keeps an incident's location as precise as its place, where an
// uncertainty alone is given for it.
func (t *Target) keepPrecision(record, form tree) {
	if _, own := record["location"].(tree); own && t.Collection == "incidents" && get(record, "location/precision") == nil {
		put(record, "location/precision", form["location_precision"])
	}
}

func number(x float64) json.Number { return json.Number(strconv.FormatFloat(x, 'f', -1, 64)) }

// nearby is how far apart, in degrees, two positions may be and still be the
// same: QGIS and others write six decimals, and what they only send back is not
// to be moved by it.
const nearby = 6e-7

// near tells whether two geometries are the same but for such rounding.
func near(a, b orb.Geometry) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, errX := decode(geojson.AppendGeometry(nil, a))
	y, errY := decode(geojson.AppendGeometry(nil, b))
	return errX == nil && errY == nil && nearValues(x, y)
}

func nearValues(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		x, _ := a.Float64()
		n, ok := b.(json.Number)
		y, _ := n.Float64()
		return ok && math.Abs(x-y) <= nearby
	case []any:
		l, ok := b.([]any)
		return ok && slices.EqualFunc(a, l, nearValues)
	case tree:
		o, ok := b.(tree)
		return ok && len(a) == len(o) && maps.EqualFunc(a, o, nearValues)
	}
	return a == b
}

// Place returns where in the feature a fault of the record stands: a JSON
// Pointer for a JSON Pointer.
func (e *Edited) Place(pointer string) string {
	path := strings.TrimPrefix(pointer, "/")
	if e.claim >= 0 {
		own, ok := strings.CutPrefix(path, "claims/"+strconv.Itoa(e.claim)+"/")
		if !ok {
			return "" // a fault of the incident or of another claim
		}
		path = own
	}
	if path == "id" {
		return "/properties/id"
	}
	switch path {
	case "geometry", "geometry_file", "location/position", "position":
		return "/geometry"
	}
	best, where, bySent := -1, "/properties", false
	for _, f := range fields(e.collection) {
		rest, ok := strings.CutPrefix(path+"/", f.path+"/")
		if f.path == "" {
			rest, ok = path+"/", true
		}
		if _, sent := e.sent[f.name]; ok && (sent && !bySent || sent == bySent && len(f.path) > best) {
			best, bySent = len(f.path), sent
			if where = "/properties/" + f.name; isNested(e.sent[f.name]) {
				where = strings.TrimSuffix(where+"/"+rest, "/")
			}
		}
	}
	return where
}

// isNested tells whether a value has members that a pointer can lead to.
func isNested(v any) bool {
	switch v.(type) {
	case tree, []any:
		return true
	}
	return false
}
