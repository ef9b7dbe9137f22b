package snapshot

import (
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo"
)

// The licences of the parts of the dataset.
const (
	ccBy = "https://creativecommons.org/licenses/by/4.0/"
	odbl = "https://opendatacommons.org/licenses/odbl/1-0/"
)

// recordRights covers what we compiled ourselves.
func recordRights(covers string) Rights {
	return Rights{covers, "CC-BY-4.0", ccBy, "demarc contributors, CC BY 4.0"}
}

// positionRights covers positions from the GeoNames gazetteer.
func positionRights() Rights {
	return Rights{"positions taken from GeoNames", "CC-BY-4.0", ccBy, "© GeoNames (geonames.org), CC BY 4.0"}
}

// lineRights covers the mapped border lines.
func lineRights(covers string) Rights {
	return Rights{covers, "ODbL-1.0", odbl, "© OpenStreetMap contributors, ODbL 1.0"}
}

func incidentSchema() geo.Schema {
	figure := func(family, title string) []geo.Field {
		return []geo.Field{
			{Name: family + "_low", Title: title + ", lowest claim", Type: geo.Integer, Queryable: true, Sortable: true,
				Doc: "Lowest figure that a standing claim allows. Null: no claim bounds it from below, or the claims cannot be compared."},
			{Name: family + "_high", Title: title + ", highest claim", Type: geo.Integer, Queryable: true, Sortable: true,
				Doc: "Highest figure that a standing claim allows. Null: no claim bounds it from above, or the claims cannot be compared."},
		}
	}
	fields := []geo.Field{
		{Name: "id", Title: "Identifier", Queryable: true, Sortable: true},
		{Name: "title", Title: "Title", Doc: "Names no contested figure.", Queryable: true, Sortable: true},
		{Name: "type", Title: "Type", Enum: data.IncidentTypes(), Queryable: true, Sortable: true},
		{Name: "theatre", Title: "Conflict", Enum: data.Theatres(), Queryable: true, Sortable: true},
		{Name: "start", Title: "First day", Type: geo.Date, Queryable: true, Sortable: true, Doc: "First day of the period, in local time."},
		{Name: "end", Title: "Last day", Type: geo.Date, Queryable: true, Sortable: true, Doc: "Last day of the period, in local time, included."},
		{Name: "date_precision", Title: "Precision of the dates", Enum: datePrecisions(), Queryable: true},
		{Name: "place", Title: "Place", Queryable: true, Sortable: true},
		{Name: "place_id", Title: "Place in the gazetteer", Queryable: true},
		{Name: "country", Title: "Country that administered the place", Type: geo.StringList, Queryable: true,
			Doc: "ISO 3166 codes, in alphabetical order; more than one for a place on both sides or claimed by both."},
		{Name: "location_precision", Title: "How precisely the place is known", Enum: data.Precisions(), Queryable: true},
		{Name: "uncertainty_km", Title: "Radius round the position within which it happened", Unit: "km", Type: geo.Number, Queryable: true, Sortable: true},
		{Name: "parties", Title: "Parties involved", Type: geo.StringList, Queryable: true, Doc: "Identifiers, in alphabetical order."},
		{Name: "occurrence", Title: "Whether it happened", Enum: data.Occurrences(), Queryable: true},
		{Name: "verification", Title: "How its claims were checked", Type: geo.StringList, Queryable: true,
			Doc: "Words of the claims' own verification, in alphabetical order; also of claims that no longer stand."},
		{Name: "figures", Title: "How the claimed figures relate", Enum: data.FigureStates(), Queryable: true},
		{Name: "parent_id", Title: "Incident that this one is part of", Queryable: true},
	}
	fields = append(fields, figure("killed", "Killed")...)
	fields = append(fields, figure("wounded", "Wounded or injured")...)
	fields = append(fields, figure("captured", "Captured")...)
	fields = append(fields, figure("released", "Released")...)
	fields = append(fields,
		geo.Field{Name: "claims", Title: "Number of claims", Type: geo.Integer, Queryable: true, Sortable: true},
		geo.Field{Name: "sources", Title: "Number of sources", Type: geo.Integer, Queryable: true, Sortable: true},
		geo.Field{Name: "origins", Title: "Number of independent origins", Type: geo.Integer, Queryable: true, Sortable: true,
			Doc: "Sources that repeat the same wire or statement count once."},
		geo.Field{Name: "segment_id", Title: "Nearest border segment", Queryable: true,
			Doc: "Of the segments valid when the incident began."},
		geo.Field{Name: "segment_m", Title: "Distance to it", Unit: "m", Type: geo.Number, Queryable: true, Sortable: true,
			Doc: "Geodesic on the WGS 84 ellipsoid, from the position; see uncertainty_km."},
		geo.Field{Name: "summary", Title: "Summary"},
	)
	return geo.Schema{Collection: "incidents", Fields: fields}
}

