package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"

	"demarc/data"
)

// Snapshot is the dataset at one revision.
type Snapshot struct {
	revision    string
	collections []*Collection
	byID        map[string]*Collection
	look        *data.Lookup
	claimsOf    map[string][]string // ids of claims, by source
	childrenOf  map[string][]string // ids of incidents, by parent
	incidentsAt map[string][]string // ids of incidents, by place
}

// New builds the snapshot of the records, which must not change afterwards and
// must have passed Validate, with a collection for each layer behind ours. A
// layer whose name cannot be had is a *geo.InputError. Its cost grows with the
// records and layers.
func New(r *data.Records, layers ...data.Layer) (*Snapshot, error) {
	r = r.Sorted()
	s := &Snapshot{byID: map[string]*Collection{}, look: r.Lookup()}
	s.link(r)
	b := &builder{records: r, look: s.look}
	sum := sha256.New()
	add := func(c *Collection) {
		s.collections = append(s.collections, c)
		s.byID[c.ID] = c
		c.addTo(sum)
	}
	for _, build := range []func(*builder) (*Collection, error){
		incidents, claims, segments, areas, places, sources,
	} {
		c, err := build(b)
		if err != nil {
			return nil, fmt.Errorf("build snapshot: %w", err)
		}
		add(c)
	}
	if err := s.addLayers(layers, add); err != nil {
		return nil, fmt.Errorf("build snapshot: %w", err)
	}
	if err := addRecords(sum, r); err != nil {
		return nil, fmt.Errorf("build snapshot: %w", err)
	}
	s.revision = hex.EncodeToString(sum.Sum(nil)[:8])
	return s, nil
}

// link notes which records rest on which.
func (s *Snapshot) link(r *data.Records) {
	s.claimsOf, s.childrenOf, s.incidentsAt = map[string][]string{}, map[string][]string{}, map[string][]string{}
	for i := range r.Incidents {
		in := &r.Incidents[i]
		s.incidentsAt[in.PlaceID] = append(s.incidentsAt[in.PlaceID], in.ID)
		if in.ParentID != "" {
			s.childrenOf[in.ParentID] = append(s.childrenOf[in.ParentID], in.ID)
		}
		for j := range in.Claims {
			for _, cited := range in.Claims[j].Sources {
				s.claimsOf[cited.SourceID] = append(s.claimsOf[cited.SourceID], in.Claims[j].ID)
			}
		}
	}
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
	records *data.Records
	look    *data.Lookup
}

// addRecords adds what only a single feature shows: accounts, notes, names.
func addRecords(sum hash.Hash, r *data.Records) error {
	enc := json.NewEncoder(sum)
	for _, list := range []any{r.Incidents, r.Sources, r.Parties, r.Places, r.Segments, r.Areas} {
		if err := enc.Encode(list); err != nil {
			return err
		}
	}
	return nil
}

// addTo adds the collection's content to the sum from which the revision is made.
func (c *Collection) addTo(sum hash.Hash) {
	if c.Layer { // which has no record that says this
		fmt.Fprintf(sum, "%q%q%q%q%q%v", c.ID, c.Title, c.Description, c.geometryName, c.Rights, c.Schema.Fields)
	}
	for i := range c.slots {
		sum.Write(c.slots[i].encoded)
	}
}
