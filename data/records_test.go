package data_test

import (
	"github.com/paulmach/orb"

	"demarc/data"
)

// validRecords builds a small dataset in which every kind of record and
// relation occurs, and nothing is wrong.
func validRecords() *data.Records {
	square := orb.Polygon{{{69, 38}, {70, 38}, {70, 39}, {69, 39}, {69, 38}}}
	return &data.Records{
		Sources: []data.Source{{ID: "ap980326", Publisher: "AP", URL: "https://example.org/", Lang: "en", Reliability: "B"}, {ID: "rferl_2", Publisher: "RFE/RL"}},
		Parties: []data.Party{
			{ID: "KG", Name: "Kyrgyzstan", Kind: "state"},
			{ID: "KG-BORDER", Name: "Border service", Kind: "state_body", ParentID: "KG", From: on("1999"), To: on("2005-06")},
			{ID: "TJ", Name: "Tajikistan", Kind: "state"},
		},
		Places: []data.Place{{
			ID: "vorukh", Label: "Vorukh", Kind: "village", Precision: "village", Position: []float64{70.5, 39.8}, PositionSource: "GeoNames",
			Names:     []data.PlaceName{{Lang: "tg", Name: "Ворух", From: on("1991"), To: on("1991")}},
			Admin:     []data.AdminUnit{{Country: "TJ", From: on("1991")}},
			SourceIDs: []string{"ap980326"},
		}},
		Segments: []data.Segment{{
			ID: "main-2023", Name: map[string]string{"en": "Main line"}, Countries: []string{"KG", "TJ"}, Line: "2023", Role: "boundary",
			From: on("1991"), To: on("2025-03-12"), GeometryFile: "l.geojson", GeometrySource: "OSM", GeometryNote: "approximation",
			History: []data.Status{
				{Status: "unknown", From: on("1991"), To: on("2001")},
				{Status: "contested", From: on("2002"), To: on("2025-03-12"), SourceIDs: []string{"rferl_2"}},
			},
			PlaceIDs: []string{"vorukh"}, CounterpartIDs: []string{"main-2023"},
		}},
		Areas: []data.Area{{ID: "ramit", Name: map[string]string{"en": "Ramit"}, Kind: "study_area", GeometryFile: "a.geojson",
			GeometrySource: "ours", Licence: "CC-BY-4.0", SourceIDs: []string{"ap980326"}}},
		Geometry: data.Shapes{"main-2023": orb.LineString{{70, 39}, {71, 40}}, "ramit": square},
		Incidents: []data.Incident{
			{ID: "2021-04-28-parent", Title: "Fighting of 28–30 April 2021", Theatre: "kg-tj-border", Type: "conflict_episode", Start: on("2021-04"), End: on("2021-04"),
				PlaceID: "vorukh", Summary: "Fighting.", Occurrence: "confirmed", Parties: []data.Involved{{PartyID: "KG"}, {PartyID: "TJ"}}},
			validIncident(),
		},
	}
}

func validIncident() data.Incident {
	in := data.Incident{
		ID: "2022-09-14-shooting", Title: "Shooting near Vorukh", Theatre: "kg-tj-border", Type: "armed_clash", SecondaryTypes: []string{"shelling"},
		Start: on("2022-09-14"), End: on("2022-09-14"), PlaceID: "vorukh", Location: &data.Location{Precision: "district"},
		Parties:  []data.Involved{{PartyID: "KG"}, {PartyID: "TJ"}},
		ParentID: "2021-04-28-parent", RelatedIDs: []string{"2021-04-28-parent"},
		Summary: "Guards of both sides shot at one another.", Occurrence: "confirmed",
		Accounts: []data.Account{{Party: "Kyrgyz side", PartyID: "KG", Text: "Unprovoked aggression.", SourceIDs: []string{"ap980326"}}},
	}
	for _, words := range []string{
		"c1 killed KG whole =24 on 2022-09-16",
		"c2 killed KG whole =62 on 2022-09-16 supersedes c1 contradicts c3",
		"c3 killed KG whole >=70 on 2022-09-17 contradicts c2",
		"c4 killed ALL whole ~62 operands c2",
		"c5 wounded TJ part several repeats c1",
		"c6 hectares ALL x 2..5",
		"c7 situation ALL x calm refuted 2022-09-20",
		"c8 killed TJ whole <=9",
		"c9 killed TJ whole >9",
		"c10 killed TJ whole <9",
	} {
		c := claim(words)
		c.ID = in.ID + "." + c.ID
		for _, list := range [][]string{c.Supersedes, c.Contradicts, c.Operands} {
			for i := range list {
				list[i] = in.ID + "." + list[i]
			}
		}
		if c.Repeats != "" {
			c.Repeats = in.ID + "." + c.Repeats
		}
		if c.Coverage == "x" {
			c.Coverage = ""
		}
		c.Status, c.Verification, c.Admiralty = "unspecified", "official_unverified", "B2"
		c.Claimant.Type, c.Claimant.PartyID = "government", "KG-BORDER"
		c.Sources = []data.Citation{{SourceID: "rferl_2", Locator: "sentence 1"}}
		if c.Retracted != nil {
			c.Retracted.Reason, c.Retracted.SourceIDs = "It was not.", []string{"ap980326"}
		}
		in.Claims = append(in.Claims, c)
	}
	in.Claims[3].Verification = "derived"
	in.Claims[3].Claimant.Type = "derived"
	return in
}