func datePrecisions() []geo.Term {
	return []geo.Term{{ID: "day", Title: "Day"}, {ID: "month", Title: "Month"}, {ID: "year", Title: "Year"}}
}

// incidents builds the collection of incidents.
func incidents(b *builder) (*Collection, error) {
	c := &Collection{
		ID: "incidents", Title: "Incidents",
		Description: "One feature an event. Figures are derived from the claims made about it and have a low and a high end; " +
			"they never stand for one number. The single incident holds its claims, accounts and sources.",
		Schema: incidentSchema(),
		start:  "start", end: "end",
		Rights:      []Rights{recordRights("incidents, claims and figures"), positionRights()},
		hasGeometry: true,
	}
	c, err := b.fill(c, func(in *data.Incident, src string, scratch []geo.Value, add func(item)) error {
		it := b.records.incidentItem(in, scratch)
		it.record = src
		add(it)
		return nil
	})
	if err == nil && b.from == nil {
		b.gathered.standIn(&c.views[0].records) // so that they are there once alone
	}
	return c, err
}

// incidentItem returns an incident as an item of its collection, its values behind
// those of scratch.
func (r *records) incidentItem(in *data.Incident, scratch []geo.Value) item {
	return item{feature: r.incident(in, scratch), key: incidentKey(in), when: in.When()}
}

// incidentKey orders incidents by their first day, then their id.
func incidentKey(in *data.Incident) string {
	return in.Start.First().Format(time.DateOnly) + " " + in.ID
}

// incident returns the flat feature of an incident.
func (r *records) incident(in *data.Incident, values []geo.Value) geo.Feature {
	place := r.places.get(in.PlaceID)
	precision, uncertainty := place.Precision, place.UncertaintyKM
	if in.Location != nil {
		precision, uncertainty = in.Location.Precision, in.Location.UncertaintyKM
	}
	figures := data.Figures(in.Claims, time.Time{})
	sourceIDs := in.SourceIDs()
	when := in.When()
	values = append(values,
		geo.StringValue(in.ID), geo.StringValue(in.Title), geo.StringValue(in.Type), geo.StringValue(in.Theatre),
		geo.DateValue(in.Start.First()), geo.DateValue(in.End.Last()), geo.StringValue(when.Precision.String()),
		geo.StringValue(place.Label), geo.StringValue(place.ID), geo.ListValue(countries(place, in.Start)),
		geo.StringValue(precision), kilometres(uncertainty), geo.ListValue(partyIDs(in)),
		geo.StringValue(in.Occurrence), geo.ListValue(verifications(in)), geo.StringValue(data.WorstState(figures)), geo.TextValue(in.ParentID))
	for _, f := range figures {
		values = append(values, figureEnd(f.Low), figureEnd(f.High))
	}
	values = append(values,
		geo.IntValue(int64(len(in.Claims))), geo.IntValue(int64(len(sourceIDs))), geo.IntValue(int64(r.origins(sourceIDs))))
	position := incidentPosition(in, place)
	segmentID, metres := r.nearestSegment(position, when)
	return geo.Feature{ID: in.ID, Geometry: position, Values: append(values, geo.TextValue(segmentID), metres, geo.StringValue(in.Summary))}
}

// incidentPosition returns where the incident was: its own position, or else
// its place's; nil when no source says.
func incidentPosition(in *data.Incident, place *data.Place) orb.Geometry {
	if in.Location != nil && in.Location.Position != nil {
		return positionOf(in.Location.Position)
	}
	return positionOf(place.Position)
}

// positionOf returns the point at lon, lat, and nil when no source says where.
func positionOf(lonLat []float64) orb.Geometry {
	if len(lonLat) != 2 {
		return nil
	}
	return orb.Point{lonLat[0], lonLat[1]}
}

func kilometres(km float64) geo.Value {
	if km == 0 {
		return geo.Null()
	}
	return geo.NumberValue(km)
}

// figureEnd returns an end of a range as a value: null where it is open.
func figureEnd(x float64) geo.Value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return geo.Null()
	}
	return geo.IntValue(int64(math.Round(x)))
}

func partyIDs(in *data.Incident) []string {
	var ids []string
	for _, p := range in.Parties {
		ids = append(ids, p.PartyID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// verifications returns how the claims about an incident were checked.
func verifications(in *data.Incident) []string {
	var words []string
	for i := range in.Claims {
		if word := in.Claims[i].Verification; !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return words
}

// countries returns which states administered the place on the date, in
// alphabetical order.
func countries(p *data.Place, on data.Date) []string {
	var out []string
	for _, a := range p.Admin {
		if data.Between(a.From, a.To).Intersects(data.Between(on, on)) {
			out = append(out, a.Country)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// origins counts the independent origins of the sources.
func (r *records) origins(sourceIDs []string) int {
	seen := map[string]bool{}
	for _, id := range sourceIDs {
		seen[r.sources.get(id).OriginID()] = true
	}
	return len(seen)
}
