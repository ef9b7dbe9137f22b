package cql2

import (
	"fmt"

	"github.com/paulmach/orb"

	"demarc/geo/crs"
)

// toCRS84 returns the position of a literal as lon, lat in degrees.
func (b *builder) toCRS84(x, y float64) (lon, lat float64, err error) {
	if b.crs == crs.CRS84 {
		return x, y, nil
	}
	g, err := b.crs.ToCRS84(orb.Point{x, y})
	if err != nil {
		return 0, 0, err
	}
	p := g.(orb.Point) // of a point it makes a point
	return p[0], p[1], nil
}

// boxIn makes a BBOX of the two corners of a box in another CRS: the smallest box
// in CRS84 that holds it.
func (b *builder) boxIn(corners [4]float64, at place) operand {
	b.vertices += 2
	box, err := b.crs.BBoxToCRS84(corners)
	if err != nil {
		b.fault(at, fmt.Sprint(corners), "the box cannot be in "+b.crs.String(), "two corners in the order and the area of "+b.crs.Name())
	}
	return operand{e: Box{box}, at: at}
}
