package synth

import (
	"strconv"
	"time"

	"demarc/data"
)

// Records makes n incidents as records, with the places, claims and sources that
// they rest on, and no segments and areas. They are for measuring a snapshot and a
// store, and must not be stored with real ones.
func (s *Source) Records(n int) *data.Records {
	r := &data.Records{Geometry: data.Shapes{}, Incidents: make([]data.Incident, 0, n)}
	for _, id := range []string{"SYNTH-A", "SYNTH-B"} {
		r.Parties = append(r.Parties, data.Party{ID: id, Name: "Synthetic party " + id[6:], Kind: "state"})
	}
	for i := range 20 {
		r.Sources = append(r.Sources, data.Source{ID: "synth-source-" + strconv.Itoa(i), Publisher: "Synthetic publisher"})
	}
	for i := range s.places {
		p := &s.places[i]
		place := data.Place{ID: p.id, Label: p.name, Kind: "village", Precision: "village", Names: []data.PlaceName{{Lang: "en", Name: p.name}}}
		if p.located {
			place.Position, place.PositionSource = p.position[:], "made up"
		}
		r.Places = append(r.Places, place)
	}
	for range n {
		in := s.Next()
		r.Incidents = append(r.Incidents, in.record())
	}
	return r
}

func (in *Incident) record() data.Incident {
	out := data.Incident{
		ID: in.ID(), Title: in.title(), Theatre: "kg-tj-border", Type: in.Type, Start: dateOf(in.First), End: dateOf(in.Last),
		PlaceID: in.place.id, Summary: summary, Occurrence: in.Occurrence,
		Parties: []data.Involved{{PartyID: "SYNTH-A"}, {PartyID: "SYNTH-B"}},
	}
	if in.position != nil {
		out.Location = &data.Location{Precision: "exact_point", Position: in.position[:], PositionSource: "made up"}
	}
	for i, metric := range []string{"killed", "wounded"} {
		bounds := [2][2]int{in.Killed, in.Wounded}[i]
		if bounds[1] == 0 {
			continue
		}
		low, high := float64(bounds[0]), float64(bounds[1])
		out.Claims = append(out.Claims, data.Claim{
			ID: in.ID() + ".c" + strconv.Itoa(i+1), Metric: metric, AffectedParty: "SYNTH-A", Status: "mixed", Coverage: "whole",
			Value:    amount(low, high),
			Claimant: data.Claimant{Name: "Synthetic claimant", Type: "media_unattributed"}, Verification: "unattributed",
			Sources: []data.Citation{{SourceID: "synth-source-" + strconv.Itoa(in.Number%20)}},
		})
	}
	return out
}

// amount is a range, or the one figure that it comes down to.
func amount(low, high float64) data.Amount {
	a := data.Amount{Kind: "range", Min: &low, Max: &high, AsReported: "made up"}
	if low == high {
		a.Kind, a.Value = "exact", &low
	}
	return a
}

func dateOf(t time.Time) data.Date {
	return data.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}
