package snapshot

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"

	"demarc/data"
	"demarc/data/packed"
	"demarc/geo"
)

// AsOf returns what was known on the last day of d, by the dates of the statements
// (data.Records.AsOf), and s itself where nothing is dated later. Every answer is that
// of New with those records.
//
// It costs a look at each incident, on all processors. The result shares with s what
// is the same: it takes a bit for each incident and claim, and beside them only those
// that looked otherwise then.
func (s *Snapshot) AsOf(d data.Date) (*Snapshot, error) {
	if d.IsZero() {
		return s, nil
	}
	k := data.NewKnowledge(d, s.records.sources.get, s.incident)
	e := newEdit(s)
	seen, err := s.recall(k)
	if err != nil {
		return nil, fmt.Errorf("as of %v: %w", d, err)
	}
	e.more = seen.counts()
	later := seen.later
	s.records.sources.each(func(x *data.Source) bool {
		later = later || k.Later(data.Record{Kind: data.Sources, Value: x})
		return !later
	})
	s.records.segments.each(func(x *data.Segment) bool {
		later = later || k.Later(data.Record{Kind: data.Segments, Value: x})
		return !later
	})
	if !later {
		return s, nil
	}
	e.forgetSegments(k)
	e.forgetSources(k, seen.cited)
	next := *s
	next.records = s.records.with(e.changed)
	next.sum = s.sum.minus(seen.gone).plus(seen.come)
	e.next = &next
	for i := range e.more { // not to be counted on from the states that follow s
		e.recount(i)
	}
	e.editShapes()
	next.all = slices.Clone(s.all)
	for i, h := range s.all {
		switch h.id {
		case "incidents":
			next.all[i] = next.records.hold(h.collection().laidOver(seen.incidents, seen.items))
		case "claims":
			next.all[i] = next.records.hold(h.collection().laidOver(seen.claims, seen.claimItems))
		default:
			next.all[i] = e.hold(h)
		}
	}
	e.number()
	return &next, nil
}

// recalled is how incidents differ on a day from now.
type recalled struct {
	incidents, claims []spot // rows that do not stand then
	items, claimItems []item // that stand instead
	places, sources   map[string]int64
	parties           map[string]partyUses
	cited             map[string]bool
	gone, come        sum
	later             bool // whether anything in them is dated later
}

func newRecalled() *recalled {
	return &recalled{places: map[string]int64{}, sources: map[string]int64{}, parties: map[string]partyUses{}, cited: map[string]bool{}}
}

// recall looks at every incident.
func (s *Snapshot) recall(k *data.Knowledge) (*recalled, error) {
	type run struct {
		v    *view
		from uint32
	}
	var runs []run
	for _, v := range s.own("incidents").views {
		for from := uint32(0); from < v.n; from += chunkUnits {
			runs = append(runs, run{v, from})
		}
	}
	parts, errs := make([]*recalled, len(runs)), make([]error, len(runs))
	everyone().do(len(runs), func(i int) {
		r := newRecalled()
		reader := packed.NewReader(s.records.dict)
		v := runs[i].v
		for row := runs[i].from; row < min(runs[i].from+chunkUnits, v.n) && errs[i] == nil; row++ {
			if !v.dead.has(row) {
				errs[i] = s.recallOne(r, k, spot{v, row}, reader.Next(v.records.at(row)))
			}
		}
		parts[i] = r
	})
	all := newRecalled()
	for i, r := range parts {
		if errs[i] != nil {
			return nil, errs[i]
		}
		all.join(r)
	}
	return all, nil
}

// counts returns what is counted more then than now, by the kinds of countedKinds.
func (r *recalled) counts() (more [len(countedKinds)][]count) {
	for id, n := range r.places {
		more[countedPlaces] = append(more[countedPlaces], count{id, counts{n}})
	}
	for id, n := range r.sources {
		more[countedSources] = append(more[countedSources], count{id, counts{n}})
	}
	for id, n := range r.parties {
		more[countedParties] = append(more[countedParties], count{id, counts{n.incidents, n.made, n.about}})
	}
	return more
}

func (r *recalled) join(o *recalled) {
	r.incidents, r.claims = append(r.incidents, o.incidents...), append(r.claims, o.claims...)
	r.items, r.claimItems = append(r.items, o.items...), append(r.claimItems, o.claimItems...)
	for id, n := range o.places {
		r.places[id] += n
	}
	for id, n := range o.sources {
		r.sources[id] += n
	}
	for id, uses := range o.parties {
		r.parties[id] = r.parties[id].plus(uses)
	}
	maps.Copy(r.cited, o.cited)
	r.gone, r.come, r.later = r.gone.plus(o.gone), r.come.plus(o.come), r.later || o.later
}

