package data

// Source is a publication that claims rest on.
type Source struct {
	ID          string `json:"id"`
	Publisher   string `json:"publisher"`
	Title       string `json:"title,omitzero"`
	Date        Date   `json:"date,omitzero"`
	URL         string `json:"url,omitzero"`
	Lang        string `json:"lang,omitzero"`
	Origin      string `json:"origin,omitzero"`
	Reliability string `json:"reliability,omitzero"`
	Note        string `json:"note,omitzero"`
}

// OriginID returns the wire or first statement that the source repeats, and
// its own id where it repeats none. Independent origins are counted by it.
func (s *Source) OriginID() string {
	if s.Origin != "" {
		return s.Origin
	}
	return s.ID
}

// Party is a state, one of its bodies, an armed group, residents of a place or
// any other actor that a record names.
type Party struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	ParentID string   `json:"parent_id,omitzero"`
	From     Date     `json:"from,omitzero"`
	To       Date     `json:"to,omitzero"`
	Aliases  []string `json:"aliases,omitzero"`
	Note     string   `json:"note,omitzero"`
}

// AllParties stands for everyone, whichever party they belong to, where a
// claim counts people of more than one.
const AllParties = "ALL"

// Place is an entry of the gazetteer.
type Place struct {
	ID             string      `json:"id"`
	Label          string      `json:"label"`
	Kind           string      `json:"kind"`
	Names          []PlaceName `json:"names"`
	Aliases        []string    `json:"aliases,omitzero"`
	Admin          []AdminUnit `json:"admin,omitzero"`
	Position       []float64   `json:"position,omitzero"` // lon, lat; nil where no source gives one
	Precision      string      `json:"precision"`
	UncertaintyKM  float64     `json:"uncertainty_km,omitzero"`
	PositionSource string      `json:"position_source,omitzero"`
	SourceIDs      []string    `json:"source_ids,omitzero"`
	HomonymWarning string      `json:"homonym_warning,omitzero"`
	Note           string      `json:"note,omitzero"`
}

// PlaceName is one name of a place in one language, while it was in use.
type PlaceName struct {
	Lang string `json:"lang"`
	Name string `json:"name"`
	From Date   `json:"from,omitzero"`
	To   Date   `json:"to,omitzero"`
	Note string `json:"note,omitzero"`
}

// AdminUnit is a state's administration of a place, while it lasted.
type AdminUnit struct {
	Country string `json:"country"`
	Admin1  string `json:"admin1,omitzero"`
	Admin2  string `json:"admin2,omitzero"`
	From    Date   `json:"from,omitzero"`
	To      Date   `json:"to,omitzero"`
	Note    string `json:"note,omitzero"`
}

// Segment is a named piece of border with its status through time. Its
// geometry is a mapped approximation and stands in a file of its own, because
// its licence differs.
type Segment struct {
	ID             string            `json:"id"`
	Name           map[string]string `json:"name"`
	Countries      []string          `json:"countries"`
	Line           string            `json:"line"`
	Role           string            `json:"role"`
	From           Date              `json:"from,omitzero"`
	To             Date              `json:"to,omitzero"`
	GeometryFile   string            `json:"geometry_file"`
	GeometrySource string            `json:"geometry_source"`
	GeometryNote   string            `json:"geometry_note"`
	CutRule        string            `json:"cut_rule,omitzero"`
	History        []Status          `json:"history"`
	PlaceIDs       []string          `json:"place_ids,omitzero"`
	CounterpartIDs []string          `json:"counterpart_ids,omitzero"`
	Note           string            `json:"note,omitzero"`
}

// Status is a segment's legal status for a stretch of time, as the sources
// have it.
type Status struct {
	Status    string   `json:"status"`
	From      Date     `json:"from,omitzero"`
	To        Date     `json:"to,omitzero"`
	SourceIDs []string `json:"source_ids,omitzero"`
	Note      string   `json:"note,omitzero"`
}

// Area is an outline: a study area that we drew, an admin-1 unit, an exclave.
type Area struct {
	ID             string            `json:"id"`
	Name           map[string]string `json:"name"`
	Kind           string            `json:"kind"`
	Country        string            `json:"country,omitzero"`
	From           Date              `json:"from,omitzero"`
	To             Date              `json:"to,omitzero"`
	GeometryFile   string            `json:"geometry_file"`
	GeometrySource string            `json:"geometry_source"`
	GeometryNote   string            `json:"geometry_note,omitzero"`
	Licence        string            `json:"licence"`
	SourceIDs      []string          `json:"source_ids,omitzero"`
	Note           string            `json:"note,omitzero"`
}
