package data

import (
	"slices"
	"time"
)

// AsOf returns what was known on the last day of d, by the dates of the
// statements themselves; docs/asof.md has the rule. r stays as it is and shares
// with the result what is the same in both; it is the result where nothing in it
// is dated later. The zero Date is after everything.
// Records that pass Validate make records that pass it. The cost grows with r.
//
// Claims made later are not there, and what was taken back later still stands.
// An incident is there from its first day on, once a claim or an account of it
// is known. Sources are there when they are dated by then or something known
// rests on them; segments from the day from which their line counts.
func (r *Records) AsOf(d Date) *Records {
	if d.IsZero() {
		return r
	}
	sources := byID(r.Sources, func(s *Source) string { return s.ID })
	k := &Knowledge{day: d.Last(), source: func(id string) *Source { return sources[id] }}
	later := false
	for record := range r.Each() {
		later = later || k.Later(record)
	}
	if !later {
		return r
	}
	out := &Records{Parties: r.Parties, Places: r.Places, Areas: r.Areas, Geometry: r.Geometry}
	gone := map[string]bool{} // ids of incidents and claims that are not known
	for i := range r.Incidents {
		in := &r.Incidents[i]
		known, made := k.known(in)
		if known != nil {
			out.Incidents = append(out.Incidents, *known)
		} else {
			gone[in.ID] = true
		}
		for j := range in.Claims {
			if id := in.Claims[j].ID; known == nil || !made[id] {
				gone[id] = true
			}
		}
	}
	for i := range out.Incidents {
		forget(&out.Incidents[i], func(id string) bool { return gone[id] })
	}
	out.Segments = k.Segments(r.Segments)
	cited := map[string]bool{}
	out.Cited(func(id string) { cited[id] = true })
	for i := range r.Sources {
		if s := &r.Sources[i]; cited[s.ID] || k.Dated(s) {
			out.Sources = append(out.Sources, *s)
		}
	}
	return out
}

// Later tells whether anything in the record is dated after the day.
func (k *Knowledge) Later(r Record) bool {
	later := false
	see := func(dates ...Date) {
		for _, d := range dates {
			later = later || !k.by(d)
		}
	}
	switch x := r.Value.(type) {
	case *Incident:
		see(x.Start, x.End)
		for j := range x.Claims {
			see(x.Claims[j].ClaimedOn)
			if t := x.Claims[j].Retracted; t != nil {
				see(t.On)
			}
		}
	case *Source:
		see(x.Date)
	case *Segment:
		see(x.From, x.To)
		for _, h := range x.History {
			see(h.From, h.To)
		}
	}
	return later
}

// Knowledge is what can be known at the end of a day: AsOf for one record after the
// other. It is safe for concurrent use, if its functions are.
type Knowledge struct {
	day      time.Time // its beginning, UTC
	source   func(id string) *Source
	incident func(id string) *Incident
}

// NewKnowledge returns the knowledge of the last day of d, which must not be zero,
// among the sources and incidents that the functions find; nil is for none.
func NewKnowledge(d Date, source func(id string) *Source, incident func(id string) *Incident) *Knowledge {
	return &Knowledge{d.Last(), source, incident}
}

// Dated tells whether a source is dated by the day.
func (k *Knowledge) Dated(s *Source) bool { return !s.Date.IsZero() && k.by(s.Date) }

// Incident returns what is known of an incident, nil where nothing is. The incident
// stays as it is, and shares with the result what is the same.
func (k *Knowledge) Incident(in *Incident) *Incident {
	known, made := k.known(in)
	if known == nil {
		return nil
	}
	forget(known, func(id string) bool {
		if made, own := made[id]; own {
			return !made
		}
		if other := k.incident(id); other != nil {
			known, _ := k.known(other)
			return known == nil
		}
		if other := k.incident(IncidentOf(id)); other != nil {
			known, made := k.known(other)
			was, there := made[id]
			return there && (known == nil || !was)
		}
		return false
	})
	return known
}

// by tells whether a date lies within the day or before it. One of a month or
// year counts from its last day, none always.
func (k *Knowledge) by(d Date) bool { return d.IsZero() || !d.Last().After(k.day) }

// stated returns the day on which an undated statement counts as made: that of
// the earliest of its sources, or else the one of what it speaks of.
func (k *Knowledge) stated(sourceIDs []string, otherwise Date) Date {
	first := Date{}
	for _, id := range sourceIDs {
		s := k.source(id)
		if s != nil && !s.Date.IsZero() && (first.IsZero() || s.Date.Last().Before(first.Last())) {
			first = s.Date
		}
	}
	if first.IsZero() {
		return otherwise
	}
	return first
}

