package data

import (
	"cmp"
	"slices"
)

// Records is a whole dataset as its records say it. It is plain data: nothing
// derived, nothing checked; Validate does that.
type Records struct {
	Incidents []Incident
	Sources   []Source
	Parties   []Party
	Places    []Place
	Segments  []Segment
	Areas     []Area
	// Geometry holds the shapes of segments and areas by their id.
	Geometry Shapes
}

// Sort puts every list in the order of its ids, incidents in the order of
// their first day and then id.
func (r *Records) Sort() {
	slices.SortFunc(r.Incidents, func(a, b Incident) int {
		return cmp.Or(a.Start.First().Compare(b.Start.First()), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(r.Sources, func(a, b Source) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(r.Parties, func(a, b Party) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(r.Places, func(a, b Place) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(r.Segments, func(a, b Segment) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(r.Areas, func(a, b Area) int { return cmp.Compare(a.ID, b.ID) })
}

// Sorted returns r with every list in that order. r stays as it is and shares
// its records.
func (r *Records) Sorted() *Records {
	s := *r
	s.Incidents, s.Sources, s.Parties = slices.Clone(r.Incidents), slices.Clone(r.Sources), slices.Clone(r.Parties)
	s.Places, s.Segments, s.Areas = slices.Clone(r.Places), slices.Clone(r.Segments), slices.Clone(r.Areas)
	s.Sort()
	return &s
}

// byID returns where in list the record with each id stands.
func byID[T any](list []T, id func(*T) string) map[string]*T {
	m := make(map[string]*T, len(list))
	for i := range list {
		m[id(&list[i])] = &list[i]
	}
	return m
}

// Lookup finds records by id.
type Lookup struct {
	Incidents map[string]*Incident
	Claims    map[string]*Claim
	Sources   map[string]*Source
	Parties   map[string]*Party
	Places    map[string]*Place
	Segments  map[string]*Segment
	Areas     map[string]*Area
}

// Lookup returns the records by id. It points into r, which must not change
// while it is in use.
func (r *Records) Lookup() *Lookup {
	l := &Lookup{
		Incidents: byID(r.Incidents, func(x *Incident) string { return x.ID }),
		Claims:    map[string]*Claim{},
		Sources:   byID(r.Sources, func(x *Source) string { return x.ID }),
		Parties:   byID(r.Parties, func(x *Party) string { return x.ID }),
		Places:    byID(r.Places, func(x *Place) string { return x.ID }),
		Segments:  byID(r.Segments, func(x *Segment) string { return x.ID }),
		Areas:     byID(r.Areas, func(x *Area) string { return x.ID }),
	}
	for i := range r.Incidents {
		for j := range r.Incidents[i].Claims {
			c := &r.Incidents[i].Claims[j]
			l.Claims[c.ID] = c
		}
	}
	return l
}

// SourceIDs returns the sources that the incident's claims and accounts rest
// on, each once, in order of id.
func (in *Incident) SourceIDs() []string {
	var ids []string
	for i := range in.Claims {
		for _, s := range in.Claims[i].Sources {
			ids = append(ids, s.SourceID)
		}
	}
	for _, a := range in.Accounts {
		ids = append(ids, a.SourceIDs...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// PartyIDs returns the parties that the incident, its claims and its accounts name,
// each once, in order of id.
func (in *Incident) PartyIDs() []string {
	var ids []string
	add := func(id string) {
		if id != "" && id != AllParties {
			ids = append(ids, id)
		}
	}
	for _, p := range in.Parties {
		add(p.PartyID)
	}
	for i := range in.Claims {
		add(in.Claims[i].AffectedParty)
		add(in.Claims[i].Claimant.PartyID)
	}
	for _, a := range in.Accounts {
		add(a.PartyID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
