package snapshot

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"demarc/data"
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
	e.editPlaces()
	e.editSources()
	e.editParties()
	e.editShapes()
	return e, nil
}

// Snapshot returns the snapshot with the changes. It is called once.
func (e *Edit) Snapshot() *Snapshot {
	edited := slices.Clone(e.old.collections)
	pair().do(len(edited), func(i int) {
		if c := edited[i]; len(e.gone[c.ID])+len(e.items[c.ID]) > 0 {
			edited[i] = c.edit(e.gone[c.ID], e.items[c.ID])
		}
	})
	e.next.collections, e.next.byID = nil, make(map[string]*Collection, len(e.old.byID))
	for _, c := range edited {
		e.next.add(c)
	}
	e.number()
	return e.next
}

// Stood tells whether there is an incident of that id before the changes. It must be
// among them.
func (e *Edit) Stood(incident string) bool { return e.before[incident] != nil }

// Features yields the features that may be others than before, by collection and id.
func (e *Edit) Features(yield func(collection, id string) bool) {
	for _, c := range e.old.collections {
		ids := slices.Clone(e.gone[c.ID])
		for i := range e.items[c.ID] {
			ids = append(ids, e.items[c.ID][i].feature.ID)
		}
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			if !yield(c.ID, id) {
				return
			}
		}
	}
}

// Boxes returns the boxes of the features that are new or others, by collection and
// id.
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
	old, next         *Snapshot
	changed           map[data.Kind]map[string]data.Record
	ready             map[string]*Ready
	before            map[string]*data.Incident // of those that are touched, what stood
	touched           map[string]bool           // incidents that may look otherwise, by id
	ofPlace, ofSource map[string]int64          // how many incidents and claims more they have
	ofParty           map[string]partyUses
	gone              map[string][]string
	items             map[string][]item
}

func newEdit(s *Snapshot) *Edit {
	return &Edit{old: s, changed: map[data.Kind]map[string]data.Record{}, ready: map[string]*Ready{}, before: map[string]*data.Incident{}, touched: map[string]bool{},
		ofPlace: map[string]int64{}, ofSource: map[string]int64{}, ofParty: map[string]partyUses{}, gone: map[string][]string{}, items: map[string][]item{}}
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
	for i, id := range ids {
		if errs[i] != nil {
			return errs[i]
		}
		if before := befores[i]; before != nil {
			e.before[id] = before
			e.ofPlace[before.PlaceID]--
			eachCitation(before, func(source string) { e.ofSource[source]-- })
			countParties(before, -1, e.ofParty)
			e.gone["incidents"] = append(e.gone["incidents"], id)
			for j := range before.Claims {
				e.gone["claims"] = append(e.gone["claims"], before.Claims[j].ID)
			}
		}
		if after := afters[i]; after != nil {
			e.ofPlace[after.PlaceID]++
			eachCitation(after, func(source string) { e.ofSource[source]++ })
			countParties(after, 1, e.ofParty)
			e.items["incidents"] = append(e.items["incidents"], items[i])
			e.items["claims"] = append(e.items["claims"], claims[i]...)
		}
	}
	return nil
}

func (e *Edit) editPlaces() {
	for _, id := range e.recounted(data.Places, e.ofPlace) {
		e.gone["places"] = append(e.gone["places"], id)
		if p := e.next.records.places.get(id); p != nil {
			e.items["places"] = append(e.items["places"], placeItem(p, e.counted("places", "incidents", id)+e.ofPlace[id]))
		}
	}
}

func (e *Edit) editSources() {
	for _, id := range e.recounted(data.Sources, e.ofSource) {
		e.gone["sources"] = append(e.gone["sources"], id)
		if s := e.next.records.sources.get(id); s != nil {
			e.items["sources"] = append(e.items["sources"], sourceItem(s, e.counted("sources", "claims", id)+e.ofSource[id]))
		}
	}
}

// recounted returns the records of a kind that have changed, or of which the count
// has, in the order of their ids.
func (e *Edit) recounted(kind data.Kind, more map[string]int64) []string {
	ids := slices.Collect(maps.Keys(e.changed[kind]))
	for id, n := range more {
		if n != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// counted returns a count that a feature had before.
func (e *Edit) counted(collection, field, id string) int64 {
	c := e.old.byID[collection]
	v, row, ok := c.find(id)
	if !ok {
		return 0
	}
	n, _ := v.columns[c.Schema.Index(field)].value(row).Int()
	return n
}

func (e *Edit) editShapes() {
	for _, id := range e.recounted(data.Segments, nil) {
		e.gone["segments"] = append(e.gone["segments"], id)
		if s := e.next.records.segments.get(id); s != nil {
			e.items["segments"] = append(e.items["segments"], e.next.records.segmentItems(s)...)
		}
	}
	for _, id := range e.recounted(data.Areas, nil) {
		e.gone["areas"] = append(e.gone["areas"], id)
		if a := e.next.records.areas.get(id); a != nil {
			e.items["areas"] = append(e.items["areas"], e.next.records.areaItem(a))
		}
	}
}

// number makes the next revision.
func (e *Edit) number() {
	total, one, buffer := e.next.sum, sum{}, []byte(nil)
	for kind, records := range e.changed {
		for id, after := range records {
			if before := e.standing(kind, id); before.Value != nil {
				one, buffer = sumOfRecord(before, buffer)
				total = total.minus(one)
			}
			if r := e.ready[id]; kind == data.Incidents && r != nil && r.in == after.Value {
				total = total.plus(r.sum)
			} else if after.Value != nil {
				after.Kind = kind
				one, buffer = sumOfRecord(after, buffer)
				total = total.plus(one)
			}
		}
	}
	e.next.sum = total
	e.next.revision = total.plus(e.next.layersSum).text()
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