// known returns what is known of an incident, nil where nothing is, and of each of its
// claims whether it had been made. It may refer to what is not known.
func (k *Knowledge) known(in *Incident) (*Incident, map[string]bool) {
	known := new(*in)
	was := made(in.Claims, func(c *Claim) bool {
		if !c.ClaimedOn.IsZero() {
			return k.by(c.ClaimedOn)
		}
		return k.by(k.stated(c.sourceIDs(), in.Start))
	})
	if len(in.Claims) > 0 {
		known.Claims = nil
	}
	if len(in.Accounts) > 0 {
		known.Accounts = nil
	}
	for i := range in.Claims {
		if c := in.Claims[i]; was[c.ID] {
			if t := c.Retracted; t != nil && !k.retracted(t) {
				c.Retracted = nil
			}
			known.Claims = append(known.Claims, c)
		}
	}
	for _, a := range in.Accounts {
		if k.by(k.stated(a.SourceIDs, in.Start)) {
			known.Accounts = append(known.Accounts, a)
		}
	}
	silent := len(in.Claims)+len(in.Accounts) == 0 && k.by(in.Start)
	if in.Start.First().After(k.day) || !silent && len(known.Claims)+len(known.Accounts) == 0 {
		return nil, was
	}
	if !k.by(in.End) { // nobody knew how long it would last
		known.End = Date{k.day.Year(), int(k.day.Month()), k.day.Day()}
	}
	return known, was
}

// retracted tells whether a claim was taken back by the day.
func (k *Knowledge) retracted(t *Retraction) bool {
	if !t.On.IsZero() {
		return k.by(t.On)
	}
	return k.by(k.stated(t.SourceIDs, Date{}))
}

// Segments returns the segments whose line counted by the day, with their
// statuses up to it. What ended later had no end yet.
func (k *Knowledge) Segments(all []Segment) []Segment {
	var out []Segment
	gone := map[string]bool{}
	isGone := func(id string) bool { return gone[id] }
	for _, s := range all {
		if s.From.First().After(k.day) {
			gone[s.ID] = true
			continue
		}
		var history []Status
		for _, h := range s.History {
			if h.From.First().After(k.day) {
				break
			}
			h.To = k.ended(h.To)
			history = append(history, h)
		}
		s.History, s.To = history, k.ended(s.To)
		out = append(out, s)
	}
	for i := range out {
		out[i].CounterpartIDs = without(out[i].CounterpartIDs, isGone)
	}
	return out
}

// ended returns the end of a stretch of time as it was known: none where it lay
// ahead.
func (k *Knowledge) ended(to Date) Date {
	if to.Last().After(k.day) {
		return Date{}
	}
	return to
}

// Cited visits the sources that the records rest on, some of them often.
func (r *Records) Cited(visit func(id string)) {
	note := func(ids []string) {
		for _, id := range ids {
			visit(id)
		}
	}
	for i := range r.Incidents {
		r.Incidents[i].Cited(visit)
	}
	for i := range r.Places {
		note(r.Places[i].SourceIDs)
	}
	for i := range r.Areas {
		note(r.Areas[i].SourceIDs)
	}
	for i := range r.Segments {
		for _, h := range r.Segments[i].History {
			note(h.SourceIDs)
		}
	}
}

// Cited visits the sources that the incident rests on, some of them often.
func (in *Incident) Cited(visit func(id string)) {
	note := func(ids []string) {
		for _, id := range ids {
			visit(id)
		}
	}
	for i := range in.Claims {
		for _, s := range in.Claims[i].Sources {
			visit(s.SourceID)
		}
		if t := in.Claims[i].Retracted; t != nil {
			note(t.SourceIDs)
		}
	}
	for _, a := range in.Accounts {
		note(a.SourceIDs)
	}
}

// forget takes out of an incident what refers to incidents and claims that are
// not known. Its list of claims must be its own.
func forget(in *Incident, gone func(id string) bool) {
	if in.ParentID != "" && gone(in.ParentID) {
		in.ParentID = ""
	}
	in.RelatedIDs = without(in.RelatedIDs, gone)
	for i := range in.Claims {
		c := &in.Claims[i]
		c.Supersedes, c.Contradicts = without(c.Supersedes, gone), without(c.Contradicts, gone)
		c.CompatibleWith, c.Operands = without(c.CompatibleWith, gone), without(c.Operands, gone)
		if c.Repeats != "" && gone(c.Repeats) {
			c.Repeats = ""
		}
	}
}

// without returns ids less those that are gone, and ids itself where none is.
func without(ids []string, gone func(id string) bool) []string {
	if !slices.ContainsFunc(ids, gone) {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), gone)
}

func (c *Claim) sourceIDs() []string {
	ids := make([]string, len(c.Sources))
	for i, s := range c.Sources {
		ids[i] = s.SourceID
	}
	return ids
}
