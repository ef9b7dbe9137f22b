package geojson

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"demarc/geo/format/strictjson"
)

// maxDepth is how deep geometry collections may nest.
const maxDepth = 4

// DecodeGeometry reads a geometry object (RFC 7946 §3.1), and nil for null. The
// error is a *strictjson.Error.
func DecodeGeometry(b []byte) (orb.Geometry, error) {
	if err := strictjson.Check(b); err != nil {
		return nil, err
	}
	start := skipSpace(b, 0)
	g, err := geometryAt(b[start:], 0)
	return g, within(err, "", start)
}

// geometryAt reads a geometry out of JSON that has been checked. It returns nil
// beside an error.
func geometryAt(b []byte, depth int) (orb.Geometry, error) {
	if b[0] == 'n' {
		return nil, nil
	}
	if b[0] != '{' {
		return nil, &strictjson.Error{Found: string(b), Problem: "is neither a geometry object nor null"}
	}
	var typ, coordinates, geometries []byte
	var coordinatesAt, geometriesAt int
	err := strictjson.Members(b, func(name string, value []byte, at int) (err error) {
		switch name {
		case "type":
			typ = value
		case "coordinates":
			coordinates, coordinatesAt = value, at
		case "geometries":
			geometries, geometriesAt = value, at
		case "bbox":
			err = bbox(value)
		case "geometry", "properties", "features":
			err = &strictjson.Error{Problem: "does not belong into a geometry (RFC 7946 §7.1)"}
		}
		return within(err, "/"+name, at)
	})
	switch {
	case err != nil:
		return nil, err
	case string(typ) == `"GeometryCollection"`:
		g, err := members(geometries, depth)
		return g, within(err, "/geometries", geometriesAt)
	case coordinateReaders[string(typ)] == nil:
		return nil, &strictjson.Error{Pointer: "/type", Found: string(typ), Problem: "is no geometry type"}
	case coordinates == nil:
		return nil, &strictjson.Error{Pointer: "/coordinates", Problem: "is missing"}
	}
	g, err := coordinateReaders[string(typ)](&coords{b: coordinates})
	if err != nil {
		return nil, within(err, "/coordinates", coordinatesAt)
	}
	return g, nil
}

