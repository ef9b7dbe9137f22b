package crs_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
)

func TestParseReadsEveryFormOfAName(t *testing.T) {
	for text, want := range map[string]crs.CRS{
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84":   crs.CRS84,
		"https://www.opengis.net/def/crs/OGC/1.3/CRS84":  crs.CRS84,
		"http://www.opengis.net/def/crs/OGC/0/CRS84":     crs.CRS84,
		"urn:ogc:def:crs:OGC:1.3:CRS84":                  crs.CRS84,
		"urn:ogc:def:crs:OGC::CRS84":                     crs.CRS84,
		"[OGC:CRS84]":                                    crs.CRS84,
		"OGC:CRS84":                                      crs.CRS84,
		"http://www.opengis.net/def/crs/EPSG/0/4326":     crs.EPSG4326,
		"HTTP://WWW.OPENGIS.NET/DEF/CRS/epsg/0/4326":     crs.EPSG4326,
		"http://www.opengis.net/def/crs/EPSG/9.9.1/4326": crs.EPSG4326,
		"urn:ogc:def:crs:EPSG::4326":                     crs.EPSG4326,
		"urn:ogc:def:crs:EPSG:6.9:4326":                  crs.EPSG4326,
		"[EPSG:4326]":                                    crs.EPSG4326,
		"epsg:28412":                                     crs.EPSG28412,
		"https://www.opengis.net/def/crs/EPSG/0/3857":    crs.EPSG3857,
		"http://www.opengis.net/def/crs/EPSG/0/32643":    crs.EPSG32643,
	} {
		if got, err := crs.Parse(text); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, text := range []string{
		"", "4326", "EPSG:", "EPSG:4327", "EPSG:0", "EPSG:CRS84", "OGC:4326", "OGC:0", "[EPSG:4326", "EPSG:4326]",
		"http://www.opengis.net/def/crs/EPSG/4326", "http://www.opengis.net/def/crs/EPSG/0/4326/",
		"http://www.opengis.net/def/crs/EPSG/x/4326", "urn:ogc:def:crs:EPSG:4326",
		"http://www.opengis.net/def/crs/0/unsupported", "http://www.opengis.net/def/crs/OGC/0/CRS84h",
		"EPSG:04326", "EPSG:+4326",
	} {
		got, err := crs.Parse(text)
		var input *geo.InputError
		if !errors.As(err, &input) {
			t.Errorf("Parse(%q) = %v, %v; want an InputError", text, got, err)
			continue
		}
		if f := input.Faults[0]; f.Found != text || !strings.Contains(f.Mend, crs.EPSG28413.URI()) {
			t.Errorf("Parse(%q): fault %v does not say what was found and what there is", text, f)
		}
	}
}

func TestEveryNameOfACRSLeadsBackToIt(t *testing.T) {
	all := crs.All()
	if all[0] != crs.CRS84 {
		t.Errorf("All begins with %v, not with CRS84", all[0])
	}
	for _, c := range all {
		for _, name := range []string{c.URI(), c.CURIE(), c.String()} {
			if got, err := crs.Parse(name); err != nil || got != c {
				t.Errorf("Parse(%q) = %v, %v; want %v", name, got, err, c)
			}
		}
	}
}

func TestAxisOrderIsTheAuthoritys(t *testing.T) {
	dushanbe := orb.Point{68.78, 38.56}
	for c, want := range map[crs.CRS]orb.Point{ // cs2cs 9.1.1, rounded
		crs.CRS84:     {68.78, 38.56},
		crs.EPSG4326:  {38.56, 68.78},
		crs.EPSG3857:  {7656555, 4658840},
		crs.EPSG32642: {480832, 4267974},
		crs.EPSG32643: {-42159, 4286335},
		crs.EPSG4284:  {38.55988, 68.78072},
		crs.EPSG28412: {4269744, 12480887},
		crs.EPSG28413: {4288108, 12957677},
	} {
		got, err := c.FromCRS84(dushanbe)
		if err != nil {
			t.Fatal(err)
		}
		tolerance := 1.0
		if c.Geographic() {
			tolerance = 1e-5
		}
		if p := got.(orb.Point); math.Abs(p[0]-want[0]) > tolerance || math.Abs(p[1]-want[1]) > tolerance {
			t.Errorf("%v: got %v, want %v", c, p, want)
		}
	}
}

func TestEveryKindOfGeometryIsTransformed(t *testing.T) {
	ring := orb.Ring{{70, 40}, {71, 40}, {71, 41}, {70, 40}}
	all := orb.Collection{
		orb.Point{70, 40}, orb.MultiPoint{{70, 40}, {71, 41}}, orb.LineString{{70, 40}, {71, 41}},
		orb.MultiLineString{{{70, 40}, {71, 41}}, {}}, ring, orb.Polygon{ring}, orb.MultiPolygon{{ring}},
		orb.Collection{orb.Point{70, 40}}, orb.MultiPoint{}, orb.MultiLineString(nil),
	}
	got, err := crs.EPSG4326.FromCRS84(all)
	if err != nil {
		t.Fatal(err)
	}
	turned := orb.Ring{{40, 70}, {40, 71}, {41, 71}, {40, 70}}
	want := orb.Collection{
		orb.Point{40, 70}, orb.MultiPoint{{40, 70}, {41, 71}}, orb.LineString{{40, 70}, {41, 71}},
		orb.MultiLineString{{{40, 70}, {41, 71}}, {}}, turned, orb.Polygon{turned}, orb.MultiPolygon{{turned}},
		orb.Collection{orb.Point{40, 70}}, orb.MultiPoint{}, orb.MultiLineString(nil),
	}
	if diff := cmp.Diff(orb.Geometry(want), got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(orb.Geometry(all), crs.EPSG4326.EastFirst(got)); diff != "" {
		t.Errorf("EastFirst: %s", diff)
	}
	back, err := crs.EPSG4326.ToCRS84(got)
	if diff := cmp.Diff(orb.Geometry(all), back); err != nil || diff != "" {
		t.Errorf("back: %v %s", err, diff)
	}
}

func TestNilBoundAndIdentity(t *testing.T) {
	for _, c := range crs.All() {
		if g, err := c.FromCRS84(nil); g != nil || err != nil {
			t.Errorf("%v: nil became %v, %v", c, g, err)
		}
		if g, err := c.ToCRS84(nil); g != nil || err != nil {
			t.Errorf("%v: nil became %v, %v", c, g, err)
		}
	}
	bound := orb.Bound{Min: orb.Point{70, 40}, Max: orb.Point{71, 41}}
	got, err := crs.EPSG4326.FromCRS84(bound)
	want := orb.Polygon{{{40, 70}, {40, 71}, {41, 71}, {41, 70}, {40, 70}}}
	if err != nil || !orb.Equal(got, want) {
		t.Errorf("bound: got %v, %v; want %v", got, err, want)
	}
}

func TestPositionsThatACRSDoesNotHaveAreRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		crs crs.CRS
		p   orb.Point
	}{
		{crs.CRS84, orb.Point{70, 91}}, {crs.CRS84, orb.Point{nan, 40}}, {crs.CRS84, orb.Point{1e300, 40}},
		{crs.EPSG4326, orb.Point{100, 40}}, {crs.EPSG4326, orb.Point{-90.5, 0}},
		{crs.EPSG3857, orb.Point{inf, 0}}, {crs.EPSG3857, orb.Point{0, nan}}, {crs.EPSG3857, orb.Point{1e9, 0}},
		{crs.EPSG32642, orb.Point{70, 5e7}}, {crs.EPSG32642, orb.Point{5e6, 4e6}}, {crs.EPSG32642, orb.Point{nan, 4e6}},
		{crs.EPSG28412, orb.Point{12.5e6, 4.4e6}}, // easting, northing: the wrong way round
	} {
		g, err := c.crs.ToCRS84(orb.LineString{c.p})
		var input *geo.InputError
		if !errors.As(err, &input) || g != nil {
			t.Errorf("%v %v: got %v, %v; want an InputError", c.crs, c.p, g, err)
		}
	}
	for _, p := range []orb.Point{{170, 0}, {-111, 40}, {nan, 40}, {70, inf}} {
		if g, err := crs.EPSG32642.FromCRS84(p); err == nil {
			t.Errorf("%v in UTM 42N: got %v, want an error", p, g)
		}
	}
}

