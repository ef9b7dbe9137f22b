package data_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/data"
)

// A mutation breaks one rule of the valid records. It expects exactly these
// findings, written "record where: part of the problem".
type mutation struct {
	mutate func(*data.Records)
	want   []string
}

func finds(problems ...string) []string { return problems }

func TestValidRecordsHaveNoFinding(t *testing.T) {
	if got := validRecords().Validate(); len(got) > 0 {
		t.Errorf("findings in valid records: %v", got)
	}
	if got := (&data.Records{}).Validate(); len(got) > 0 {
		t.Errorf("findings in no records: %v", got)
	}
}

// checkMutations holds that each mutation is found, and nothing besides.
func checkMutations(t *testing.T, mutations map[string]mutation) {
	t.Helper()
	for name, m := range mutations {
		t.Run(name, func(t *testing.T) {
			r := validRecords()
			m.mutate(r)
			found := r.Validate()
			var got []string
			for i, f := range found {
				got = append(got, f.Record+" "+f.Where+": "+f.Problem)
				if f.Mend == "" {
					t.Errorf("%v does not say what would be right", f)
				}
				if i < len(m.want) {
					where, problem, _ := strings.Cut(m.want[i], ": ")
					if f.Record+" "+f.Where == where && strings.Contains(f.Problem, problem) {
						got[i] = m.want[i]
					}
				}
			}
			if diff := cmp.Diff(m.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateSources(t *testing.T) {
	source := func(f func(*data.Source), want ...string) mutation {
		return mutation{func(r *data.Records) { f(&r.Sources[0]) }, want}
	}
	checkMutations(t, map[string]mutation{
		"publisher missing":  source(func(s *data.Source) { s.Publisher = " " }, "sources/ap980326 /publisher: is missing"),
		"address incomplete": source(func(s *data.Source) { s.URL = "www.example.org" }, "sources/ap980326 /url: is not a web address"),
		"address of a file":  source(func(s *data.Source) { s.URL = "javascript:x" }, "sources/ap980326 /url: is not a web address"),
		"language in words":  source(func(s *data.Source) { s.Lang = "English" }, "sources/ap980326 /lang: is not a language code"),
		"grade unknown":      source(func(s *data.Source) { s.Reliability = "G" }, "sources/ap980326 /reliability: is not a grade"),
		"two grades":         source(func(s *data.Source) { s.Reliability = "BC" }, "sources/ap980326 /reliability: is not a grade"),
		"id with a slash": {func(r *data.Records) { r.Sources = append(r.Sources, data.Source{ID: "a/b", Publisher: "P"}) },
			finds("sources/a/b /id: not an id of the right form")},
		"id used twice": {func(r *data.Records) { r.Sources = append(r.Sources, r.Sources[0]) }, finds("sources/ap980326 /id: used twice")},
	})
}

func TestValidateParties(t *testing.T) {
	party := func(f func(*data.Party), want ...string) mutation {
		return mutation{func(r *data.Records) { f(&r.Parties[1]) }, want}
	}
	add := func(p data.Party, want ...string) mutation {
		return mutation{func(r *data.Records) { r.Parties = append(r.Parties, p) }, want}
	}
	checkMutations(t, map[string]mutation{
		"name missing":          party(func(p *data.Party) { p.Name = "" }, "parties/KG-BORDER /name: is missing"),
		"kind missing":          party(func(p *data.Party) { p.Kind = "" }, "parties/KG-BORDER /kind: is missing"),
		"kind unknown":          party(func(p *data.Party) { p.Kind = "army" }, "parties/KG-BORDER /kind: is not a word"),
		"parent unknown":        party(func(p *data.Party) { p.ParentID = "XX" }, "parties/KG-BORDER /parent_id: no such record in parties"),
		"ends before it begins": party(func(p *data.Party) { p.To = on("1998") }, "parties/KG-BORDER /from: ends before it begins"),
		"ends as it begins":     party(func(p *data.Party) { p.To = on("1999-01") }),
		"lower-case id":         add(data.Party{ID: "kg", Name: "x", Kind: "state"}, "parties/kg /id: not an id of the right form"),
		"reserved id":           add(data.Party{ID: "ALL", Name: "x", Kind: "state"}, "parties/ALL /id: is reserved"),
		"id used twice":         add(data.Party{ID: "TJ", Name: "x", Kind: "state"}, "parties/TJ /id: used twice"),
	})
}

func TestValidatePlaces(t *testing.T) {
	place := func(f func(*data.Place), want ...string) mutation {
		return mutation{func(r *data.Records) { f(&r.Places[0]) }, want}
	}
	checkMutations(t, map[string]mutation{
		"label missing":              place(func(p *data.Place) { p.Label = "" }, "places/vorukh /label: is missing"),
		"kind unknown":               place(func(p *data.Place) { p.Kind = "hamlet" }, "places/vorukh /kind: is not a word"),
		"precision missing":          place(func(p *data.Place) { p.Precision = "" }, "places/vorukh /precision: is missing"),
		"name missing":               place(func(p *data.Place) { p.Names[0].Name = "" }, "places/vorukh /names/0/name: is missing"),
		"language of a name":         place(func(p *data.Place) { p.Names[0].Lang = "TJ" }, "places/vorukh /names/0/lang: is not a language code"),
		"name ends before it":        place(func(p *data.Place) { p.Names[0].To = on("1990-12-31") }, "places/vorukh /names/0/from: ends before it begins"),
		"country in words":           place(func(p *data.Place) { p.Admin[0].Country = "Tajikistan" }, "places/vorukh /admin/0/country: is not a country code"),
		"country in lower case":      place(func(p *data.Place) { p.Admin[0].Country = "tj" }, "places/vorukh /admin/0/country: is not a country code"),
		"administration's dates":     place(func(p *data.Place) { p.Admin[0].To = on("1990") }, "places/vorukh /admin/0/from: ends before it begins"),
		"source unknown":             place(func(p *data.Place) { p.SourceIDs[0] = "x" }, "places/vorukh /source_ids/0: no such record in sources"),
		"no source is needed":        place(func(p *data.Place) { p.SourceIDs = nil }),
		"no position is needed":      place(func(p *data.Place) { p.Position, p.PositionSource = nil, "" }),
		"position of one number":     place(func(p *data.Place) { p.Position = p.Position[:1] }, "places/vorukh /position: is not a position"),
		"position with height":       place(func(p *data.Place) { p.Position = append(p.Position, 1500) }, "places/vorukh /position: is not a position"),
		"latitude out of range":      place(func(p *data.Place) { p.Position = []float64{39.8, 170.5} }, "places/vorukh /position: lies outside the world"),
		"longitude out of range":     place(func(p *data.Place) { p.Position = []float64{-181, 0} }, "places/vorukh /position: lies outside the world"),
		"position without source":    place(func(p *data.Place) { p.PositionSource = "" }, "places/vorukh /position_source: is missing"),
		"position that is no number": place(func(p *data.Place) { p.Position[0] = math.NaN() }, "places/vorukh /position: lies outside the world"),
		"id with capitals": {func(r *data.Records) {
			r.Places = append(r.Places, data.Place{ID: "Isfara", Label: "x", Kind: "town", Precision: "none"})
		}, finds("places/Isfara /id: not an id of the right form")},
		"id used twice": {func(r *data.Records) { r.Places = append(r.Places, r.Places[0]) }, finds("places/vorukh /id: used twice")},
	})
}

func TestValidateSegments(t *testing.T) {
	const id = "segments/main-2023 "
	segment := func(f func(*data.Segment), want ...string) mutation {
		return mutation{func(r *data.Records) { f(&r.Segments[0]) }, want}
	}
	shape := func(g orb.Geometry, want ...string) mutation {
		return mutation{func(r *data.Records) { r.Geometry["main-2023"] = g }, want}
	}
	checkMutations(t, map[string]mutation{
		"name missing":            segment(func(s *data.Segment) { delete(s.Name, "en") }, id+"/name/en: is missing"),
		"role unknown":            segment(func(s *data.Segment) { s.Role = "border" }, id+"/role: is not a word"),
		"source of the shape":     segment(func(s *data.Segment) { s.GeometrySource = "" }, id+"/geometry_source: is missing"),
		"note on the shape":       segment(func(s *data.Segment) { s.GeometryNote = "" }, id+"/geometry_note: is missing"),
		"place unknown":           segment(func(s *data.Segment) { s.PlaceIDs[0] = "x" }, id+"/place_ids/0: no such record in places"),
		"counterpart unknown":     segment(func(s *data.Segment) { s.CounterpartIDs[0] = "x" }, id+"/counterpart_ids/0: no such record in segments"),
		"no history":              segment(func(s *data.Segment) { s.History = nil }, id+"/history: is empty"),
		"status unknown":          segment(func(s *data.Segment) { s.History[1].Status = "disputed" }, id+"/history/1/status: is not a word"),
		"status without source":   segment(func(s *data.Segment) { s.History[1].SourceIDs = nil }, id+"/history/1/source_ids: names no source"),
		"status's source":         segment(func(s *data.Segment) { s.History[1].SourceIDs[0] = "x" }, id+"/history/1/source_ids/0: no such record in sources"),
		"a gap of a year":         segment(func(s *data.Segment) { s.History[0].To = on("2000") }, id+"/history/1/from: day after the status before it ends"),
		"a gap of a day":          segment(func(s *data.Segment) { s.History[1].From = on("2002-01-02") }, id+"/history/1/from: day after the status before it ends"),
		"an overlap of a day":     segment(func(s *data.Segment) { s.History[0].To = on("2002-01-01") }, id+"/history/1/from: day after the status before it ends"),
		"open in the middle":      segment(func(s *data.Segment) { s.History[0].To = data.Date{} }, id+"/history/1/from: day after the status before it ends"),
		"open from the middle":    segment(func(s *data.Segment) { s.History[1].From = data.Date{} }, id+"/history/1/from: day after the status before it ends"),
		"begins before it":        segment(func(s *data.Segment) { s.History[0].From = on("1990") }, id+"/history/0/from: not where the segment's validity begins"),
		"ends after it":           segment(func(s *data.Segment) { s.History[1].To = data.Date{} }, id+"/history/1/to: not where the segment's validity ends"),
		"validity turned round":   segment(func(s *data.Segment) { s.From, s.History[0].From = on("2026"), on("2026") }, id+"/from: ends before it begins", id+"/history/0/from: ends before it begins"),
		"shape missing":           shape(nil, id+"/geometry_file: holds no feature"),
		"shape of one position":   shape(orb.LineString{{70, 39}}, id+"/geometry_file: fewer than two positions"),
		"shape of the wrong type": shape(orb.Point{70, 39}, id+"/geometry_file: is not a LineString"),
		"id used twice":           {func(r *data.Records) { r.Segments = append(r.Segments, r.Segments[0]) }, finds(id + "/id: used twice")},
		"id of another form": {func(r *data.Records) {
			r.Segments[0].ID, r.Segments[0].CounterpartIDs = "main_2023", nil
			r.Geometry["main_2023"] = r.Geometry["main-2023"]
		},
			finds("segments/main_2023 /id: not an id of the right form")},
	})
}

func TestValidateAreas(t *testing.T) {
	const id = "areas/ramit "
	area := func(f func(*data.Area), want ...string) mutation {
		return mutation{func(r *data.Records) { f(&r.Areas[0]) }, want}
	}
	shape := func(g orb.Geometry, want ...string) mutation {
		return mutation{func(r *data.Records) { r.Geometry["ramit"] = g }, want}
	}
	checkMutations(t, map[string]mutation{
		"name missing":          area(func(a *data.Area) { a.Name = nil }, id+"/name/en: is missing"),
		"kind unknown":          area(func(a *data.Area) { a.Kind = "oblast" }, id+"/kind: is not a word"),
		"source of the outline": area(func(a *data.Area) { a.GeometrySource = "" }, id+"/geometry_source: is missing"),
		"licence missing":       area(func(a *data.Area) { a.Licence = "" }, id+"/licence: is missing"),
		"ends before it begins": area(func(a *data.Area) { a.From, a.To = on("2001"), on("2000") }, id+"/from: ends before it begins"),
		"source unknown":        area(func(a *data.Area) { a.SourceIDs[0] = "x" }, id+"/source_ids/0: no such record in sources"),
		"outline missing":       shape(nil, id+"/geometry_file: holds no feature"),
		"outline is a line":     shape(orb.LineString{{69, 38}, {70, 39}}, id+"/geometry_file: is not a polygon"),
		"several polygons":      shape(orb.MultiPolygon{{{{69, 38}, {70, 38}, {70, 39}, {69, 38}}}}),
		"ring crosses itself":   shape(orb.Polygon{{{69, 38}, {70, 39}, {70, 38}, {69, 39}, {69, 38}}}, id+"/geometry_file: is not valid"),
		"id used twice":         {func(r *data.Records) { r.Areas = append(r.Areas, r.Areas[0]) }, finds(id + "/id: used twice")},
	})
}
