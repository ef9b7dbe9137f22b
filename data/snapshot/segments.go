package snapshot

import (
	"math"
	"time"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/geodesic"
)

func segmentSchema() geo.Schema {
	return geo.Schema{Collection: "segments", Fields: []geo.Field{
		{Name: "id", Title: "Identifier", Queryable: true, Sortable: true},
		{Name: "name", Title: "Name", Queryable: true, Sortable: true},
		{Name: "name_kg", Title: "Name in Kyrgyz", Queryable: true},
		{Name: "name_tj", Title: "Name in Tajik", Queryable: true},
		{Name: "status", Title: "Status", Enum: data.SegmentStatuses(), Queryable: true, Sortable: true,
			Doc: "In force at the end of the time asked for by datetime; the newest when none is asked for."},
		{Name: "status_from", Title: "First day of that status", Type: geo.Date, Queryable: true, Sortable: true},
		{Name: "status_to", Title: "Last day of that status", Type: geo.Date, Queryable: true, Sortable: true, Doc: "Null: still in force."},
		{Name: "status_source", Title: "Sources of the status", Type: geo.StringList, Queryable: true},
		{Name: "status_history", Title: "Statuses through time", Type: geo.StringList,
			Doc: "One a status, in order: the word, a space, its first and last day with a slash between; .. for an open end."},
		{Name: "status_note", Title: "What the sources say"},
		{Name: "countries", Title: "Countries on either side", Type: geo.StringList, Queryable: true, Doc: "ISO 3166 codes, in alphabetical order."},
		{Name: "line", Title: "Mapped line that it belongs to", Queryable: true, Doc: "The year of the mapping: 2023 or 2026."},
		{Name: "role", Title: "What it bounds", Enum: data.SegmentRoles(), Queryable: true},
		{Name: "valid_from", Title: "First day for which this line is used", Type: geo.Date, Queryable: true},
		{Name: "valid_to", Title: "Last day for which this line is used", Type: geo.Date, Queryable: true},
		{Name: "length_km", Title: "Length of the mapped line", Unit: "km", Type: geo.Number, Queryable: true, Sortable: true,
			Doc: "Geodesic on the WGS 84 ellipsoid."},
		{Name: "geometry_source", Title: "Source of the geometry"},
		{Name: "geometry_note", Title: "What the geometry is and is not"},
	}}
}

// segments builds the collection of border segments, with a version for each
// status in their history.
func segments(b *builder) (*Collection, error) {
	c := &Collection{
		ID: "segments", Title: "Border segments",
		Description: "Named sections of the Kyrgyz–Tajik border and the rings of exclaves, with their status through time. " +
			"datetime asks for the status in force then. Every line is a mapped approximation, not the line of a treaty.",
		Schema: segmentSchema(),
		start:  "status_from", end: "status_to",
		Rights: []Rights{lineRights("the lines"), recordRights("names and statuses")},

		hasGeometry: true,
	}
	var items []item
	for i := range b.list.Segments {
		items = append(items, b.records.segmentItems(&b.list.Segments[i])...)
	}
	return c.hold(partOf(everyone(), &c.Schema, items)), nil
}

// segmentItems returns the versions of a segment.
func (r *records) segmentItems(s *data.Segment) []item {
	var items []item
	for j := range s.History {
		items = append(items, item{
			feature: r.segment(s, &s.History[j]),
			key:     s.ID,
			when:    data.Between(s.History[j].From, s.History[j].To),
		})
	}
	return items
}

// statusHistory writes what statuses a segment had, and when.
func statusHistory(s *data.Segment) []string {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ".."
		}
		return t.Format(time.DateOnly)
	}
	var out []string
	for _, h := range s.History {
		out = append(out, h.Status+" "+day(h.From.First())+"/"+day(h.To.Last()))
	}
	return out
}

// segment returns the flat feature of a segment with one of its statuses.
func (r *records) segment(s *data.Segment, h *data.Status) geo.Feature {
	line := r.shape(s.ID)
	km := math.Round(geodesic.LengthOf(line)) / 1000
	return geo.Feature{ID: s.ID, Geometry: line, Values: []geo.Value{
		geo.StringValue(s.ID), geo.StringValue(s.Name["en"]), geo.TextValue(s.Name["ky"]), geo.TextValue(s.Name["tg"]),
		geo.StringValue(h.Status), geo.DateValue(h.From.First()), geo.DateValue(h.To.Last()),
		geo.ListValue(h.SourceIDs), geo.ListValue(statusHistory(s)), geo.TextValue(h.Note),
		geo.ListValue(s.Countries), geo.StringValue(s.Line), geo.StringValue(s.Role),
		geo.DateValue(s.From.First()), geo.DateValue(s.To.Last()), geo.NumberValue(km),
		geo.StringValue(s.GeometrySource), geo.StringValue(s.GeometryNote),
	}}
}
