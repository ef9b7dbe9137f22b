package snapshot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
)

var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// drawDate draws a day, month or year from 2000 to 2002; sometimes no date.
func drawDate(t *rapid.T, optional bool) data.Date {
	if optional && rapid.IntRange(0, 2).Draw(t, "open") == 0 {
		return data.Date{}
	}
	return dateOf(epoch.AddDate(0, 0, rapid.IntRange(0, 1000).Draw(t, "day")), rapid.SampledFrom([]string{"2006", "2006-01", "2006-01-02"}).Draw(t, "layout"))
}

func dateOf(tm time.Time, layout string) data.Date {
	d, err := data.ParseDate(tm.Format(layout))
	if err != nil {
		panic(err)
	}
	return d
}

// drawPosition draws a position near Vorukh, a pole or the antimeridian, or
// anywhere.
func drawPosition(t *rapid.T) orb.Point {
	near := rapid.Float64Range(-0.2, 0.2)
	switch rapid.IntRange(0, 4).Draw(t, "where") {
	case 0, 1:
		return orb.Point{70.5 + near.Draw(t, "lon"), 39.8 + near.Draw(t, "lat")}
	case 2:
		return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.SampledFrom([]float64{-90, 90, 89.9, -89.9}).Draw(t, "lat")}
	case 3:
		return orb.Point{rapid.SampledFrom([]float64{-180, 180, 179.9, -179.9}).Draw(t, "lon"), rapid.Float64Range(-20, -16).Draw(t, "lat")}
	}
	return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
}

// drawRecords draws a small dataset: places with and without position,
// incidents there with claims, segments with a history, sources, an area.
func drawRecords(t *rapid.T) *data.Records {
	r := &data.Records{Geometry: data.Shapes{}}
	for _, id := range []string{"KG", "TJ", "UZ"} {
		r.Parties = append(r.Parties, data.Party{ID: id, Name: "Party " + id, Kind: "state"})
	}
	for i := range 3 {
		r.Sources = append(r.Sources, data.Source{ID: fmt.Sprintf("s%d", i), Publisher: "P", Date: drawDate(t, true), Origin: rapid.SampledFrom([]string{"", "ap"}).Draw(t, "origin")})
	}
	for i := range rapid.IntRange(1, 8).Draw(t, "places") {
		p := data.Place{ID: fmt.Sprintf("p%d", i), Label: "Place", Kind: rapid.SampledFrom([]string{"village", "town"}).Draw(t, "kind"), Precision: "village"}
		if rapid.IntRange(0, 3).Draw(t, "unlocated") > 0 {
			at := drawPosition(t)
			p.Position = at[:]
		}
		for _, country := range rapid.SliceOfN(rapid.SampledFrom([]string{"KG", "TJ"}), 0, 3).Draw(t, "countries") {
			p.Admin = append(p.Admin, data.AdminUnit{Country: country, Admin1: "A", To: drawDate(t, true)})
		}
		r.Places = append(r.Places, p)
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "incidents") {
		r.Incidents = append(r.Incidents, drawIncident(t, i, r))
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "segments") {
		drawSegment(t, i, r)
	}
	r.Areas = append(r.Areas, data.Area{ID: "a", Name: map[string]string{"en": "A"}, Kind: "study_area", Licence: "x", From: drawDate(t, true)})
	r.Geometry["a"] = orb.Polygon{{{70, 39}, {71, 39}, {71, 40}, {70, 39}}}
	return r
}

func drawIncident(t *rapid.T, i int, r *data.Records) data.Incident {
	start := drawDate(t, false)
	in := data.Incident{
		ID: fmt.Sprintf("i%02d", i), Title: "Incident", Theatre: "kg-tj-border", Summary: "x", Occurrence: "confirmed",
		Type: rapid.SampledFrom([]string{"armed_clash", "shelling"}).Draw(t, "type"), Start: start, End: start,
		PlaceID: rapid.SampledFrom(r.Places).Draw(t, "place").ID,
	}
	if rapid.Bool().Draw(t, "long") {
		in.End = dateOf(start.Last().AddDate(0, 0, rapid.IntRange(0, 90).Draw(t, "days")), time.DateOnly)
	}
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"KG", "TJ", "UZ"}), 0, 3, rapid.ID).Draw(t, "parties") {
		in.Parties = append(in.Parties, data.Involved{PartyID: id})
	}
	for j := range rapid.IntRange(0, 3).Draw(t, "claims") {
		n := float64(rapid.IntRange(0, 5).Draw(t, "n"))
		in.Claims = append(in.Claims, data.Claim{
			ID: fmt.Sprintf("%s.c%d", in.ID, j+1), Metric: rapid.SampledFrom([]string{"killed", "wounded"}).Draw(t, "metric"), AffectedParty: "KG",
			Value: data.Amount{Kind: "exact", Value: &n, Min: &n, Max: &n, AsReported: "x"}, Status: "mixed", Coverage: "whole", ClaimedOn: drawDate(t, true),
			Claimant: data.Claimant{Name: "x", Type: "media", PartyID: rapid.SampledFrom([]string{"", "KG", "TJ"}).Draw(t, "claimant")}, Verification: "unattributed", Sources: []data.Citation{{SourceID: rapid.SampledFrom(r.Sources).Draw(t, "source").ID}},
		})
	}
	return in
}

