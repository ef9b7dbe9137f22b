package cql2

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
)

// Literals in another CRS become those in CRS84, in both encodings.
func TestLiteralsInAnotherCRS(t *testing.T) {
	at, err := crs.EPSG32642.FromCRS84(orb.Point{70.5, 39.75})
	if err != nil {
		t.Fatal(err)
	}
	p := at.(orb.Point)
	n := func(x float64) string { return number(x).String() }
	for _, test := range []struct {
		in   crs.CRS
		text string
	}{
		{crs.EPSG4326, "S_INTERSECTS(geometry, POINT(39.75 70.5))"},
		{crs.EPSG4326, "S_INTERSECTS(geometry, MULTIPOINT((39.75 70.5), (39.75 70.5)))"},
		{crs.EPSG4326, "S_INTERSECTS(geometry, BBOX(39.75, 70.5, 39.75, 70.5))"},
		{crs.EPSG32642, "S_INTERSECTS(geometry, POINT(" + n(p[0]) + " " + n(p[1]) + "))"},
	} {
		e, err := ParseText(test.text, &geo.Schema{}, WithCRS(test.in))
		if err != nil {
			t.Errorf("%s in %s: %v", test.text, test.in, err)
			continue
		}
		var box geo.BBox
		switch right := e.(Spatial).Right.(type) {
		case Box:
			box = right.BBox
		case Geometry:
			box = geo.BBoxOf(right.Shape)
		}
		if math.Abs(box.West-70.5) > 1e-9 || math.Abs(box.North-39.75) > 1e-9 {
			t.Errorf("%s in %s is at %v", test.text, test.in, box)
		}
		if again, err := ParseText(Format(e), &geo.Schema{}); err != nil || Format(again) != Format(e) {
			t.Errorf("%s in %s prints as %s, which is not in CRS84 (%v)", test.text, test.in, Format(e), err)
		}
	}
}

func TestLiteralsThatAnotherCRSDoesNotHave(t *testing.T) {
	for _, text := range []string{"S_INTERSECTS(geometry, POINT(95 70))", "S_INTERSECTS(geometry, BBOX(38, 70, 95, 71))", "S_INTERSECTS(geometry, BBOX(39, 70, 38, 71))"} {
		_, err := ParseText(text, &geo.Schema{}, WithCRS(crs.EPSG4326))
		var input *geo.InputError
		if !errors.As(err, &input) || !strings.Contains(input.Faults[0].Problem, "cannot be in EPSG:4326") || input.Faults[0].Mend == "" {
			t.Errorf("%s: %v", text, err)
		}
	}
}
