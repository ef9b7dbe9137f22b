package snapshot

import (
	"fmt"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/packed"
	"demarc/geo"
)

// Snapshot is the dataset at one revision.
type Snapshot struct {
	revision  string
	sum       sum // of the records, from which the revision is made
	layersSum sum
	all       []*held        // the collections, in the order in which they are shown
	places    map[string]int // of each collection where it stands in all
	records   records
}

// records are what a snapshot is made of, by id; but for incidents, which the part
// of their collection has, packed.
type records struct {
	basis    *basis // of all but the incidents
	dict     *packed.Dictionary
	sources  shelf[data.Source]
	parties  shelf[data.Party]
	places   shelf[data.Place]
	segments shelf[data.Segment]
	areas    shelf[data.Area]
	geometry data.Shapes
	borders  []*border // as bordersOf returns them
}

// New builds the snapshot of the records, which must not change afterwards and
// must have passed Validate, with a collection for each layer behind ours. A
// layer whose name cannot be had is a *geo.InputError. Its cost grows with the
// records and layers, and is shared by all processors.
func New(r *data.Records, layers ...data.Layer) (*Snapshot, error) {
	rest := *r
	rest.Incidents = nil
	return Build(&rest, gathered(r.Incidents), layers...)
}

// Build is New for records whose incidents were gathered. They must not be used
// afterwards.
func Build(rest *data.Records, gathered *Incidents, layers ...data.Layer) (*Snapshot, error) {
	gathered.sort()
	s, err := build(rest, gathered, nil, layers)
	if err != nil {
		return nil, fmt.Errorf("build snapshot: %w", err)
	}
	return s, nil
}

// build builds the snapshot of what was gathered, or of what the image holds of it.
func build(rest *data.Records, gathered *Incidents, from *imageOf, layers []data.Layer) (*Snapshot, error) {
	rest = rest.Sorted()
	s := &Snapshot{places: map[string]int{}, records: newRecords(rest, gathered.dict)}
	b := &builder{list: rest, gathered: gathered, records: &s.records, from: from}
	builds := []func(*builder) (*Collection, error){incidents, claims, segments, areas, places, sources, parties}
	made, errs := make([]*Collection, len(builds)), make([]error, len(builds))
	one := func(i int) { made[i], errs[i] = builds[i](b) }
	if from != nil {
		everyone().do(len(builds), one)
	} else {
		for i := range builds { // in turn, since what is on its way to them is as large as they are
			one(i)
		}
	}
	for i, c := range made {
		if errs[i] != nil {
			return nil, errs[i]
		}
		s.add(s.records.hold(c))
	}
	if err := s.addLayers(layers); err != nil {
		return nil, err
	}
	s.sum = sumOfAll(rest).plus(gathered.sum)
	s.revision = s.Sum().Revision()
	return s, nil
}

// WithLayers returns the snapshot with these layers in place of its own. Nothing else
// is made anew.
func (s *Snapshot) WithLayers(layers ...data.Layer) (*Snapshot, error) {
	next := s.withoutLayers()
	if err := next.addLayers(layers); err != nil {
		return nil, fmt.Errorf("build snapshot: %w", err)
	}
	next.revision = next.Sum().Revision()
	return next, nil
}

// WithLayersOf returns the snapshot with the layers of another in place of its own.
func (s *Snapshot) WithLayersOf(other *Snapshot) *Snapshot {
	next := s.withoutLayers()
	for _, h := range other.all {
		if h.layer {
			next.add(h)
		}
	}
	next.layersSum = other.layersSum
	next.revision = next.Sum().Revision()
	return next
}

// withoutLayers returns a copy of the snapshot, without its layers and without its
// revision.
func (s *Snapshot) withoutLayers() *Snapshot {
	next := &Snapshot{sum: s.sum, places: map[string]int{}, records: s.records}
	for _, h := range s.all {
		if !h.layer {
			next.add(h)
		}
	}
	return next
}

