package edit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo"
)

// NewID returns the id that a new feature asks for, or makes one of its
// properties. taken tells whether an id is had already; a made one gets a number
// behind it then. The error is data.ErrConflict for an id that is taken, or a
// *geo.InputError.
func NewID(collection string, s *Sent, taken func(id string) bool) (string, error) {
	asked := s.ID
	if id := text(s.Properties["id"]); id != "" {
		asked = id
	}
	if asked != "" {
		if taken(asked) {
			return "", fmt.Errorf("%s/%s is there already: %w", collection, asked, data.ErrConflict)
		}
		return asked, nil
	}
	base := made(collection, s)
	if base == "" {
		var faults geo.Faults
		faults.Add("/properties/id", "", "is missing, and none can be made of the other properties", "write an id, or what it can be made of: docs/writing.md")
		return "", faults.Err()
	}
	id := base
	for n := 2; taken(id); n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	return id, nil
}

// made returns an id of the form that the kind has, "" where nothing can be made.
func made(collection string, s *Sent) string {
	p := func(name string) string { return text(s.Properties[name]) }
	switch collection {
	case "incidents":
		if d, err := data.ParseDate(p("start")); err != nil || d.IsZero() {
			return ""
		}
		return strings.Trim(p("start")+"-"+Slug(p("title")), "-")
	case "sources":
		return strings.Trim(Slug(p("publisher"))+"-"+strings.ReplaceAll(p("date"), "-", ""), "-")
	case "parties":
		return strings.ToUpper(Slug(p("name")))
	case "places":
		return Slug(p("label"))
	case "segments", "areas":
		return Slug(p("name"))
	}
	return ""
}

// NewClaimID returns the id of the next claim of an incident, whose claims had
// numbers up to last.
func NewClaimID(incident string, last int) string { return incident + ".c" + strconv.Itoa(last+1) }

// IncidentID returns the incident that a new claim says it belongs to.
func (s *Sent) IncidentID() string { return text(s.Properties["incident_id"]) }

// NewPlace returns the place that a new incident brings with it: one sent with a
// geometry and a place in words, but no place_id. It is nil where there is none.
// find returns the id of the place that has a label, "" for none. with is the incident
// with the place's id, s itself where it brings none with it.
func (s *Sent) NewPlace(find func(label string) string, taken func(id string) bool, positionSource string) (place *Edited, with *Sent, err error) {
	label := strings.TrimSpace(text(s.Properties["place"]))
	if label == "" || !isNothing(s.Properties["place_id"]) {
		return nil, s, nil
	}
	s = s.clone()
	place, err = s.newPlace(label, find, taken, positionSource)
	return place, s, err
}

// newPlace is NewPlace for a label; it changes s.
func (s *Sent) newPlace(label string, find func(label string) string, taken func(id string) bool, positionSource string) (*Edited, error) {
	delete(s.Properties, "place")
	country := s.Properties["country"]
	delete(s.Properties, "country")
	if id := find(label); id != "" {
		s.Properties["place_id"] = id
		return nil, nil
	}
	point, ok := s.Geometry.(orb.Point)
	if !ok {
		var faults geo.Faults
		faults.Add("/properties/place", label, "is no place of the gazetteer, and without a Point none can be made of it", "write place_id, or send the position as the geometry")
		return nil, faults.Err()
	}
	id, err := NewID("places", &Sent{Properties: tree{"label": label}}, taken)
	if err != nil {
		return nil, err
	}
	place := tree{"id": id, "label": label, "kind": "other", "names": []any{tree{"lang": "en", "name": label}},
		"precision": s.Properties["location_precision"], "position": []any{number(point[0]), number(point[1])}, "position_source": positionSource}
	put(place, "uncertainty_km", s.Properties["uncertainty_km"])
	if isNothing(place["precision"]) {
		place["precision"] = "village"
	}
	if problem := setCountry(place, country); problem != "" {
		var faults geo.Faults
		faults.Add("/properties/country", short(country), problem, "write codes of ISO 3166")
		return nil, faults.Err()
	}
	s.Properties["place_id"] = id
	delete(s.Properties, "location_precision")
	delete(s.Properties, "uncertainty_km")
	s.Geometry, s.HasGeometry = nil, false // the place has it
	e := &Edited{Kind: data.Places, ID: id, FeatureID: id, collection: "places", claim: -1}
	e.Body, err = encode(nil, place)
	return e, err
}

// WithoutClaim returns an incident's record without one of its claims, and
// without what the others say of it by contradicting or agreeing with it.
func WithoutClaim(record json.RawMessage, id string) (json.RawMessage, error) {
	v, err := decode(record)
	if err != nil {
		return nil, fmt.Errorf("read the record of %s: %w", id, err)
	}
	incident := asTree(v)
	claims, _ := incident["claims"].([]any)
	claims = slices.DeleteFunc(claims, func(c any) bool { return asTree(c)["id"] == id })
	for _, c := range claims {
		for _, relation := range []string{"contradicts", "compatible_with"} {
			names, _ := list(asTree(c)[relation])
			put(asTree(c), relation, anys(slices.DeleteFunc(names, func(n string) bool { return n == id })))
		}
	}
	incident["claims"] = claims
	return json.Marshal(incident)
}

// LastClaim returns the highest number of an incident's claims as they stand.
func LastClaim(record json.RawMessage) int {
	v, err := decode(record)
	if err != nil {
		return 0
	}
	claims, _ := asTree(v)["claims"].([]any)
	return lastClaim(claims)
}

func lastClaim(claims []any) int {
	last := 0
	for _, c := range claims {
		if _, number, ok := strings.Cut(text(asTree(c)["id"]), ".c"); ok {
			n, _ := strconv.Atoi(number)
			last = max(last, n)
		}
	}
	return last
}

// clone returns a copy whose properties can be changed.
func (s *Sent) clone() *Sent {
	out := *s
	out.Properties = maps.Clone(s.Properties)
	return &out
}

// Unnamed returns a copy without an id of its own choice.
func (s *Sent) Unnamed() *Sent {
	out := s.clone()
	out.ID = ""
	delete(out.Properties, "id")
	return out
}
