package snapshot

import (
	"slices"

	"demarc/data"
	"demarc/geo"
)

func areaSchema() geo.Schema {
	return geo.Schema{Collection: "areas", Fields: []geo.Field{
		{Name: "id", Title: "Identifier", Queryable: true, Sortable: true},
		{Name: "name", Title: "Name", Queryable: true, Sortable: true},
		{Name: "name_ky", Title: "Name in Kyrgyz", Queryable: true},
		{Name: "name_tg", Title: "Name in Tajik", Queryable: true},
		{Name: "name_ru", Title: "Name in Russian", Queryable: true},
		{Name: "kind", Title: "Kind", Enum: data.AreaKinds(), Queryable: true, Sortable: true},
		{Name: "country", Title: "Country that administers it", Queryable: true, Sortable: true, Doc: "ISO 3166 code."},
		{Name: "valid_from", Title: "First day for which the outline is used", Type: geo.Date, Queryable: true},
		{Name: "valid_to", Title: "Last day for which the outline is used", Type: geo.Date, Queryable: true},
		{Name: "geometry_source", Title: "Source of the outline"},
		{Name: "geometry_note", Title: "What the outline is and is not"},
		{Name: "licence", Title: "Licence of the outline", Queryable: true, Doc: "SPDX identifier."},
		{Name: "source_ids", Title: "Sources", Type: geo.StringList, Queryable: true},
	}}
}

// areas builds the collection of areas.
func areas(b *builder) (*Collection, error) {
	c := &Collection{
		ID: "areas", Title: "Areas",
		Description: "Outlines to start from: the Ramit Gorge and Kofarnikhon area of 1998, drawn by us; first-level administrative units; exclaves. " +
			"Each says where its outline comes from and under which licence.",
		Schema: areaSchema(),
		start:  "valid_from", end: "valid_to",
		Rights: []Rights{
			recordRights("names, and the outlines that say so"),
			lineRights("the outlines of exclaves"),
			{"the outlines of administrative units", "LicenseRef-public-domain", "https://www.naturalearthdata.com/about/terms-of-use/", "Made with Natural Earth"},
		},
		hasGeometry: true,
	}
	var items []item
	for i := range b.list.Areas {
		items = append(items, b.records.areaItem(&b.list.Areas[i]))
	}
	return c.hold(partOf(everyone(), &c.Schema, items)), nil
}

// areaItem returns an area as an item of its collection.
func (r *records) areaItem(a *data.Area) item {
	return item{key: a.ID, when: data.Between(a.From, a.To), feature: geo.Feature{
		ID: a.ID, Geometry: r.shape(a.ID), Values: []geo.Value{
			geo.StringValue(a.ID), geo.StringValue(a.Name["en"]),
			geo.TextValue(a.Name["ky"]), geo.TextValue(a.Name["tg"]), geo.TextValue(a.Name["ru"]),
			geo.StringValue(a.Kind), geo.TextValue(a.Country), geo.DateValue(a.From.First()), geo.DateValue(a.To.Last()),
			geo.StringValue(a.GeometrySource), geo.TextValue(a.GeometryNote), geo.StringValue(a.Licence), geo.ListValue(a.SourceIDs),
		}}}
}

func placeSchema() geo.Schema {
	return geo.Schema{Collection: "places", Fields: []geo.Field{
		{Name: "id", Title: "Identifier", Queryable: true, Sortable: true},
		{Name: "label", Title: "Label", Queryable: true, Sortable: true,
			Doc: "In Latin letters; shared or disputed places carry both sides' names in alphabetical order."},
		{Name: "name_en", Title: "Name in English", Queryable: true},
		{Name: "name_ky", Title: "Name in Kyrgyz", Queryable: true},
		{Name: "name_tg", Title: "Name in Tajik", Queryable: true},
		{Name: "name_ru", Title: "Name in Russian", Queryable: true},
		{Name: "name_uz", Title: "Name in Uzbek", Queryable: true},
		{Name: "aliases", Title: "Other spellings and former names", Type: geo.StringList, Queryable: true},
		{Name: "kind", Title: "Kind", Enum: data.PlaceKinds(), Queryable: true, Sortable: true},
		{Name: "country", Title: "Country that administers it", Type: geo.StringList, Queryable: true, Doc: "ISO 3166 codes of the newest state of things."},
		{Name: "admin1", Title: "First-level unit", Queryable: true, Sortable: true},
		{Name: "admin2", Title: "District", Queryable: true, Sortable: true},
		{Name: "precision", Title: "What the position stands for", Enum: data.Precisions(), Queryable: true},
		{Name: "uncertainty_km", Title: "Radius of uncertainty", Unit: "km", Type: geo.Number, Queryable: true, Sortable: true},
		{Name: "position_source", Title: "Source of the position"},
		{Name: "homonym_warning", Title: "Other places of that name"},
		{Name: "incidents", Title: "Number of incidents here", Type: geo.Integer, Queryable: true, Sortable: true},
		{Name: "note", Title: "Note"},
	}}
}

