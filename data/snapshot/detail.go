package snapshot

import (
	"slices"
	"time"

	"demarc/data"
)

// ClaimDetail is a claim with what is derived about it.
type ClaimDetail struct {
	data.Claim
	ClaimedOnPrecision string   `json:"claimed_on_precision,omitempty"`
	StatusFlag         string   `json:"status_flag"`
	SupersededBy       []string `json:"superseded_by,omitempty"`
}

// PartyDetail is a party's part in an incident, with its name.
type PartyDetail struct {
	PartyID  string `json:"party_id"`
	Name     string `json:"name"`
	Kind     string `json:"kind,omitempty"`
	ParentID string `json:"parent_id,omitempty"` // the party that it is a body of
	Role     string `json:"role,omitempty"`
}

// RangeDetail is a figure: null where an end is open.
type RangeDetail struct {
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// FigureDetail is a derived figure with the parties that it is made of.
type FigureDetail struct {
	Family string `json:"family"`
	RangeDetail
	State   string                 `json:"state"`
	ByParty map[string]RangeDetail `json:"by_party,omitempty"`
}

// DatesDetail are the first and the last day as the record has them: each a day,
// a month or a year, where the flat properties say the coarser of the two.
type DatesDetail struct {
	Start data.Date `json:"start"`
	End   data.Date `json:"end"`
}

// IncidentDetail is what a single incident shows beside its flat properties.
type IncidentDetail struct {
	OccurrenceReason string           `json:"occurrence_reason,omitempty"`
	SecondaryTypes   []string         `json:"secondary_types,omitempty"`
	RelatedIDs       []string         `json:"related_ids,omitempty"`
	ChildIDs         []string         `json:"child_ids,omitempty"`
	Mapping          *data.CodingHint `json:"mapping,omitempty"`
	Location         *data.Location   `json:"location,omitempty"`
	Note             string           `json:"note,omitempty"`
	Dates            DatesDetail      `json:"dates_detail"`
	Figures          []FigureDetail   `json:"figures_detail"`
	Parties          []PartyDetail    `json:"parties_detail"`
	Place            *data.Place      `json:"place_detail"`
	Claims           []ClaimDetail    `json:"claims_detail"`
	Accounts         []data.Account   `json:"accounts_detail"`
	Sources          []data.Source    `json:"sources_detail"`
}

// SingleClaim is what a single claim shows beside its flat properties.
type SingleClaim struct {
	Claim         ClaimDetail   `json:"claim_detail"`
	IncidentTitle string        `json:"incident_title"`
	Sources       []data.Source `json:"sources_detail"`
}

// SegmentDetail is what a single segment shows beside its flat properties.
type SegmentDetail struct {
	Names        map[string]string `json:"names_detail"`
	History      []data.Status     `json:"history_detail"`
	CutRule      string            `json:"cut_rule,omitempty"`
	Places       []string          `json:"place_ids,omitempty"`
	Counterparts []string          `json:"counterpart_ids,omitempty"`
	Note         string            `json:"note,omitempty"`
	Sources      []data.Source     `json:"sources_detail"`
}

// AreaDetail is what a single area shows beside its flat properties.
type AreaDetail struct {
	Names   map[string]string `json:"names_detail"`
	Note    string            `json:"note,omitempty"`
	Sources []data.Source     `json:"sources_detail"`
}

// PlaceDetail is what a single place shows beside its flat properties.
type PlaceDetail struct {
	Names     []data.PlaceName `json:"names_detail"`
	Admin     []data.AdminUnit `json:"admin_detail,omitempty"`
	Incidents []string         `json:"incident_ids,omitempty"`
	Sources   []data.Source    `json:"sources_detail,omitempty"`
}

// SourceDetail is what a single source shows beside its flat properties.
type SourceDetail struct {
	Claims []string `json:"claim_ids"`
}

// LayerDetail is what a feature of a layer shows beside its flat properties:
// nothing.
type LayerDetail struct{}

// Detail returns what the single feature shows beside its flat properties: one
// of the Detail types above, for encoding/json and for pages. It is nil when
// there is no such feature. Its cost grows with the feature's own record, and
// for places and parents with the number of incidents.
func (s *Snapshot) Detail(collection, id string) any {
	switch collection {
	case "incidents":
		if in := s.incident(id); in != nil {
			return s.incidentDetail(in)
		}
	case "claims":
		if hit, err := s.own("claims").Feature(id); err == nil {
			return s.claimDetail(hit.Values[1].Text(), id)
		}
	case "segments":
		if g := s.records.segments.get(id); g != nil {
			return s.segmentDetail(g)
		}
	case "areas":
		if a := s.records.areas.get(id); a != nil {
			return &AreaDetail{a.Name, a.Note, s.sourcesOf(a.SourceIDs)}
		}
	case "places":
		if p := s.records.places.get(id); p != nil {
			return &PlaceDetail{orEmpty(p.Names), p.Admin, s.idsWith("incidents", "place_id", id), s.sourcesOf(p.SourceIDs)}
		}
	case "sources":
		if s.records.sources.get(id) != nil {
			return &SourceDetail{orEmpty(s.idsWith("claims", "source_ids", id))}
		}
	case "parties":
		if p := s.records.parties.get(id); p != nil {
			return s.partyDetail(p)
		}
	default:
		if c := s.own(collection); c != nil {
			if _, err := c.Feature(id); err == nil {
				return &LayerDetail{}
			}
		}
	}
	return nil
}

// orEmpty returns the list, an empty one for nil: JSON says [] and not null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *Snapshot) incidentDetail(in *data.Incident) *IncidentDetail {
	d := &IncidentDetail{
		OccurrenceReason: in.OccurrenceReason, SecondaryTypes: in.SecondaryTypes, RelatedIDs: in.RelatedIDs,
		ChildIDs: s.idsWith("incidents", "parent_id", in.ID), Mapping: in.Mapping, Location: in.Location, Note: in.Note, Dates: DatesDetail{in.Start, in.End},
		Place: placeOf(s.records.places.get(in.PlaceID)), Claims: claimDetails(in), Accounts: orEmpty(in.Accounts), Sources: s.sourcesOf(in.SourceIDs()),
		Parties: []PartyDetail{},
	}
	for _, p := range in.Parties {
		party := s.records.parties.get(p.PartyID)
		d.Parties = append(d.Parties, PartyDetail{p.PartyID, party.Name, party.Kind, party.ParentID, p.Role})
	}
	for _, f := range data.Figures(in.Claims, time.Time{}) {
		fd := FigureDetail{Family: f.Family, RangeDetail: rangeDetail(f.Range), State: f.State, ByParty: map[string]RangeDetail{}}
		for party, r := range f.ByParty {
			fd.ByParty[party] = rangeDetail(r)
		}
		d.Figures = append(d.Figures, fd)
	}
	return d
}

