package kml

import (
	"encoding/xml"

	"github.com/paulmach/orb"
	gokml "github.com/twpayne/go-kml/v3"

	"demarc/geo"
)

// placemark returns f as an element, its children in the order that the XML
// schema of KML wants.
func (e *Encoder) placemark(f *geo.Feature) gokml.Element {
	name := f.ID
	if e.name >= 0 && !f.Values[e.name].IsNull() {
		name = f.Values[e.name].Text()
	}
	p := gokml.Placemark(gokml.Name(name))
	if t := e.time(f); t != nil {
		p.Append(t)
	}
	data := gokml.SchemaData("#" + schemaID)
	if !e.hasID {
		data.Append(gokml.SimpleData(e.opts.ID, f.ID))
	}
	for i, v := range f.Values {
		if !v.IsNull() {
			data.Append(gokml.SimpleData(e.sc.Fields[i].Name, text(v)))
		}
	}
	p.Append(gokml.ExtendedData(data))
	if f.Geometry != nil {
		p.Append(shape(f.Geometry))
	}
	return p
}

// text returns a value as the text of a SimpleData.
func text(v geo.Value) string {
	if _, ok := v.List(); ok {
		return string(v.AppendJSON(nil))
	}
	if b, ok := v.Bool(); ok { // GDAL 3.6 reads "true" as 0
		return map[bool]string{false: "0", true: "1"}[b]
	}
	return v.Text()
}

// time returns the TimeStamp or TimeSpan of f, or nil.
func (e *Encoder) time(f *geo.Feature) gokml.Element {
	if e.start < 0 {
		return nil
	}
	start, end := f.Values[e.start], f.Values[e.end]
	_, _, hasStart := start.Unix()
	_, _, hasEnd := end.Unix()
	if hasStart && start.Equal(end) {
		return gokml.TimeStamp(moment{"when", start})
	}
	if !hasStart && !hasEnd {
		return nil
	}
	span := gokml.TimeSpan()
	if hasStart {
		span.Append(moment{"begin", start})
	}
	if hasEnd {
		span.Append(moment{"end", end})
	}
	return span
}

// moment is a when, begin or end element. The library's own take a time.Time
// and would turn a day into its first second.
type moment struct {
	name  string
	value geo.Value
}

// MarshalXML writes the element.
func (m moment) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	return e.EncodeElement(m.value.Text(), xml.StartElement{Name: xml.Name{Local: m.name}})
}

// shape returns a geometry as an element.
func shape(g orb.Geometry) gokml.Element {
	switch g := g.(type) {
	case orb.Point:
		return gokml.Point(coordinates(orb.LineString{g}))
	case orb.LineString:
		return gokml.LineString(coordinates(g))
	case orb.Ring:
		return polygon(orb.Polygon{g})
	case orb.Bound:
		return polygon(g.ToPolygon())
	case orb.Polygon:
		return polygon(g)
	case orb.MultiPoint:
		return many(g, func(p orb.Point) gokml.Element { return shape(p) })
	case orb.MultiLineString:
		return many(g, func(l orb.LineString) gokml.Element { return shape(l) })
	case orb.MultiPolygon:
		return many(g, func(p orb.Polygon) gokml.Element { return shape(p) })
	case orb.Collection:
		return many(g, shape)
	}
	return gokml.MultiGeometry()
}

func many[T any](members []T, element func(T) gokml.Element) gokml.Element {
	m := gokml.MultiGeometry()
	for _, member := range members {
		m.Append(element(member))
	}
	return m
}

func polygon(p orb.Polygon) gokml.Element {
	out := gokml.Polygon()
	for i, ring := range p {
		r := gokml.LinearRing(coordinates(orb.LineString(ring)))
		if i == 0 {
			out.Append(gokml.OuterBoundaryIs(r))
		} else {
			out.Append(gokml.InnerBoundaryIs(r))
		}
	}
	return out
}

func coordinates(ps orb.LineString) gokml.Element {
	cs := make([]gokml.Coordinate, len(ps))
	for i, p := range ps {
		cs[i] = gokml.Coordinate{Lon: p[0], Lat: p[1]}
	}
	return gokml.Coordinates(cs...)
}
