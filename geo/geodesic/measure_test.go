package geodesic_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo/geodesic"
)

// The figures named Planimeter are those of GeographicLib's tests
// (geographiclib 2.1 on PyPI, geographiclib/test/test_geodesic.py, MIT).
func TestMeasuresOfGeographicLib(t *testing.T) {
	for _, c := range []struct {
		name            string
		ring            orb.Ring
		perimeter, area float64
	}{
		{"Planimeter0, round the north pole", orb.Ring{{0, 89}, {90, 89}, {180, 89}, {270, 89}}, 631819.8745, 24952305678},
		{"Planimeter0, round the south pole", orb.Ring{{0, -89}, {90, -89}, {180, -89}, {270, -89}}, 631819.8745, 24952305678},
		{"Planimeter0, on the equator", orb.Ring{{-1, 0}, {0, -1}, {1, 0}, {0, 1}}, 627598.2731, 24619419146},
		{"Planimeter0, an octant", orb.Ring{{0, 90}, {0, 0}, {90, 0}}, 30022685.4, 63758202715511},
		{"Planimeter5, beside the pole", orb.Ring{{0.1, 89}, {90.1, 89}, {-179.9, 89}}, 539297.1, 12476152838.5},
		{"Planimeter6, over the pole and back", orb.Ring{{-0.00000000000001, 9}, {180, 9}, {0, 9}}, 36026861.4, 0},
	} {
		for name, g := range map[string]orb.Geometry{
			"open": c.ring, "closed": closed(c.ring), "polygon": orb.Polygon{closed(c.ring)}, "reversed": reversed(c.ring),
		} {
			if got := geodesic.LengthOf(g); math.Abs(got-c.perimeter) > 0.6 {
				t.Errorf("%s, %s: LengthOf = %.4f, want %.4f", c.name, name, got, c.perimeter)
			}
			if got := geodesic.AreaOf(g); math.Abs(got-c.area) > 1 {
				t.Errorf("%s, %s: AreaOf = %.1f, want %.1f", c.name, name, got, c.area)
			}
		}
	}
}

func closed(r orb.Ring) orb.Ring { return append(r[:len(r):len(r)], r[0]) }

func reversed(r orb.Ring) orb.Ring {
	out := make(orb.Ring, len(r))
	for i, v := range r {
		out[len(r)-1-i] = v
	}
	return out
}

func TestMeasuresByKindOfGeometry(t *testing.T) {
	a, b, c := orb.Point{70, 40}, orb.Point{71, 40}, orb.Point{71, 41}
	ab, bc := geodesic.Distance(a, b), geodesic.Distance(b, c)
	outer, hole := square(70, 40, 0.1), square(70, 40, 0.04)
	outerLength, holeLength := geodesic.LengthOf(outer), geodesic.LengthOf(hole)
	outerArea, holeArea := geodesic.AreaOf(outer), geodesic.AreaOf(hole)
	holed := orb.Polygon{outer, hole}
	for _, tt := range []struct {
		name         string
		g            orb.Geometry
		length, area float64
	}{
		{"nil", nil, 0, 0},
		{"point", a, 0, 0},
		{"multipoint", orb.MultiPoint{a, b}, 0, 0},
		{"line", orb.LineString{a, b, c}, ab + bc, 0},
		{"line of one vertex", orb.LineString{a}, 0, 0},
		{"line without vertices", orb.LineString{}, 0, 0},
		{"closed line has no area", orb.LineString(outer), outerLength, 0},
		{"multiline", orb.MultiLineString{{a, b}, {b, c}}, ab + bc, 0},
		{"polygon with a hole", holed, outerLength + holeLength, outerArea - holeArea},
		{"polygon without rings", orb.Polygon{}, 0, 0},
		{"polygon with an empty ring", orb.Polygon{{}}, 0, 0},
		{"multipolygon", orb.MultiPolygon{holed, {hole}}, outerLength + 2*holeLength, outerArea},
		{"collection", orb.Collection{nil, a, orb.LineString{a, b}, holed}, ab + outerLength + holeLength, outerArea - holeArea},
		{"bound", outer.Bound(), outerLength, outerArea},
		{"empty bound", orb.MultiPoint{}.Bound(), 0, 0},
	} {
		if got := geodesic.LengthOf(tt.g); math.Abs(got-tt.length) > 1e-6 {
			t.Errorf("%s: LengthOf = %v, want %v", tt.name, got, tt.length)
		}
		if got := geodesic.AreaOf(tt.g); math.Abs(got-tt.area) > 1e-3 {
			t.Errorf("%s: AreaOf = %v, want %v", tt.name, got, tt.area)
		}
	}
}

// square is a closed ring of lon ± half and lat ± half, counter-clockwise.
func square(lon, lat, half float64) orb.Ring {
	return orb.Ring{{lon - half, lat - half}, {lon + half, lat - half},
		{lon + half, lat + half}, {lon - half, lat + half}, {lon - half, lat - half}}
}

func TestMeasuresAcrossAntimeridian(t *testing.T) {
	plain := orb.Polygon{square(20, 60, 2)}
	across := orb.Polygon{{{178, 58}, {-178, 58}, {-178, 62}, {178, 62}, {178, 58}}}
	if got, want := geodesic.LengthOf(across), geodesic.LengthOf(plain); math.Abs(got-want) > 1e-6 {
		t.Errorf("LengthOf = %v, want %v", got, want)
	}
	if got, want := geodesic.AreaOf(across), geodesic.AreaOf(plain); math.Abs(got-want) > 1 {
		t.Errorf("AreaOf = %v, want %v", got, want)
	}
}

func TestMeasuresOfWhatIsNoPosition(t *testing.T) {
	bad := orb.Ring{{0, 0}, {1, math.NaN()}, {1, 1}, {0, 0}}
	if got := geodesic.LengthOf(bad); !math.IsNaN(got) {
		t.Errorf("LengthOf = %v, want NaN", got)
	}
	if got := geodesic.AreaOf(orb.Polygon{bad}); !math.IsNaN(got) {
		t.Errorf("AreaOf = %v, want NaN", got)
	}
}
