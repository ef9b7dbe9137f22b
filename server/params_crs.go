package server

import (
	"errors"

	"demarc/geo"
	"demarc/geo/crs"
)

// contentCRSHeader names the CRS of an answer (OGC 18-058r1 /req/crs/ogc-crs-header).
const contentCRSHeader = "Content-Crs"

// crsURIs returns the names of the CRSs of every collection, CRS84 first
// (OGC 18-058r1 /req/crs/fc-md-crs-list). A collection without geometry has them
// too: where one has none, the OGC suite fails them all.
func crsURIs() []string {
	var uris []string
	for _, c := range crs.All() {
		uris = append(uris, c.URI())
	}
	return uris
}

// crs reads a parameter that names a CRS: crs, bbox-crs or filter-crs. Without it
// it is CRS84 (OGC 18-058r1 /req/crs/fc-crs-default-value).
func (p *params) crs(name string) crs.CRS {
	text, ok := p.get(name)
	if !ok {
		return crs.CRS84
	}
	c, err := crs.Parse(text)
	p.inputFaults(name, text, err)
	return c
}

// inputFaults adds the faults of err, if any, under the name of a parameter.
func (p *params) inputFaults(name, found string, err error) {
	var input *geo.InputError
	if !errors.As(err, &input) {
		return
	}
	for _, f := range input.Faults {
		p.faults.Add(name, found, f.Problem, f.Mend)
	}
}

// boxIn reads a box whose corners are in another CRS, in its authority's axis
// order (OGC 18-058r1 /req/crs/bbox-crs-action).
func (p *params) boxIn(c crs.CRS, text string, n []float64) *geo.BBox {
	b, err := c.BBoxToCRS84([4]float64(n))
	p.inputFaults("bbox", text, err)
	if err != nil {
		return nil
	}
	m := margin(c)
	return &geo.BBox{West: max(b.West-m, -180), South: max(b.South-m, -90), East: min(b.East+m, 180), North: min(b.North+m, 90)}
}

// margin is how many degrees a box is widened, so that a position taken from an
// answer in that CRS lies in a box through it: there and back, a datum shift by
// its seven parameters is up to 2 mm off, and a projection some nanometres.
func margin(c crs.CRS) float64 {
	switch {
	case c.Accuracy() > 0:
		return 1e-7 // 1 cm
	case !c.Geographic():
		return 1e-12
	}
	return 0
}
