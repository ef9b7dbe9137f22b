package cql2

import (
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"
)

// ends makes an interval.
func (p *decoder) ends(n node) operand {
	list, ok := n.val.([]node)
	if !ok || len(list) != 2 {
		return p.bad(n, `write ["2022-09-14", "2022-09-17"]; ".." is open`)
	}
	var ends [2]operand
	for i, end := range list {
		s, ok := end.val.(string)
		switch {
		case !ok:
			ends[i] = p.expr(end)
		case s == "..":
			ends[i] = operand{at: end.place()}
		default:
			instant, ok := parseInstant(s)
			if !ok {
				p.fault(end.place(), s, "this is no date or timestamp", `write "2022-09-14", "2022-09-14T00:00:00Z" or ".." for open`)
			}
			ends[i] = p.literal(instant, end.place())
		}
	}
	return p.interval(ends, n.place())
}

// bbox makes a box.
func (p *decoder) bbox(n node) operand {
	list, _ := n.val.([]node)
	if len(list) != 4 && len(list) != 6 {
		return p.bad(n, "write [west, south, east, north], or six numbers with heights")
	}
	ns := make([]float64, len(list))
	for i, e := range list {
		ns[i] = p.float(e)
	}
	return p.box(ns, n.place())
}

// float returns a number.
func (p *decoder) float(n node) float64 {
	v, ok := n.val.(json.Number)
	if !ok {
		p.bad(n, "write a number")
		return 0
	}
	num, ok := parseNumber(string(v))
	if !ok {
		p.fault(n.place(), string(v), "the number is too large", "numbers go to 1.7E308")
	}
	return num.Float
}

// shape reads a GeoJSON geometry (RFC 7946 §3.1). members counts the collections
// round it.
func (p *decoder) shape(n node, o object, members int) orb.Geometry {
	kind, _ := o.member("type")
	name, _ := kind.val.(string)
	what := "coordinates"
	if name == "GeometryCollection" {
		what = "geometries"
	}
	p.only(o, "type", what, "bbox")
	list, ok := o.member(what)
	elems, isList := list.val.([]node)
	if !ok || !isList {
		p.fault(n.place(), name, "the geometry has no "+what, "write a GeoJSON geometry")
		return orb.MultiPoint{}
	}
	switch name {
	case "Point":
		if len(elems) == 0 {
			return orb.MultiPoint{}
		}
		return p.position(list)
	case "MultiPoint":
		return orb.MultiPoint(p.positions(list))
	case "LineString":
		return p.line(p.positions(list), list.place())
	case "Polygon":
		return p.polygon(list)
	case "MultiLineString":
		g := orb.MultiLineString{}
		p.each(list, func(n node) { g = append(g, p.line(p.positions(n), n.place())) })
		return g
	case "MultiPolygon":
		g := orb.MultiPolygon{}
		p.each(list, func(n node) { g = append(g, p.polygon(n)) })
		return g
	case "GeometryCollection":
		return p.collection(list, members)
	}
	p.fault(kind.place(), name, "there is no such type of geometry",
		"the types are Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon and GeometryCollection")
	return orb.MultiPoint{}
}

// each calls read with the elements of an array.
func (p *decoder) each(n node, read func(node)) {
	list, ok := n.val.([]node)
	if !ok {
		p.bad(n, "write an array")
		return
	}
	for _, e := range list {
		if p.stopped {
			return
		}
		read(e)
	}
}

// position reads lon, lat and drops heights.
func (p *decoder) position(n node) orb.Point {
	list, _ := n.val.([]node)
	if len(list) < 2 || len(list) > 4 {
		p.bad(n, "write a position as [longitude, latitude]")
		return orb.Point{}
	}
	var ns [4]float64
	for i, e := range list {
		ns[i] = p.float(e)
	}
	return p.vertex(ns[0], ns[1], n.place())
}

func (p *decoder) positions(n node) []orb.Point {
	ps := []orb.Point{}
	p.each(n, func(n node) { ps = append(ps, p.position(n)) })
	return ps
}

func (p *decoder) polygon(n node) orb.Polygon {
	g := orb.Polygon{}
	p.each(n, func(n node) {
		if r := p.ring(p.positions(n), n.place()); len(r) > 0 {
			g = append(g, r)
		}
	})
	return g
}

func (p *decoder) collection(n node, members int) orb.Geometry {
	g := orb.Collection{}
	if members == maxMembers {
		p.stop(n.place(), "", fmt.Sprintf("collections nest deeper than %d levels", maxMembers), "flatten them")
		return g
	}
	p.each(n, func(n node) {
		o, ok := n.val.(object)
		if !ok {
			p.bad(n, "write a GeoJSON geometry")
			return
		}
		g = append(g, p.shape(n, o, members+1))
	})
	return g
}
