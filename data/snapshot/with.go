package snapshot

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/background"
	"demarc/geo"
)

// Change says what became of one record.
type Change struct {
	Kind data.Kind
	ID   string
	// To is what stands now; its Value is nil where nothing does.
	To data.Record
	// Ready is what an earlier snapshot made of To, an incident, or nil. It saves time
	// where it fits.
	Ready *Ready
}

// With returns the snapshot with the changes, of which the later ones count where
// a record has several. What stands after them must pass Validate, and not change
// afterwards. Every answer is that of New with the records that stand then.
//
// s stays as it is; both share what is the same. With costs what the changed
// records do, and those that show something of them: claims with their incident,
// incidents with their place, counts. Only a segment that moves, or a source that
// turns out to repeat another, costs as much as there are incidents. Now and then
// it also tidies up after changes before. One writer may call it at a time, while
// others read s.
func (s *Snapshot) With(changes ...Change) (*Snapshot, error) {
	e, err := s.Edit(changes...)
	if err != nil {
		return nil, err
	}
	return e.Snapshot(), nil
}

// Edit does of With what can fail, and what a change of few records needs to know
// before it is made. The same rules hold, until its Snapshot is there.
func (s *Snapshot) Edit(changes ...Change) (*Edit, error) {
	e := newEdit(s)
	for _, c := range changes {
		e.change(c.Kind, c.ID, c.To)
		if c.Kind == data.Incidents { // the last one counts, with its own or none
			e.ready[c.ID] = c.Ready
		}
	}
	next := *s
	next.records = s.records.with(e.changed)
	e.next = &next
	e.touchIncidents()
	if err := e.editIncidents(); err != nil {
		return nil, fmt.Errorf("change snapshot: %w", err)
	}
	e.editCounted()
	e.editShapes()
	return e, nil
}

// fewTouched is how many incidents are put into a snapshot in less than a millisecond: to
// go over to a thread of the background would take as long.
const fewTouched = 64

// Snapshot returns the snapshot with the changes. It is called once.
func (e *Edit) Snapshot() *Snapshot {
	e.next.all = slices.Clone(e.old.all)
	start := background.Go
	if len(e.touched) <= fewTouched {
		start = nil
	}
	background.Each(pair, len(e.old.all), start, func(i int) { e.next.all[i] = e.hold(e.old.all[i]) })
	e.number()
	return e.next
}

// hold returns what becomes of a collection.
func (e *Edit) hold(h *held) *held {
	if h.score != nil {
		for i := range e.more {
			if len(e.more[i]) > 0 && h.score.kind == &countedKinds[i] {
				return h.with(&e.next.records, e.more[i])
			}
		}
	}
	id := h.id
	if len(e.gone[id])+len(e.items[id]) == 0 {
		return h
	}
	return e.next.records.hold(h.collection().edit(e.gone[id], e.items[id]))
}

// Stood tells whether there is an incident of that id before the changes. It must be
// among them.
func (e *Edit) Stood(incident string) bool { return e.before[incident] != nil }

// Features yields the features that may be others than before, by collection and id.
func (e *Edit) Features(yield func(collection, id string) bool) {
	for _, h := range e.old.all {
		ids := slices.Clone(e.gone[h.id])
		for i := range e.items[h.id] {
			ids = append(ids, e.items[h.id][i].feature.ID)
		}
		for i := range e.more {
			if h.score != nil && h.score.kind == &countedKinds[i] {
				for _, n := range e.more[i] {
					ids = append(ids, n.id)
				}
			}
		}
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			if !yield(h.id, id) {
				return
			}
		}
	}
}

// Boxes returns the boxes of the features that are new or others, by collection and
// id; not of those that count incidents, of which nothing else is another.
func (e *Edit) Boxes() map[string]map[string]geo.BBox {
	boxes := map[string]map[string]geo.BBox{}
	for collection, items := range e.items {
		boxes[collection] = make(map[string]geo.BBox, len(items))
		for i := range items {
			f := &items[i].feature
			boxes[collection][f.ID] = geo.BBoxOf(f.Geometry)
		}
	}
	return boxes
}