// members reads the geometries of a collection.
func members(b []byte, depth int) (orb.Geometry, error) {
	switch {
	case b == nil:
		return nil, &strictjson.Error{Problem: "is missing"}
	case b[0] != '[':
		return nil, &strictjson.Error{Found: string(b), Problem: "is not an array"}
	case depth == maxDepth:
		return nil, &strictjson.Error{Problem: fmt.Sprintf("nests more than %d deep", maxDepth)}
	}
	all := orb.Collection{}
	err := strictjson.Elements(b, func(i int, value []byte, at int) error {
		g, err := geometryAt(value, depth+1)
		if err == nil && g == nil {
			err = &strictjson.Error{Found: "null", Problem: "is no geometry"}
		}
		all = append(all, g)
		return within(err, "/"+strconv.Itoa(i), at)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// coordinateReaders read what belongs to each type of geometry.
var coordinateReaders = map[string]func(*coords) (orb.Geometry, error){
	`"Point"`: func(c *coords) (orb.Geometry, error) { return geometryOf(c.position()) },
	`"MultiPoint"`: func(c *coords) (orb.Geometry, error) {
		p, err := list(c, 0, c.position)
		return geometryOf(orb.MultiPoint(p), err)
	},
	`"LineString"`: func(c *coords) (orb.Geometry, error) { return geometryOf(c.line()) },
	`"MultiLineString"`: func(c *coords) (orb.Geometry, error) {
		l, err := list(c, 0, c.line)
		return geometryOf(orb.MultiLineString(l), err)
	},
	`"Polygon"`: func(c *coords) (orb.Geometry, error) { return geometryOf(c.polygon()) },
	`"MultiPolygon"`: func(c *coords) (orb.Geometry, error) {
		p, err := list(c, 0, c.polygon)
		return geometryOf(orb.MultiPolygon(p), err)
	},
}

func geometryOf[G orb.Geometry](g G, err error) (orb.Geometry, error) { return g, err }

// coords reads nested arrays of numbers out of JSON that has been checked, in
// one pass and without a tree.
type coords struct {
	b    []byte
	i    int
	path []int // index in each array that is open
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

func (c *coords) fault(at int, found, problem string) error {
	pointer := ""
	for _, index := range c.path {
		pointer += "/" + strconv.Itoa(index)
	}
	return &strictjson.Error{Offset: at, Pointer: pointer, Found: found, Problem: problem}
}

// excerpt returns the value that begins at an offset, or the beginning of it.
func (c *coords) excerpt(at int) string {
	depth := 0
	for end := at; end < len(c.b) && end-at < 100; end++ {
		switch c.b[end] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if depth < 0 || depth == 0 && c.b[end] == ',' {
			return string(c.b[at:end])
		}
		if depth == 0 && (c.b[end] == ']' || c.b[end] == '}') {
			return string(c.b[at : end+1])
		}
	}
	return string(c.b[at:min(len(c.b), at+100)])
}

// list reads an array of at least least members.
func list[T any](c *coords, least int, read func() (T, error)) ([]T, error) {
	start := skipSpace(c.b, c.i)
	if c.b[start] != '[' {
		return nil, c.fault(start, c.excerpt(start), "is not an array")
	}
	c.i = start + 1
	out := []T{}
	for depth := len(c.path); c.more(depth, len(out)); c.path = c.path[:depth] {
		v, err := read()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if len(out) < least {
		return nil, c.fault(start, c.excerpt(start), fmt.Sprintf("has %d members where at least %d belong", len(out), least))
	}
	return out, nil
}

// more moves to the next member of the open array, or behind its end.
func (c *coords) more(depth, n int) bool {
	c.i = skipSpace(c.b, c.i)
	if c.b[c.i] == ',' {
		c.i = skipSpace(c.b, c.i+1)
	}
	if c.b[c.i] == ']' {
		c.i++
		return false
	}
	c.path = append(c.path[:depth], n)
	return true
}

// position reads two or three numbers, lon, lat and a height that is dropped.
func (c *coords) position() (orb.Point, error) {
	start := skipSpace(c.b, c.i)
	const problem = "is not a position of two or three numbers"
	if c.b[start] != '[' {
		return orb.Point{}, c.fault(start, c.excerpt(start), problem)
	}
	c.i = start + 1
	var p orb.Point
	n, depth := 0, len(c.path)
	for ; c.more(depth, n); n++ {
		begin := c.i
		if !isNumber(c.b[begin:]) {
			return p, c.fault(begin, c.excerpt(begin), "is not a number")
		}
		for c.i < len(c.b) && c.b[c.i] != ',' && c.b[c.i] != ']' && c.b[c.i] > ' ' {
			c.i++
		}
		x, err := strconv.ParseFloat(string(c.b[begin:c.i]), 64)
		if err != nil {
			return p, c.fault(begin, string(c.b[begin:c.i]), "is too large for a number")
		}
		if n < 2 {
			p[n] = x
		}
	}
	c.path = c.path[:depth]
	switch {
	case n < 2 || n > 3:
		return p, c.fault(start, c.excerpt(start), problem)
	case math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90:
		return p, c.fault(start, c.excerpt(start), "lies outside the world; write lon, lat in degrees")
	}
	return p, nil
}

func (c *coords) line() (orb.LineString, error) { return list(c, 2, c.position) }

func (c *coords) polygon() (orb.Polygon, error) { return list(c, 0, c.ring) }

func (c *coords) ring() (orb.Ring, error) {
	start := skipSpace(c.b, c.i)
	ps, err := list(c, 4, c.position)
	if err == nil && ps[0] != ps[len(ps)-1] {
		err = c.fault(start, "", fmt.Sprintf("is a ring that is not closed: it begins at %v and ends at %v", ps[0], ps[len(ps)-1]))
	}
	return ps, err
}