// placeOf returns the place with a list of names, be it empty.
func placeOf(p *data.Place) *data.Place {
	out := *p
	out.Names = orEmpty(p.Names)
	return &out
}

// claimDetails returns an incident's claims with what is derived about each.
func claimDetails(in *data.Incident) []ClaimDetail {
	states, by := data.States(in.Claims, time.Time{}), data.SupersededBy(in.Claims)
	out := make([]ClaimDetail, len(in.Claims))
	for i, c := range in.Claims {
		out[i] = ClaimDetail{Claim: c, StatusFlag: states[c.ID], SupersededBy: by[c.ID]}
		if !c.ClaimedOn.IsZero() {
			out[i].ClaimedOnPrecision = c.ClaimedOn.Precision().String()
		}
	}
	return out
}

func (s *Snapshot) claimDetail(incidentID, id string) *SingleClaim {
	in := s.incident(incidentID)
	all := claimDetails(in)
	i := slices.IndexFunc(all, func(c ClaimDetail) bool { return c.ID == id })
	var sourceIDs []string
	for _, cited := range all[i].Claim.Sources {
		sourceIDs = append(sourceIDs, cited.SourceID)
	}
	return &SingleClaim{all[i], in.Title, s.sourcesOf(sourceIDs)}
}

func (s *Snapshot) segmentDetail(g *data.Segment) *SegmentDetail {
	var sourceIDs []string
	for _, h := range g.History {
		sourceIDs = append(sourceIDs, h.SourceIDs...)
	}
	slices.Sort(sourceIDs)
	return &SegmentDetail{g.Name, g.History, g.CutRule, g.PlaceIDs, g.CounterpartIDs, g.Note, s.sourcesOf(slices.Compact(sourceIDs))}
}

// sourcesOf returns the sources of those ids.
func (s *Snapshot) sourcesOf(ids []string) []data.Source {
	out := make([]data.Source, len(ids))
	for i, id := range ids {
		out[i] = *s.records.sources.get(id)
	}
	return out
}

// PartyName returns the name of a party; for ALL and ids that are not known
// words of our own and the id.
func (s *Snapshot) PartyName(id string) string {
	if id == data.AllParties {
		return "All parties together"
	}
	if p := s.records.parties.get(id); p != nil {
		return p.Name
	}
	return id
}

// idsWith returns the ids of the features of a collection that have the value in
// the field, in the collection's order; nil where there are none.
func (s *Snapshot) idsWith(collection, field, value string) []string {
	c := s.own(collection)
	var ids []string
	for _, at := range c.with(c.Schema.Index(field), value) {
		ids = append(ids, at.v.ids.at(at.row))
	}
	return ids
}

func rangeDetail(r data.Range) RangeDetail {
	var d RangeDetail
	if v := figureEnd(r.Low); !v.IsNull() {
		d.Low = &r.Low
	}
	if v := figureEnd(r.High); !v.IsNull() {
		d.High = &r.High
	}
	return d
}