// Edit is what a change of records makes of a snapshot's collections.
type Edit struct {
	old, next *Snapshot
	changed   map[data.Kind]map[string]data.Record
	ready     map[string]*Ready
	before    map[string]*data.Incident  // of those that are touched, what stood
	touched   map[string]bool            // incidents that may look otherwise, by id
	more      [len(countedKinds)][]count // what is counted more; empty where gone and items have it
	gone      map[string][]string
	items     map[string][]item
}

func newEdit(s *Snapshot) *Edit {
	return &Edit{old: s, changed: map[data.Kind]map[string]data.Record{}, ready: map[string]*Ready{}, before: map[string]*data.Incident{}, touched: map[string]bool{}, gone: map[string][]string{}, items: map[string][]item{}}
}

// change notes what stands now of a record.
func (e *Edit) change(kind data.Kind, id string, to data.Record) {
	if e.changed[kind] == nil {
		e.changed[kind] = map[string]data.Record{}
	}
	e.changed[kind][id] = to
}

// with returns the records with the changes.
func (r *records) with(changed map[data.Kind]map[string]data.Record) records {
	next := *r
	next.sources = r.sources.with(typed[data.Source](changed[data.Sources]))
	next.parties = r.parties.with(typed[data.Party](changed[data.Parties]))
	next.places = r.places.with(typed[data.Place](changed[data.Places]))
	next.segments = r.segments.with(typed[data.Segment](changed[data.Segments]))
	next.areas = r.areas.with(typed[data.Area](changed[data.Areas]))
	if _, incidents := changed[data.Incidents]; len(changed) > 1 || len(changed) == 1 && !incidents {
		next.basis = &basis{}
	}
	if len(changed[data.Segments])+len(changed[data.Areas]) > 0 {
		next.geometry = maps.Clone(r.geometry)
		for _, kind := range []data.Kind{data.Segments, data.Areas} {
			for id, to := range changed[kind] {
				delete(next.geometry, id)
				if to.Shape != nil {
					next.geometry[id] = to.Shape
				}
			}
		}
		next.borders = bordersOf(next.segments.each, next.geometry)
	}
	return next
}

// typed returns the records as those of one kind, nil for those that are gone.
func typed[T any](changed map[string]data.Record) map[string]*T {
	out := make(map[string]*T, len(changed))
	for id, to := range changed {
		out[id], _ = to.Value.(*T)
	}
	return out
}

// touchIncidents notes the incidents that may look otherwise after the changes.
func (e *Edit) touchIncidents() {
	for id := range e.changed[data.Incidents] {
		e.touched[id] = true
	}
	for id := range e.changed[data.Places] {
		if e.old.records.places.get(id) == nil {
			continue // nothing rested on it, and it costs a look at all incidents to find that
		}
		for _, incident := range e.old.idsWith("incidents", "place_id", id) {
			e.touched[incident] = true
		}
	}
	moved := map[string]bool{} // sources that stand for another origin now
	for id := range e.changed[data.Sources] {
		before, after := e.old.records.sources.get(id), e.next.records.sources.get(id)
		moved[id] = before != nil && after != nil && before.OriginID() != after.OriginID()
	}
	maps.DeleteFunc(moved, func(_ string, is bool) bool { return !is })
	borders := !slices.EqualFunc(e.old.records.borders, e.next.records.borders, (*border).same)
	if len(moved) == 0 && !borders {
		return
	}
	for in := range e.old.eachIncident {
		if borders || slices.ContainsFunc(in.SourceIDs(), func(id string) bool { return moved[id] }) {
			e.touched[in.ID] = true
		}
	}
}

// same tells whether both borders lead to the same nearest segments.
func (b *border) same(o *border) bool {
	return b == o || b.segment.ID == o.segment.ID && b.valid == o.valid && (b.line == nil) == (o.line == nil) && (b.line == nil || orb.Equal(b.line, o.line))
}