func TestLongitudesStayWithin180(t *testing.T) {
	for _, c := range []struct {
		crs  crs.CRS
		p    orb.Point
		want float64
	}{
		{crs.EPSG3857, orb.Point{20037508.342789244 * 1.5, 0}, -90},
		{crs.EPSG3857, orb.Point{20037508.342789244, 0}, 180},
		{crs.CRS84, orb.Point{190, 0}, -170},
		{crs.CRS84, orb.Point{-180, 0}, -180},
	} {
		got, err := c.crs.ToCRS84(c.p)
		if err != nil || math.Abs(got.(orb.Point)[0]-c.want) > 1e-9 {
			t.Errorf("%v %v: got %v, %v; want longitude %v", c.crs, c.p, got, err, c.want)
		}
	}
	got, _ := crs.EPSG4284.FromCRS84(orb.Point{180, 66})
	if lon := got.(orb.Point)[1]; math.Abs(lon) > 180 {
		t.Errorf("Pulkovo longitude of the antimeridian is %v", lon)
	}
}

func TestWhatIsToldOfEachCRS(t *testing.T) {
	north := []crs.CRS{crs.EPSG4326, crs.EPSG4284, crs.EPSG28412, crs.EPSG28413}
	degrees := []crs.CRS{crs.CRS84, crs.EPSG4326, crs.EPSG4284}
	pulkovo := []crs.CRS{crs.EPSG4284, crs.EPSG28412, crs.EPSG28413}
	for _, c := range crs.All() {
		if c.NorthFirst() != slices.Contains(north, c) || c.Geographic() != slices.Contains(degrees, c) {
			t.Errorf("%v: NorthFirst %v, Geographic %v", c, c.NorthFirst(), c.Geographic())
		}
		if (c.Accuracy() == 4.5) != slices.Contains(pulkovo, c) {
			t.Errorf("%v: accuracy %v m", c, c.Accuracy())
		}
		if c.Area().IsEmpty() || c.Name() == "" {
			t.Errorf("%v has no area or no name", c)
		}
	}
}