func newRecords(r *data.Records, dict *packed.Dictionary) records {
	return records{
		basis:    &basis{},
		dict:     dict,
		sources:  newShelf(r.Sources, func(x *data.Source) string { return x.ID }),
		parties:  newShelf(r.Parties, func(x *data.Party) string { return x.ID }),
		places:   newShelf(r.Places, func(x *data.Place) string { return x.ID }),
		segments: newShelf(r.Segments, func(x *data.Segment) string { return x.ID }),
		areas:    newShelf(r.Areas, func(x *data.Area) string { return x.ID }),
		geometry: r.Geometry,
		borders:  bordersOf(slices.Values(pointers(r.Segments)), r.Geometry),
	}
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// add adds a collection.
func (s *Snapshot) add(h *held) {
	s.places[h.id] = len(s.all)
	s.all = append(s.all, h)
}

// Revision returns a short text that is the same for the same content, in
// whichever order it was given, and another one for other content.
func (s *Snapshot) Revision() string { return s.revision }

// Collections returns the collections in the order in which they are shown.
func (s *Snapshot) Collections() []*Collection {
	all := make([]*Collection, len(s.all))
	for i, h := range s.all {
		all[i] = h.collection()
	}
	return all
}

// own returns the collection of that id, or nil.
func (s *Snapshot) own(id string) *Collection {
	if at, ok := s.places[id]; ok {
		return s.all[at].collection()
	}
	return nil
}

// Feature returns a feature of a collection, in its newest version, or data.ErrNotFound.
// Collection says the same, and costs more where it has to bring the collection up to
// date.
func (s *Snapshot) Feature(collection, id string) (Hit, error) {
	at, ok := s.places[collection]
	if !ok {
		return Hit{}, fmt.Errorf("collection %q: %w", collection, data.ErrNotFound)
	}
	return s.all[at].feature(id)
}

// Flat is Feature without its JSON, which takes longer to write than all else.
func (s *Snapshot) Flat(collection, id string) (geo.Feature, error) {
	at, ok := s.places[collection]
	if !ok {
		return geo.Feature{}, fmt.Errorf("collection %q: %w", collection, data.ErrNotFound)
	}
	return s.all[at].flat(id)
}

// Collection returns the named collection, or data.ErrNotFound.
func (s *Snapshot) Collection(id string) (*Collection, error) {
	if c := s.own(id); c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("collection %q: %w", id, data.ErrNotFound)
}

// builder is what the collections are built from.
type builder struct {
	list     *data.Records // in their order, without the incidents
	gathered *Incidents    // in theirs
	records  *records
	from     *imageOf // has the incidents and claims instead; nil for none
}

// fill makes the collection of what produce adds for each incident, as newPart does,
// or of what the image holds of it.
func (b *builder) fill(c *Collection, produce func(in *data.Incident, src string, scratch []geo.Value, add func(item)) error) (*Collection, error) {
	if b.from != nil {
		return c.restore(b.from)
	}
	p, err := b.newPart(&c.Schema, produce)
	if err != nil {
		return nil, err
	}
	return c.hold(p), nil
}

// newPart makes a part of what produce adds for each incident. The incident is good
// until the next one.
func (b *builder) newPart(schema *geo.Schema, produce func(in *data.Incident, src string, scratch []geo.Value, add func(item)) error) (*part, error) {
	readers := sync.Pool{New: func() any { return packed.NewReader(b.gathered.dict) }}
	return newPart(everyone(), schema, len(b.gathered.all), func(i int, scratch []geo.Value, add func(item)) error {
		r := readers.Get().(*packed.Reader)
		defer readers.Put(r)
		src := b.gathered.all[i].src
		return produce(r.Next(src), src, scratch, add)
	})
}

// shape returns the geometry of a segment or an area.
func (r *records) shape(id string) orb.Geometry { return r.geometry[id] }
