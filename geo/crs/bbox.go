package crs

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// BBoxToCRS84 returns the smallest box of longitudes and latitudes that holds
// the whole box b of c: two corners in the authority's axis order, as in the
// parameters bbox and bbox-crs (OGC 18-058r1 §7.3). The sides of b are followed,
// not only its corners, because they bend.
//
// In a geographic CRS the second longitude may be the smaller: then b crosses
// the antimeridian, and so does the answer. Other corners out of order, and
// positions that c does not have, are a *geo.InputError with an empty Where.
func (c CRS) BBoxToCRS84(b [4]float64) (geo.BBox, error) {
	low, high := c.ordered(b[0], b[1]), c.ordered(b[2], b[3])
	if c.Geographic() && low[0] > high[0] {
		high[0] += 360
	}
	if !(low[0] <= high[0] && low[1] <= high[1]) {
		return geo.EmptyBBox(), outside(fmt.Sprint(b), "the first corner does not lie south-west of the second",
			"write the lower corner, then the upper, each as "+c.axes())
	}
	box, err := image(low, high, func(p orb.Point) (orb.Point, error) {
		return c.position(c.ordered(p[0], p[1]))
	})
	if err != nil {
		return geo.EmptyBBox(), err
	}
	return within180(box), nil
}

// BBoxFromCRS84 returns the smallest box of c, two corners in the authority's
// axis order, that holds the whole of b, whose sides are parallels and
// meridians. A box that crosses the antimeridian gives the larger longitude or
// easting first in the geographic CRSs and web Mercator.
//
// An empty box, or one that c cannot express, is a *geo.InputError with an
// empty Where.
func (c CRS) BBoxFromCRS84(b geo.BBox) ([4]float64, error) {
	if b.IsEmpty() {
		return [4]float64{}, outside(fmt.Sprint(b), "the box is empty", "give a box that holds a position")
	}
	low, high := orb.Point{b.West, b.South}, orb.Point{b.East, b.North}
	crosses := low[0] > high[0]
	if crosses {
		high[0] += 360
	}
	box, err := image(low, high, func(p orb.Point) (orb.Point, error) {
		q, err := c.point(p)
		return c.ordered(q[0], q[1]), err
	})
	if err != nil {
		return [4]float64{}, err
	}
	switch {
	case c.Geographic():
		box = within180(box)
	case c == EPSG3857 && crosses:
		box.East -= 2 * math.Pi * wgs84.a
	}
	from, to := c.ordered(box.West, box.South), c.ordered(box.East, box.North)
	return [4]float64{from[0], from[1], to[0], to[1]}, nil
}

// within180 brings the longitudes of a box, of which West is the smaller, into
// ±180. West comes out greater where the box crosses the antimeridian.
func within180(b geo.BBox) geo.BBox {
	if b.East-b.West >= 360-1e-9 {
		b.West, b.East = -180, 180
	}
	b.West, b.East = wrap(b.West), wrap(b.East)
	return b
}

// image returns the extremes of f on the sides of a box, and hence, f having
// no fold, on the whole of it.
func image(low, high orb.Point, f func(orb.Point) (orb.Point, error)) (geo.BBox, error) {
	corners := [...]orb.Point{low, {high[0], low[1]}, high, {low[0], high[1]}}
	box := geo.EmptyBBox()
	for i, from := range corners {
		side := side{from, corners[(i+1)%4], f}
		ps, err := side.samples()
		if err != nil {
			return box, err
		}
		for axis := range 2 {
			least, most := side.extremes(ps, axis)
			if axis == 0 {
				box.West, box.East = math.Min(box.West, least), math.Max(box.East, most)
			} else {
				box.South, box.North = math.Min(box.South, least), math.Max(box.North, most)
			}
		}
	}
	return box, nil
}

// side is one side of a box and the function to apply along it.
type side struct {
	from, to orb.Point
	f        func(orb.Point) (orb.Point, error)
}

// steps is how many pieces a side is cut into before its extremes are sought:
// enough that no piece holds two of them.
const steps = 64

// at returns the image of the position at share t of the side.
func (s side) at(t float64) (orb.Point, error) {
	if t == 1 {
		return s.f(s.to) // exactly, so that boxes keep round numbers
	}
	return s.f(orb.Point{s.from[0] + t*(s.to[0]-s.from[0]), s.from[1] + t*(s.to[1]-s.from[1])})
}

func (s side) samples() (ps [steps + 1]orb.Point, err error) {
	for i := range ps {
		if ps[i], err = s.at(float64(i) / steps); err != nil {
			return ps, err
		}
	}
	return ps, nil
}

// extremes returns the least and the greatest image along the side on an axis.
func (s side) extremes(ps [steps + 1]orb.Point, axis int) (least, most float64) {
	var iLeast, iMost int
	for i, p := range ps {
		if p[axis] < ps[iLeast][axis] {
			iLeast = i
		}
		if p[axis] > ps[iMost][axis] {
			iMost = i
		}
	}
	least = math.Min(ps[iLeast][axis], -s.peak(iLeast, axis, -1))
	most = math.Max(ps[iMost][axis], s.peak(iMost, axis, 1))
	return least, most
}

// peak returns the greatest value of sign times the image between the samples
// beside the i-th, by golden section.
func (s side) peak(i, axis int, sign float64) float64 {
	lo, hi := math.Max(0, float64(i-1)/steps), math.Min(1, float64(i+1)/steps)
	best := math.Inf(-1)
	value := func(t float64) float64 {
		p, err := s.at(t)
		if err != nil {
			return math.Inf(-1)
		}
		v := sign * p[axis]
		best = math.Max(best, v)
		return v
	}
	for range 40 { // to 1e-8 of the piece, where the image is flat
		a, b := hi-(hi-lo)/math.Phi, lo+(hi-lo)/math.Phi
		if value(a) < value(b) {
			lo = a
		} else {
			hi = b
		}
	}
	return best
}