// recallOne looks at the incident at a row.
func (s *Snapshot) recallOne(r *recalled, k *data.Knowledge, at spot, in *data.Incident) error {
	known := k.Incident(in)
	r.later = r.later || k.Later(data.Record{Kind: data.Incidents, Value: in})
	if known != nil {
		known.Cited(func(id string) { r.cited[id] = true })
	}
	before := appendIncidentDigest(nil, in)
	var after []byte
	if known != nil {
		if after = appendIncidentDigest(nil, known); bytes.Equal(before, after) {
			return nil
		}
	}
	r.gone = r.gone.plus(sumOf(before))
	r.incidents = append(r.incidents, at)
	r.places[in.PlaceID]--
	eachCitation(in, func(source string) { r.sources[source]-- })
	countParties(in, -1, r.parties)
	for i := range in.Claims {
		if v, row, ok := s.own("claims").find(in.Claims[i].ID); ok {
			r.claims = append(r.claims, spot{v, row})
		}
	}
	if known == nil {
		return nil
	}
	r.come = r.come.plus(sumOf(after))
	r.places[in.PlaceID]++
	eachCitation(known, func(source string) { r.sources[source]++ })
	countParties(known, 1, r.parties)
	it := s.records.incidentItem(known, nil)
	it.record = s.records.dict.Pack(known)
	claims, err := s.records.claimItems(known, nil)
	r.items, r.claimItems = append(r.items, it), append(r.claimItems, claims...)
	return err
}

// forgetSegments notes the segments that looked otherwise, or did not count yet.
func (e *Edit) forgetSegments(k *data.Knowledge) {
	records := &e.old.records
	var all []data.Segment
	records.segments.each(func(x *data.Segment) bool { all = append(all, *x); return true })
	known := map[string]data.Record{}
	for _, x := range k.Segments(all) {
		known[x.ID] = data.Record{Kind: data.Segments, Value: &x, Shape: records.shape(x.ID)}
	}
	for i := range all {
		now := data.Record{Kind: data.Segments, Value: &all[i], Shape: records.shape(all[i].ID)}
		then, there := known[all[i].ID]
		if there {
			a, _ := sumOfRecord(now, nil)
			if b, _ := sumOfRecord(then, nil); a == b {
				continue
			}
		}
		e.change(data.Segments, all[i].ID, then)
	}
}

// forgetSources notes the sources that are not dated by the day, and on which nothing
// known rests: no incident of those that cited has, nor anything else.
func (e *Edit) forgetSources(k *data.Knowledge, cited map[string]bool) {
	records := &e.old.records
	rest := &data.Records{}
	records.places.each(func(x *data.Place) bool { rest.Places = append(rest.Places, *x); return true })
	records.areas.each(func(x *data.Area) bool { rest.Areas = append(rest.Areas, *x); return true })
	records.segments.each(func(x *data.Segment) bool { rest.Segments = append(rest.Segments, *x); return true })
	rest.Segments = k.Segments(rest.Segments)
	rest.Cited(func(id string) { cited[id] = true })
	records.sources.each(func(x *data.Source) bool {
		if !cited[x.ID] && !k.Dated(x) {
			e.change(data.Sources, x.ID, data.Record{Kind: data.Sources})
		}
		return true
	})
}

// laidOver returns the collection without those rows, and with the items: a row of
// states of its own, in the memory of this one.
func (c *Collection) laidOver(gone []spot, items []item) *Collection {
	if len(gone)+len(items) == 0 {
		return c
	}
	next := *c
	next.past.begin()
	next.views = nil
	rows := map[*view][]uint32{}
	for _, at := range gone {
		rows[at.v] = append(rows[at.v], at.row)
	}
	for _, v := range c.views {
		if len(rows[v]) > 0 {
			v = v.without(rows[v])
		}
		if v.live > 0 {
			next.views = append(next.views, v)
		}
	}
	if len(items) > 0 {
		v := &view{part: partOf(everyone(), &next.Schema, items)}
		v.count()
		next.views = append(next.views, v)
	}
	next.extent, next.first, next.last, next.count = geo.EmptyBBox(), math.MaxInt64, math.MinInt64, 0
	for _, v := range next.views {
		next.spread(v)
		next.count += v.live
	}
	return &next
}
