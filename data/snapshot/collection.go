package snapshot

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/format/geojson"
	"demarc/geo/index"
)

// Collection is one collection of features at one revision.
type Collection struct {
	ID, Title, Description string
	Schema                 geo.Schema
	// Rights are the licences of what the collection holds, each said of its part.
	Rights []Rights
	// Layer says that an operator brought it: it is no part of our records.
	Layer bool

	geometryName string // empty for "geometry"
	hasGeometry  bool
	extent       geo.BBox
	times        geo.Interval // zero where the collection has no extent in time
	slots        []slot       // in the order of their keys
	current      []uint32     // the slots that answer when no time is asked for
	unlocated    []uint32     // the slots without geometry
	newest       map[string]uint32
	index        *index.Index
	longestEdge  float64 // in degrees of longitude, of all geometries
}

// Rights says under which licence which part of a collection is had.
type Rights struct {
	Covers      string // "incidents, claims, names and statuses"
	Licence     string // SPDX identifier; for layers what their file says
	URL         string // empty where a layer's file names none
	Attribution string // the text to show beside it
}

// slot is one version of a feature. Most features have one; a segment has one
// for each status in its history.
type slot struct {
	feature geo.Feature
	key     string       // orders the collection
	when    geo.Interval // zero where the feature has no time of its own
	next    int32        // the slot of the feature's next version, or -1
	encoded []byte       // GeoJSON
	open    int          // where in encoded the properties end
}

// item is a feature on its way into a collection.
type item struct {
	feature geo.Feature
	key     string
	when    geo.Interval
}

// build sorts, links, encodes and indexes the items.
func (c *Collection) build(items []item) *Collection {
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.key, b.key), a.when.From.Compare(b.when.From))
	})
	c.newest = make(map[string]uint32, len(items))
	c.slots = make([]slot, len(items))
	c.extent = geo.EmptyBBox()
	edit := index.New().Edit()
	for i, it := range items {
		encoded, open := geojson.AppendFeature(nil, &c.Schema, &it.feature)
		c.slots[i] = slot{it.feature, it.key, it.when, -1, encoded, open}
		if before, ok := c.newest[it.feature.ID]; ok {
			c.slots[before].next = int32(i)
		}
		c.newest[it.feature.ID] = uint32(i)
		box := geo.BBoxOf(it.feature.Geometry)
		c.extent = c.extent.Extend(box)
		c.longestEdge = max(c.longestEdge, longestEdge(it.feature.Geometry))
		if box.IsEmpty() {
			c.unlocated = append(c.unlocated, uint32(i))
		}
		edit.Insert(uint32(i), box)
	}
	c.index = edit.Index()
	for i := range c.slots {
		if c.slots[i].next < 0 {
			c.current = append(c.current, uint32(i))
		}
	}
	return c
}

// spanTimes sets the collection's extent in time from its features: from the
// first end known to the last. Open ends add nothing, since the extent tells
// where there is something to find.
func (c *Collection) spanTimes() {
	for i := range c.slots {
		for _, t := range []time.Time{c.slots[i].when.From, c.slots[i].when.To} {
			if t.IsZero() {
				continue
			}
			if c.times.From.IsZero() || t.Before(c.times.From) {
				c.times.From = t
			}
			if t.After(c.times.To) {
				c.times.To = t
			}
		}
	}
}

// Len returns how many features the collection has.
func (c *Collection) Len() int { return len(c.current) }

// HasGeometry tells whether the collection's features can have a place.
func (c *Collection) HasGeometry() bool { return c.hasGeometry }

// GeometryName returns what filters call the geometry: for a layer what its
// file does, as the column of a GeoPackage; for ours "geometry".
func (c *Collection) GeometryName() string { return cmp.Or(c.geometryName, "geometry") }

// Extent returns the box of all geometries, empty when there is none, and the
// time from the first to the last known instant, zero when there is none.
func (c *Collection) Extent() (geo.BBox, geo.Interval) { return c.extent, c.times }

// Feature returns the feature of that id, in its newest version, or
// data.ErrNotFound.
func (c *Collection) Feature(id string) (Hit, error) {
	i, ok := c.newest[id]
	if !ok {
		return Hit{}, data.ErrNotFound
	}
	return c.hit(i), nil
}

// Neighbours returns the ids of the features before and after that of id in
// the collection's order; empty at either end.
func (c *Collection) Neighbours(id string) (before, after string) {
	i, ok := c.newest[id]
	if !ok {
		return "", ""
	}
	at, _ := slices.BinarySearch(c.current, i)
	if at > 0 {
		before = c.slots[c.current[at-1]].feature.ID
	}
	if at+1 < len(c.current) {
		after = c.slots[c.current[at+1]].feature.ID
	}
	return before, after
}

// Hit is one feature of an answer.
type Hit struct {
	ID string
	// JSON is the feature as GeoJSON; shared, so do not change it. Its
	// properties end at JSON[PropertiesEnd:], which begins with "}}".
	JSON          []byte
	PropertiesEnd int
	Geometry      orb.Geometry
	Values        []geo.Value // by the schema's fields
	// Metres is the distance asked for with Near.
	Metres float64
}

func (c *Collection) hit(i uint32) Hit {
	s := &c.slots[i]
	return Hit{ID: s.feature.ID, JSON: s.encoded, PropertiesEnd: s.open, Geometry: s.feature.Geometry, Values: s.feature.Values}
}
