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
	if d.IsZero() || !r.lastDated().After(d.Last()) {
		return r
	}
	k := &knowledge{day: d.Last(), sources: byID(r.Sources, func(s *Source) string { return s.ID }), cited: map[string]bool{}}
	out := &Records{Parties: r.Parties, Places: r.Places, Areas: r.Areas, Geometry: r.Geometry}
	gone := map[string]bool{} // ids of incidents and claims that are not known
	for i := range r.Incidents {
		if in := k.incident(&r.Incidents[i], gone); in != nil {
			out.Incidents = append(out.Incidents, *in)
		}
	}
	for i := range out.Incidents {
		forget(&out.Incidents[i], gone)
	}
	out.Segments = k.segments(r.Segments)
	k.cite(out)
	for i := range r.Sources {
		if s := &r.Sources[i]; k.cited[s.ID] || !s.Date.IsZero() && k.by(s.Date) {
			out.Sources = append(out.Sources, *s)
		}
	}
	return out
}

// lastDated returns the beginning of the last day that anything of r is dated to.
func (r *Records) lastDated() time.Time {
	var last time.Time
	see := func(d Date) {
		if l := d.Last(); l.After(last) {
			last = l
		}
	}
	for i := range r.Incidents {
		in := &r.Incidents[i]
		see(in.Start)
		see(in.End)
		for j := range in.Claims {
			see(in.Claims[j].ClaimedOn)
			if t := in.Claims[j].Retracted; t != nil {
				see(t.On)
			}
		}
	}
	for i := range r.Sources {
		see(r.Sources[i].Date)
	}
	for i := range r.Segments {
		see(r.Segments[i].From)
		see(r.Segments[i].To)
		for _, h := range r.Segments[i].History {
			see(h.From)
			see(h.To)
		}
	}
	return last
}

// knowledge is what can be known at the end of a day.
type knowledge struct {
	day     time.Time // its beginning, UTC
	sources map[string]*Source
	cited   map[string]bool // ids of sources that something known rests on
}

// by tells whether a date lies within the day or before it. One of a month or
// year counts from its last day, none always.
func (k *knowledge) by(d Date) bool { return d.IsZero() || !d.Last().After(k.day) }

// stated returns the day on which an undated statement counts as made: that of
// the earliest of its sources, or else the one of what it speaks of.
func (k *knowledge) stated(sourceIDs []string, otherwise Date) Date {
	first := Date{}
	for _, id := range sourceIDs {
		s := k.sources[id]
		if s != nil && !s.Date.IsZero() && (first.IsZero() || s.Date.Last().Before(first.Last())) {
			first = s.Date
		}
	}
	if first.IsZero() {
		return otherwise
	}
	return first
}

// incident returns what is known of an incident, nil where nothing is, and adds
// to gone what is not.
func (k *knowledge) incident(in *Incident, gone map[string]bool) *Incident {
	known := *in
	made := made(in.Claims, func(c *Claim) bool {
		if !c.ClaimedOn.IsZero() {
			return k.by(c.ClaimedOn)
		}
		return k.by(k.stated(c.sourceIDs(), in.Start))
	})
	known.Claims, known.Accounts = nil, nil
	for i := range in.Claims {
		if c := in.Claims[i]; made[c.ID] {
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
		gone[in.ID] = true
		clear(made)
	}
	for i := range in.Claims {
		if !made[in.Claims[i].ID] {
			gone[in.Claims[i].ID] = true
		}
	}
	if gone[in.ID] {
		return nil
	}
	if !k.by(in.End) { // nobody knew how long it would last
		known.End = Date{k.day.Year(), int(k.day.Month()), k.day.Day()}
	}
	return &known
}

// retracted tells whether a claim was taken back by the day.
func (k *knowledge) retracted(t *Retraction) bool {
	if !t.On.IsZero() {
		return k.by(t.On)
	}
	return k.by(k.stated(t.SourceIDs, Date{}))
}

// segments returns the segments whose line counted by the day, with their
// statuses up to it. What ended later had no end yet.
func (k *knowledge) segments(all []Segment) []Segment {
	var out []Segment
	gone := map[string]bool{}
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
		out[i].CounterpartIDs = without(out[i].CounterpartIDs, gone)
	}
	return out
}

// ended returns the end of a stretch of time as it was known: none where it lay
// ahead.
func (k *knowledge) ended(to Date) Date {
	if to.Last().After(k.day) {
		return Date{}
	}
	return to
}

// cite notes the sources that the records rest on.
func (k *knowledge) cite(r *Records) {
	note := func(ids []string) {
		for _, id := range ids {
			k.cited[id] = true
		}
	}
	for i := range r.Incidents {
		in := &r.Incidents[i]
		note(in.SourceIDs())
		for j := range in.Claims {
			if t := in.Claims[j].Retracted; t != nil {
				note(t.SourceIDs)
			}
		}
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

// forget takes out of an incident what refers to incidents and claims that are
// not known.
func forget(in *Incident, gone map[string]bool) {
	if gone[in.ParentID] {
		in.ParentID = ""
	}
	in.RelatedIDs = without(in.RelatedIDs, gone)
	for i := range in.Claims {
		c := &in.Claims[i]
		c.Supersedes, c.Contradicts = without(c.Supersedes, gone), without(c.Contradicts, gone)
		c.CompatibleWith, c.Operands = without(c.CompatibleWith, gone), without(c.Operands, gone)
		if gone[c.Repeats] {
			c.Repeats = ""
		}
	}
}

// without returns ids less those that are gone, and ids itself where none is.
func without(ids []string, gone map[string]bool) []string {
	out := func(id string) bool { return gone[id] }
	if !slices.ContainsFunc(ids, out) {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), out)
}

func (c *Claim) sourceIDs() []string {
	ids := make([]string, len(c.Sources))
	for i, s := range c.Sources {
		ids[i] = s.SourceID
	}
	return ids
}