// places builds the gazetteer.
func places(b *builder) (*Collection, error) {
	c := &Collection{
		ID: "places", Title: "Places",
		Description: "Gazetteer with name variants in Kyrgyz, Tajik, Russian and English, their validity, and warnings of homonyms. " +
			"A place of which no source gives a position has no geometry.",
		Schema:      placeSchema(),
		Rights:      []Rights{recordRights("names and notes"), positionRights()},
		hasGeometry: true,
	}
	var items []item
	for i := range b.list.Places {
		p := &b.list.Places[i]
		items = append(items, placeItem(p, b.gathered.places[p.ID]))
	}
	return c.hold(partOf(everyone(), &c.Schema, items)), nil
}

// placeItem returns a place as an item of its collection.
func placeItem(p *data.Place, incidents int64) item {
	return item{key: p.ID, feature: place(p, incidents)}
}

// placeValues is how many values a place has.
var placeValues = len(placeSchema().Fields)

// place returns the flat feature of a place.
func place(p *data.Place, incidents int64) geo.Feature {
	var admin data.AdminUnit
	var country []string
	for _, a := range p.Admin {
		if a.To.IsZero() {
			admin = a
			country = append(country, a.Country)
		}
	}
	slices.Sort(country)
	country = slices.Compact(country)
	if len(country) > 1 {
		admin = data.AdminUnit{} // on both sides, or claimed by both
	}
	values := append(make([]geo.Value, 0, placeValues), geo.StringValue(p.ID), geo.StringValue(p.Label))
	for _, lang := range []string{"en", "ky", "tg", "ru", "uz"} {
		values = append(values, geo.TextValue(currentName(p, lang)))
	}
	values = append(values,
		geo.ListValue(otherNames(p)), geo.StringValue(p.Kind), geo.ListValue(country),
		geo.TextValue(admin.Admin1), geo.TextValue(admin.Admin2), geo.StringValue(p.Precision), kilometres(p.UncertaintyKM),
		geo.TextValue(p.PositionSource), geo.TextValue(p.HomonymWarning), geo.IntValue(incidents), geo.TextValue(p.Note))
	return geo.Feature{ID: p.ID, Geometry: positionOf(p.Position), Values: values}
}

// currentName returns the name in use now in a language, else the last one.
func currentName(p *data.Place, lang string) string {
	name := ""
	for _, n := range p.Names {
		if n.Lang == lang && (name == "" || n.To.IsZero()) {
			name = n.Name
		}
	}
	return name
}

// otherNames returns aliases and former names, each once.
func otherNames(p *data.Place) []string {
	out := slices.Clone(p.Aliases)
	for _, n := range p.Names {
		if n.Name != currentName(p, n.Lang) {
			out = append(out, n.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func sourceSchema() geo.Schema {
	return geo.Schema{Collection: "sources", Fields: []geo.Field{
		{Name: "id", Title: "Identifier", Queryable: true, Sortable: true},
		{Name: "publisher", Title: "Publisher", Queryable: true, Sortable: true},
		{Name: "title", Title: "Title", Queryable: true, Sortable: true},
		{Name: "date", Title: "Date", Type: geo.Date, Queryable: true, Sortable: true, Doc: "First day of the period given by date_precision."},
		{Name: "date_precision", Title: "Precision of the date", Enum: datePrecisions(), Queryable: true},
		{Name: "url", Title: "Address", Queryable: true},
		{Name: "lang", Title: "Language", Queryable: true, Sortable: true, Doc: "ISO 639 code."},
		{Name: "origin", Title: "Wire or first statement that it repeats", Queryable: true, Sortable: true},
		{Name: "reliability", Title: "Reliability", Queryable: true, Doc: "A to F of the Admiralty code, suggested by the compiler."},
		{Name: "claims", Title: "Number of claims resting on it", Type: geo.Integer, Queryable: true, Sortable: true},
		{Name: "note", Title: "Note"},
	}}
}

// sources builds the collection of sources, which have no geometry.
func sources(b *builder) (*Collection, error) {
	c := &Collection{
		ID: "sources", Title: "Sources",
		Description: "Every publication that a claim, an account or a status rests on. Sources have no geometry.",
		Schema:      sourceSchema(),
		start:       "date",
		Rights:      []Rights{recordRights("the list; the publications belong to their publishers")},
	}
	var items []item
	for i := range b.list.Sources {
		s := &b.list.Sources[i]
		items = append(items, sourceItem(s, b.gathered.sources[s.ID]))
	}
	return c.hold(partOf(everyone(), &c.Schema, items)), nil
}

// eachCitation visits the sources of an incident's claims, as often as they are cited.
func eachCitation(in *data.Incident, visit func(sourceID string)) {
	for i := range in.Claims {
		for _, s := range in.Claims[i].Sources {
			visit(s.SourceID)
		}
	}
}

// sourceItem returns a source, on which claims rest uses times, as an item of its
// collection.
func sourceItem(s *data.Source, uses int64) item {
	precision := geo.Null()
	if !s.Date.IsZero() {
		precision = geo.StringValue(s.Date.Precision().String())
	}
	return item{key: s.ID, when: data.Between(s.Date, s.Date), feature: geo.Feature{ID: s.ID, Values: []geo.Value{
		geo.StringValue(s.ID), geo.StringValue(s.Publisher), geo.TextValue(s.Title), geo.DateValue(s.Date.First()), precision,
		geo.TextValue(s.URL), geo.TextValue(s.Lang), geo.TextValue(s.Origin), geo.TextValue(s.Reliability),
		geo.IntValue(uses), geo.TextValue(s.Note),
	}}}
}