// editIncidents makes the items of the incidents that are touched, and of their
// claims, and counts what they add to places, sources and parties.
func (e *Edit) editIncidents() error {
	ids := slices.Sorted(maps.Keys(e.touched))
	items, claims, errs := make([]item, len(ids)), make([][]item, len(ids)), make([]error, len(ids))
	befores, afters := make([]*data.Incident, len(ids)), make([]*data.Incident, len(ids))
	beside().do((len(ids)+fewRows-1)/fewRows, func(i int) {
		for j := i * fewRows; j < min((i+1)*fewRows, len(ids)); j++ {
			befores[j] = e.old.incident(ids[j])
			afters[j] = befores[j]
			if to, ok := e.changed[data.Incidents][ids[j]]; ok {
				afters[j], _ = to.Value.(*data.Incident)
			}
			if r, in := e.ready[ids[j]], afters[j]; r.Fits(e.next) && r.in == in {
				items[j], claims[j] = r.item, r.claims
			} else if in != nil {
				items[j], claims[j], errs[j] = e.next.records.items(in)
			}
		}
	})
	standing := items[:0] // which takes their place
	for i, id := range ids {
		if errs[i] != nil {
			return errs[i]
		}
		e.replace(id, befores[i], afters[i])
		if afters[i] != nil {
			standing = append(standing, items[i])
		}
	}
	e.items["incidents"], e.items["claims"] = standing, slices.Concat(claims...)
	return nil
}

// replace notes what goes with an incident that stood, and what is counted of it and of
// what stands now; either may be nil.
func (e *Edit) replace(id string, before, after *data.Incident) {
	if before != nil {
		e.before[id] = before
		e.count(before, -1)
		e.gone["incidents"] = append(e.gone["incidents"], id)
		for j := range before.Claims {
			e.gone["claims"] = append(e.gone["claims"], before.Claims[j].ID)
		}
	}
	if after != nil {
		e.count(after, 1)
	}
}

// editCounted makes the items of places, sources and parties where records of them have
// changed. Where nothing but their counts has, they are made when somebody asks.
func (e *Edit) editCounted() {
	for i := range e.more {
		e.more[i] = summed(e.more[i])
		if kind := countedKinds[i].kind; len(e.changed[kind]) > 0 {
			e.recount(i)
		}
	}
}

// recount makes the items of a counted kind that have changed, or of which the counts
// have.
func (e *Edit) recount(at int) {
	k, more := &countedKinds[at], map[string]counts{}
	for _, n := range e.more[at] {
		more[n.id] = n.more
	}
	e.more[at] = nil
	c, itemOf, collection := e.old.own(string(k.kind)), k.item(&e.next.records), string(k.kind)
	ids := slices.AppendSeq(slices.Collect(maps.Keys(e.changed[k.kind])), maps.Keys(more))
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		e.gone[collection] = append(e.gone[collection], id)
		if it, ok := itemOf(id, k.counted(c, id).plus(more[id])); ok {
			e.items[collection] = append(e.items[collection], it)
		}
	}
}

// count notes what an incident counts, n times.
func (e *Edit) count(in *data.Incident, n int64) {
	note := func(kind int, id string, more counts) { e.more[kind] = append(e.more[kind], count{id, more}) }
	note(countedPlaces, in.PlaceID, counts{n})
	eachCitation(in, func(source string) { note(countedSources, source, counts{n}) })
	eachUse(in, n, func(party string, more partyUses) {
		note(countedParties, party, counts{more.incidents, more.made, more.about})
	})
}

func (e *Edit) editShapes() {
	for _, id := range slices.Sorted(maps.Keys(e.changed[data.Segments])) {
		e.gone["segments"] = append(e.gone["segments"], id)
		if s := e.next.records.segments.get(id); s != nil {
			e.items["segments"] = append(e.items["segments"], e.next.records.segmentItems(s)...)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(e.changed[data.Areas])) {
		e.gone["areas"] = append(e.gone["areas"], id)
		if a := e.next.records.areas.get(id); a != nil {
			e.items["areas"] = append(e.items["areas"], e.next.records.areaItem(a))
		}
	}
}

// number makes the next revision.
func (e *Edit) number() {
	all := e.next.Sum()
	for kind, records := range e.changed {
		for id, after := range records {
			all = all.With(e.standing(kind, id), &Change{Kind: kind, ID: id, To: after, Ready: e.ready[id]})
		}
	}
	e.next.sum, e.next.revision = all.records, all.Revision()
}

// standing returns what stood of a record that is changed.
func (e *Edit) standing(kind data.Kind, id string) data.Record {
	if kind == data.Incidents {
		return data.Record{Kind: kind, Value: orNil(e.before[id])}
	}
	return e.old.Record(kind, id)
}

// spot is where a version of a feature stands.
type spot struct {
	v   *view
	row uint32
}
