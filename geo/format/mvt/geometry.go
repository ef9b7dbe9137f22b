package mvt

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// Commands of a geometry (§4.3.1).
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// A position is a whole position in tile space.
type position struct{ x, y int32 }

// Point begins a feature at one position.
func (l *Layer) Point(id uint64, x, y int32) {
	l.begin(id)
	l.draw(geometryPoint)
	l.command(moveTo, 1)
	l.to(position{x, y})
}

// Geometry begins a feature with a geometry, which is rounded to whole units. What
// is nothing then, such as an area less than a unit wide, is left out; where nothing
// is left it returns false, and there is no feature to end. A Collection makes a
// feature of each kind of geometry that it has, all with the one id and tags.
func (l *Layer) Geometry(id uint64, g orb.Geometry) bool {
	var parts parts
	parts.gather(g)
	l.begin(id)
	if len(parts.points) > 0 {
		l.draw(geometryPoint)
		l.points(parts.points)
	}
	l.draw(geometryLine)
	for _, line := range parts.lines {
		l.line(line)
	}
	l.draw(geometryArea)
	for _, p := range parts.polygons {
		l.polygon(p)
	}
	return len(l.shapes[geometryPoint])+len(l.shapes[geometryLine])+len(l.shapes[geometryArea]) > 0
}

// parts are the members of a geometry by their kind.
type parts struct {
	points   []orb.Point
	lines    []orb.LineString
	polygons []orb.Polygon
}

func (p *parts) gather(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		p.points = append(p.points, g)
	case orb.MultiPoint:
		p.points = append(p.points, g...)
	case orb.LineString:
		p.lines = append(p.lines, g)
	case orb.MultiLineString:
		p.lines = append(p.lines, g...)
	case orb.Ring:
		p.polygons = append(p.polygons, orb.Polygon{g})
	case orb.Polygon:
		p.polygons = append(p.polygons, g)
	case orb.MultiPolygon:
		p.polygons = append(p.polygons, g...)
	case orb.Bound:
		p.polygons = append(p.polygons, g.ToPolygon())
	case orb.Collection:
		for _, member := range g {
			p.gather(member)
		}
	}
}

// draw begins the shape of one kind.
func (l *Layer) draw(kind int) { l.kind, l.cursor = kind, position{} }

func (l *Layer) command(id, count uint32) {
	l.shapes[l.kind] = binary.AppendUvarint(l.shapes[l.kind], uint64(id|count<<3))
}

// to writes a position as the step from the last one.
func (l *Layer) to(p position) {
	shape := binary.AppendUvarint(l.shapes[l.kind], zigzag(int64(p.x)-int64(l.cursor.x)))
	l.shapes[l.kind] = binary.AppendUvarint(shape, zigzag(int64(p.y)-int64(l.cursor.y)))
	l.cursor = p
}

func (l *Layer) points(ps []orb.Point) {
	l.command(moveTo, uint32(len(ps)))
	for _, p := range ps {
		l.to(rounded(p))
	}
}

// line writes a line, unless it is less than a unit long.
func (l *Layer) line(ps []orb.Point) {
	whole := distinct(ps)
	if len(whole) < 2 {
		return
	}
	l.command(moveTo, 1)
	l.to(whole[0])
	l.command(lineTo, uint32(len(whole)-1))
	for _, p := range whole[1:] {
		l.to(p)
	}
}

// polygon writes a polygon, its exterior ring with a positive area and the others
// with a negative one; nothing where the exterior has no area.
func (l *Layer) polygon(p orb.Polygon) {
	for i, ring := range p {
		whole := distinct(ring)
		if len(whole) > 1 && whole[0] == whole[len(whole)-1] {
			whole = whole[:len(whole)-1] // ClosePath says it
		}
		double := doubleArea(whole)
		if len(whole) < 3 || double == 0 {
			if i == 0 {
				return
			}
			continue
		}
		if (double > 0) != (i == 0) {
			reverse(whole)
		}
		l.command(moveTo, 1)
		l.to(whole[0])
		l.command(lineTo, uint32(len(whole)-1))
		for _, at := range whole[1:] {
			l.to(at)
		}
		l.command(closePath, 1)
	}
}

// reverse turns a ring round but leaves its first position where it is.
func reverse(ps []position) {
	for i, j := 1, len(ps)-1; i < j; i, j = i+1, j-1 {
		ps[i], ps[j] = ps[j], ps[i]
	}
}

// doubleArea is twice the area by the surveyor's formula (§4.3.3.3).
func doubleArea(ps []position) (sum int64) {
	for i, p := range ps {
		q := ps[(i+1)%len(ps)]
		sum += int64(p.x)*int64(q.y) - int64(q.x)*int64(p.y)
	}
	return sum
}

// distinct returns the whole positions without those that repeat the last.
func distinct(ps []orb.Point) []position {
	out := make([]position, 0, len(ps))
	for _, p := range ps {
		if w := rounded(p); len(out) == 0 || out[len(out)-1] != w {
			out = append(out, w)
		}
	}
	return out
}

// rounded returns the nearest whole position, within what an int32 holds.
func rounded(p orb.Point) position { return position{whole(p[0]), whole(p[1])} }

func whole(v float64) int32 {
	return int32(min(max(math.Round(v), math.MinInt32/2), math.MaxInt32/2))
}
