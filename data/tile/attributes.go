package tile

import (
	"slices"

	"demarc/data/snapshot"
	"demarc/geo"
)

// Detail is how much a tile tells of each feature. A tile that would be too large
// tells less, before it shows less.
type detail int

const (
	whole detail = iota // every attribute of the tile schema
	lean                // no free text but the id
	bare                // the id alone
)

// Attribute is one attribute of the features in tiles.
type Attribute struct {
	Name  string
	Field *geo.Field // that it is made of; nil for those of merged features alone
	// Single and Merged tell on which features it may stand.
	Single, Merged bool
	Doc            string
}

// leftOut are the fields of our collections that tiles leave out: long texts, which
// a map shows only of one feature, whose address is made of the id.
var leftOut = map[string][]string{
	"incidents": {"summary"},
	"claims":    {"as_reported", "scope", "locator", "note"},
	"segments":  {"status_history", "status_note", "geometry_note", "geometry_source"},
	"areas":     {"geometry_note", "geometry_source"},
	"places":    {"homonym_warning", "note", "position_source"},
}

// dayDoc explains the attributes that end in _day.
const dayDoc = "as a number of days since 1970-01-01, for style expressions"

// Attributes returns the tile schema of a collection: what its features may have
// in tiles, in the order of its own schema.
func Attributes(col *snapshot.Collection) []Attribute {
	r := rolesOf(&col.Schema)
	merged := mergedFields(&r)
	var out []Attribute
	for i := range col.Schema.Fields {
		f := &col.Schema.Fields[i]
		if !col.Layer && slices.Contains(leftOut[col.ID], f.Name) {
			continue
		}
		inMerged := slices.Contains(merged, i)
		out = append(out, Attribute{Name: f.Name, Field: f, Single: true, Merged: inMerged, Doc: f.Title})
		if f.Type == geo.Date {
			out = append(out, Attribute{Name: f.Name + "_day", Single: true, Merged: inMerged, Doc: f.Title + ", " + dayDoc})
		}
	}
	return append(out, Attribute{Name: "count", Merged: true, Doc: "Number of features that are merged here; single features have none."})
}

func mergedFields(r *roles) []int {
	out := slices.Concat(r.grades, r.kinds)
	for _, f := range r.figures {
		out = append(out, f.low, f.high)
	}
	if r.start >= 0 && r.end >= 0 {
		out = append(out, r.start, r.end)
	}
	return out
}

// tag is how one field is written.
type tag struct {
	field    int
	codes    int // how many the field has
	name     string
	day      string // the name of the day number, empty where it is no date
	isText   bool   // free text, which lean tiles leave out
	isOfText bool   // a date's text, which lean tiles leave out too
	isID     bool   // the id of the feature itself
}

// tagsOf returns how the fields of a collection are written, those that some feature has.
func tagsOf(col *snapshot.Collection) []tag {
	var out []tag
	for i := range col.Schema.Fields {
		f := &col.Schema.Fields[i]
		if !col.Layer && slices.Contains(leftOut[col.ID], f.Name) || col.Blank(i) {
			continue
		}
		t := tag{field: i, codes: col.Codes(i), name: f.Name, isID: f.Name == "id" && col.Identified()}
		switch f.Type {
		case geo.Date:
			t.day, t.isOfText = f.Name+"_day", true
		case geo.String, geo.StringList, geo.DateTime:
			t.isText = len(f.Enum) == 0 && f.Name != "id"
		}
		out = append(out, t)
	}
	return out
}
