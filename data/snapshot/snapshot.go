package snapshot

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"demarc/data"
)

// Snapshot is the dataset at one revision.
type Snapshot struct {
	revision    string
	sum         sum // of the records, from which the revision is made
	layersSum   sum
	collections []*Collection
	byID        map[string]*Collection
	records     records
}

// records are what a snapshot is made of, by id.
type records struct {
	incidents shelf[data.Incident]
	sources   shelf[data.Source]
	parties   shelf[data.Party]
	places    shelf[data.Place]
	segments  shelf[data.Segment]
	areas     shelf[data.Area]
	geometry  data.Shapes
	borders   []*border // the segments in the order of their ids
}

// New builds the snapshot of the records, which must not change afterwards and
// must have passed Validate, with a collection for each layer behind ours. A
// layer whose name cannot be had is a *geo.InputError. Its cost grows with the
// records and layers, and is shared by all processors.
func New(r *data.Records, layers ...data.Layer) (*Snapshot, error) {
	r, sorted := ordered(r)
	s := &Snapshot{byID: map[string]*Collection{}, records: newRecords(r)}
	b := &builder{list: r, incidents: sorted, records: &s.records}
	for _, build := range []func(*builder) (*Collection, error){
		incidents, claims, segments, areas, places, sources,
	} {
		c, err := build(b)
		if err != nil {
			return nil, fmt.Errorf("build snapshot: %w", err)
		}
		s.add(c)
	}
	if err := s.addLayers(layers); err != nil {
		return nil, fmt.Errorf("build snapshot: %w", err)
	}
	s.sum = sumOfAll(r)
	s.revision = s.sum.plus(s.layersSum).text()
	return s, nil
}

// ordered returns the records in the order of Records.Sort, the incidents as
// pointers: a copy of millions of them would take as much memory as all columns.
func ordered(r *data.Records) (rest *data.Records, incidents []*data.Incident) {
	type dated struct {
		day int
		in  *data.Incident
	}
	all := make([]dated, len(r.Incidents))
	for i := range r.Incidents {
		all[i] = dated{dayNumber(r.Incidents[i].Start), &r.Incidents[i]}
	}
	compare := func(a, b dated) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.in.ID, b.in.ID)) }
	if !slices.IsSortedFunc(all, compare) {
		slices.SortFunc(all, compare)
	}
	for _, d := range all {
		incidents = append(incidents, d.in)
	}
	others := *r
	others.Incidents = nil
	rest = others.Sorted()
	rest.Incidents = r.Incidents
	return rest, incidents
}

// dayNumber grows with the first day of a date.
func dayNumber(d data.Date) int { return (max(d.Year, 1)*16+max(d.Month, 1))*32 + max(d.Day, 1) }

func newRecords(r *data.Records) records {
	return records{
		incidents: newShelf(r.Incidents, func(x *data.Incident) string { return x.ID }),
		sources:   newShelf(r.Sources, func(x *data.Source) string { return x.ID }),
		parties:   newShelf(r.Parties, func(x *data.Party) string { return x.ID }),
		places:    newShelf(r.Places, func(x *data.Place) string { return x.ID }),
		segments:  newShelf(r.Segments, func(x *data.Segment) string { return x.ID }),
		areas:     newShelf(r.Areas, func(x *data.Area) string { return x.ID }),
		geometry:  r.Geometry,
		borders:   bordersOf(slices.Values(pointers(r.Segments)), r.Geometry),
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
func (s *Snapshot) add(c *Collection) {
	s.collections = append(s.collections, c)
	s.byID[c.ID] = c
}

// Revision returns a short text that is the same for the same content, in
// whichever order it was given, and another one for other content.
func (s *Snapshot) Revision() string { return s.revision }

// Collections returns the collections in the order in which they are shown.
func (s *Snapshot) Collections() []*Collection { return s.collections }

// Collection returns the named collection, or data.ErrNotFound.
func (s *Snapshot) Collection(id string) (*Collection, error) {
	if c, ok := s.byID[id]; ok {
		return c, nil
	}
	return nil, fmt.Errorf("collection %q: %w", id, data.ErrNotFound)
}

// builder is what the collections are built from.
type builder struct {
	list      *data.Records // in their order, but for the incidents
	incidents []*data.Incident
	records   *records
}

// shape returns the geometry of a segment or an area.
func (r *records) shape(id string) orb.Geometry { return r.geometry[id] }