// drawSegment adds a segment: a line between two positions near each other,
// and a history of one to four statuses.
func drawSegment(t *rapid.T, i int, r *data.Records) {
	from := drawPosition(t)
	to := orb.Point{max(-180, min(180, from[0]+rapid.Float64Range(0.01, 0.3).Draw(t, "dx"))), max(-90, min(90, from[1]+rapid.Float64Range(-0.1, 0.1).Draw(t, "dy")))}
	s := data.Segment{
		ID: fmt.Sprintf("g%d", i), Name: map[string]string{"en": "Segment"}, Role: rapid.SampledFrom([]string{"boundary", "context"}).Draw(t, "role"),
		From: drawDate(t, true), GeometrySource: "x", GeometryNote: "x",
	}
	begin := s.From
	for range rapid.IntRange(0, 3).Draw(t, "statuses") {
		last := begin.Last()
		if last.IsZero() {
			last = epoch
		}
		end := dateOf(last.AddDate(0, 0, rapid.IntRange(0, 200).Draw(t, "length")), time.DateOnly)
		s.History = append(s.History, data.Status{Status: rapid.SampledFrom([]string{"contested", "agreed"}).Draw(t, "status"), From: begin, To: end})
		begin = dateOf(end.After(), time.DateOnly)
	}
	if rapid.Bool().Draw(t, "ends") {
		s.To = dateOf(epoch.AddDate(5, 0, 0), "2006")
	}
	s.History = append(s.History, data.Status{Status: "unknown", From: begin, To: s.To})
	r.Segments = append(r.Segments, s)
	r.Geometry[s.ID] = orb.LineString{from, to}
}

// newSnapshot builds a snapshot and returns one of its collections.
func collection(t interface{ Fatalf(string, ...any) }, r *data.Records, id string) *snapshot.Collection {
	s, err := snapshot.New(r)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	c, err := s.Collection(id)
	if err != nil {
		t.Fatalf("Collection: %v", err)
	}
	return c
}

// everything is a limit that no test reaches.
const everything = 1_000_000

// items answers a query with one page.
func items(t interface{ Fatalf(string, ...any) }, c *snapshot.Collection, q snapshot.Query) *snapshot.Page {
	if q.Limit == 0 {
		q.Limit = everything
	}
	page, err := c.Items(context.Background(), &q)
	if err != nil {
		t.Fatalf("Items: %v", err)
	}
	return page
}

func idsOf(hits []snapshot.Hit) []string {
	ids := []string{}
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	return ids
}

// properties decodes the properties of a hit.
func properties(t interface{ Fatalf(string, ...any) }, h snapshot.Hit) map[string]any {
	var f struct{ Properties map[string]any }
	if err := json.Unmarshal(h.JSON, &f); err != nil {
		t.Fatalf("%s: %v", h.JSON, err)
	}
	return f.Properties
}

// drawInterval draws a time as a datetime parameter can say it: an instant or
// an interval that may be open, all of it on midnights.
func drawInterval(t *rapid.T) *geo.Interval {
	from := epoch.AddDate(0, 0, rapid.IntRange(-100, 1200).Draw(t, "from"))
	iv := geo.Interval{From: from, To: from.AddDate(0, 0, rapid.SampledFrom([]int{0, 0, 1, 30, 400}).Draw(t, "length"))}
	if !iv.IsInstant() {
		switch rapid.IntRange(0, 3).Draw(t, "open") {
		case 0:
			iv.From = time.Time{}
		case 1:
			iv.To = time.Time{}
		}
	}
	return &iv
}

// meets tells whether the dates share a midnight with the interval; a date
// that is missing leaves that end open. It looks at every midnight.
func meets(from, to data.Date, iv geo.Interval) bool {
	for d := epoch.AddDate(-2, 0, 0); d.Before(epoch.AddDate(9, 0, 0)); d = d.AddDate(0, 0, 1) {
		in := (from.IsZero() || !d.Before(from.First())) && (to.IsZero() || d.Before(to.After()))
		asked := (iv.From.IsZero() || !d.Before(iv.From)) && (iv.To.IsZero() || d.Before(iv.To))
		if iv.IsInstant() {
			asked = d.Equal(iv.From)
		}
		if in && asked {
			return true
		}
	}
	return false
}
