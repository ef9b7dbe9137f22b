package snapshot

import (
	"cmp"
	"context"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo"
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
	start, end   string // see TimeFields
	idName       string // empty for "id"
	hasGeometry  bool
	views        []*view // a feature is in one of them
	count        int     // how many features there are
	extent       geo.BBox
	first, last  int64   // the ends of the extent in time, as those of times
	longest      float64 // at least the widest edge of a geometry, in degrees of longitude
	past         past
}

// Rights says under which licence which part of a collection is had.
type Rights struct {
	Covers      string // "incidents, claims, names and statuses"
	Licence     string // SPDX identifier; for layers what their file says
	URL         string // empty where a layer's file names none
	Attribution string // the text to show beside it
}

// hold makes the part all that the collection has.
func (c *Collection) hold(p *part) *Collection {
	c.past.begin()
	v := &view{part: p}
	v.count()
	c.views, c.count = []*view{v}, v.live
	c.extent, c.first, c.last, c.longest = p.sites.box, p.times.first, p.times.last, p.sites.longest
	return c
}

// Len returns how many features the collection has.
func (c *Collection) Len() int { return c.count }

// HasGeometry tells whether the collection's features can have a place.
func (c *Collection) HasGeometry() bool { return c.hasGeometry }

// GeometryName returns what filters call the geometry: for a layer what its
// file does, as the column of a GeoPackage; for ours "geometry".
func (c *Collection) GeometryName() string { return cmp.Or(c.geometryName, "geometry") }

// IDName returns what the column of the features' ids is called in tables: "id",
// unless a layer has a field of that name with other values.
func (c *Collection) IDName() string { return cmp.Or(c.idName, "id") }

// TimeFields returns the fields of the schema that tell when a feature is, which
// is what datetime asks for: the same one twice for a day or an instant, both
// empty where features have no time. The end alone is empty where it takes more
// than a field to tell it, as for the date of a source, which has a precision.
func (c *Collection) TimeFields() (start, end string) { return c.start, c.end }

// Extent returns the box of all geometries, empty when there is none, and the
// time from the first to the last known instant, zero when there is none. Open
// ends add nothing, since the extent tells where there is something to find.
func (c *Collection) Extent() (geo.BBox, geo.Interval) {
	var iv geo.Interval
	if c.first <= c.last {
		iv = geo.Interval{From: time.Unix(c.first, 0).UTC(), To: time.Unix(c.last, 0).UTC()}
	}
	return c.extent, iv
}

// find returns where the newest version of the feature of that id is.
func (c *Collection) find(id string) (v *view, row uint32, ok bool) {
	hash := hashOf(id)
	for i := len(c.views) - 1; i >= 0; i-- {
		if row, ok := c.views[i].findHashed(id, hash); ok && !c.views[i].dead.has(row) {
			return c.views[i], row, true
		}
	}
	return nil, 0, false
}

// Feature returns the feature of that id, in its newest version, or
// data.ErrNotFound.
func (c *Collection) Feature(id string) (Hit, error) {
	v, row, ok := c.find(id)
	if !ok {
		return Hit{}, data.ErrNotFound
	}
	return v.hit(row), nil
}

// flat returns the feature without its JSON.
func (c *Collection) flat(id string) (geo.Feature, error) {
	v, row, ok := c.find(id)
	if !ok {
		return geo.Feature{}, data.ErrNotFound
	}
	var h Hit
	h.fill(v.part, row, &Query{NoJSON: true}, nil)
	return geo.Feature{ID: h.ID, Geometry: h.Geometry, Values: h.Values}, nil
}

// Written is Feature with the feature's JSON alone.
func (c *Collection) Written(id string) (Hit, error) {
	v, row, ok := c.find(id)
	if !ok {
		return Hit{}, data.ErrNotFound
	}
	var h Hit
	h.fill(v.part, row, &Query{NoValues: true, NoPlace: true}, nil)
	return h, nil
}

// Neighbours returns the ids of the features before and after that of id in
// the collection's order; empty at either end.
func (c *Collection) Neighbours(id string) (before, after string) {
	v, row, ok := c.find(id)
	if !ok {
		return "", ""
	}
	beside := func(back bool) string {
		q := &Query{Limit: 1, At: &Cursor{Back: back, Key: v.keys.at(row)}, NoJSON: true, NoValues: true}
		page, err := c.Items(context.Background(), q)
		if err != nil || len(page.Hits) == 0 { // it fails with its context alone
			return ""
		}
		return page.Hits[0].ID
	}
	return beside(true), beside(false)
}

// Hit is one feature of an answer.
type Hit struct {
	ID string
	// JSON is the feature as GeoJSON, nil with Query.NoJSON; shared, so do not
	// change it. Its properties end at JSON[PropertiesEnd:], which begins with "}}".
	JSON          []byte
	PropertiesEnd int
	Geometry      orb.Geometry
	Values        []geo.Value // by the schema's fields, nil with Query.NoValues
	// Metres is the distance asked for with Near.
	Metres float64
}

// hit returns a row as a hit.
func (p *part) hit(row uint32) Hit {
	var h Hit
	h.fill(p, row, &Query{}, nil)
	return h
}
