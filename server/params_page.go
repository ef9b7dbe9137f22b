package server

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"demarc/data/snapshot"
	"demarc/geo"
)

// sortby reads the keys of the order: names of sortables, each with + (or
// nothing) for ascending and - for descending (draft OGC API – Features Part 8).
func (p *params) sortby(sc *geo.Schema) []snapshot.SortKey {
	text, ok := p.get("sortby")
	if !ok {
		return nil
	}
	var keys []snapshot.SortKey
	for _, part := range strings.Split(text, ",") {
		name := strings.TrimLeft(part, "+- ") // + is a blank in a query that was not encoded
		i := sc.Index(name)
		switch {
		case p.enough():
			return nil
		case len(part)-len(name) > 1 || i < 0 || !sc.Fields[i].Sortable:
			p.faults.Add("sortby", part, "is not a property to sort by", "names with + or - before them, joined by commas, of "+strings.Join(sortables(sc), ", "))
		case slices.ContainsFunc(keys, func(k snapshot.SortKey) bool { return k.Field == i }):
			p.faults.Add("sortby", part, "stands there twice", "name it once")
		default:
			keys = append(keys, snapshot.SortKey{Field: i, Descending: part[0] == '-'})
		}
	}
	return keys
}

// sortables returns the names of the properties to sort by.
func sortables(sc *geo.Schema) []string {
	var out []string
	for i := range sc.Fields {
		if sc.Fields[i].Sortable {
			out = append(out, sc.Fields[i].Name)
		}
	}
	return out
}

// offset reads how many features to leave out, for clients that count: ArcGIS
// does. Our own links have cursors, which stay right when records come or go.
func (p *params) offset() int {
	text, ok := p.get("offset")
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil && !isTooLarge(err) {
		p.faults.Add("offset", text, "is not a number of features", "a whole number from 0")
		return 0
	}
	if _, both := p.get("cursor"); both {
		p.faults.Add("offset", text, "stands beside cursor", "one of the two: a cursor is a place already")
	}
	return int(min(n, math.MaxInt32))
}

// properties reads which properties are asked for, as places in the schema; nil
// for all. The geometry, which GeoJSON always has, may be named too.
func (p *params) properties(sc *geo.Schema) []int {
	text, ok := p.get("properties")
	if !ok {
		return nil
	}
	fields := []int{}
	for _, name := range strings.Split(text, ",") {
		i := sc.Index(name)
		switch {
		case p.enough():
			return nil
		case name == geometryName:
		case i < 0:
			p.faults.Add("properties", name, "is not a property of this collection", "names joined by commas; the properties are listed at schema")
		case !slices.Contains(fields, i):
			fields = append(fields, i)
		}
	}
	return fields
}

// The values of resultType, which GDAL looks for in the definition.
const (
	resultHits    = "hits"
	resultResults = "results"
)

// hitsOnly tells whether only the number of features is asked for.
func (p *params) hitsOnly() bool {
	text, ok := p.get("resultType")
	if ok && text != resultHits && text != resultResults {
		p.faults.Add("resultType", text, "is not a type of result", "hits for the number alone, or results")
	}
	return text == resultHits
}
