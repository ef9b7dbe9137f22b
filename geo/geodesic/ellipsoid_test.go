package geodesic_test

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo/geodesic"
)

// geodCase is one line of testdata/geodtest.txt.
type geodCase struct{ lat1, lon1, azi1, lat2, lon2, azi2, s12 float64 }

func geodCases(t *testing.T) []geodCase {
	t.Helper()
	f, err := os.Open("testdata/geodtest.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var cases []geodCase
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		var c geodCase
		if _, err := fmt.Sscan(sc.Text(), &c.lat1, &c.lon1, &c.azi1, &c.lat2, &c.lon2, &c.azi2, &c.s12); err != nil {
			t.Fatalf("%q: %v", sc.Text(), err)
		}
		cases = append(cases, c)
	}
	if len(cases) < 100 {
		t.Fatalf("only %d cases", len(cases))
	}
	return cases
}

func TestDistanceOfGeographicLib(t *testing.T) {
	for _, c := range geodCases(t) {
		a, b := orb.Point{c.lon1, c.lat1}, orb.Point{c.lon2, c.lat2}
		for _, got := range []float64{geodesic.Distance(a, b), geodesic.Distance(b, a)} {
			if !(math.Abs(got-c.s12) <= 1e-6) {
				t.Errorf("Distance(%v, %v) = %.9f, want %.9f", a, b, got, c.s12)
			}
		}
	}
}

func TestDestinationOfGeographicLib(t *testing.T) {
	for _, c := range geodCases(t) {
		want := orb.Point{c.lon2, c.lat2}
		got := geodesic.Destination(orb.Point{c.lon1, c.lat1}, c.azi1, c.s12)
		if off := geodesic.Distance(got, want); !(off <= 1e-6) {
			t.Errorf("%+v: Destination = %v, %.9f m off", c, got, off)
		}
		if got[0] < -180 || got[0] > 180 {
			t.Errorf("%+v: longitude %v", c, got[0])
		}
	}
}

func TestDistanceOfWhatIsNoPosition(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	ok := orb.Point{70, 40}
	for _, p := range []orb.Point{{nan, 0}, {0, nan}, {inf, 0}, {0, -inf}, {0, 90.1}, {0, -91}} {
		for name, got := range map[string]float64{
			"Distance(p, ok)": geodesic.Distance(p, ok),
			"Distance(ok, p)": geodesic.Distance(ok, p),
			"Destination lon": geodesic.Destination(p, 0, 1)[0],
			"Destination lat": geodesic.Destination(p, 0, 1)[1],
		} {
			if !math.IsNaN(got) {
				t.Errorf("%v: %s = %v, want NaN", p, name, got)
			}
		}
	}
	for _, d := range []orb.Point{geodesic.Destination(ok, nan, 1), geodesic.Destination(ok, 1, inf)} {
		if !math.IsNaN(d[0]) || !math.IsNaN(d[1]) {
			t.Errorf("Destination = %v, want NaN", d)
		}
	}
}

func TestDistanceAcrossAntimeridian(t *testing.T) {
	want := geodesic.Distance(orb.Point{-0.5, 40}, orb.Point{0.5, 40})
	for _, pair := range [][2]orb.Point{
		{{179.5, 40}, {-179.5, 40}}, {{-179.5, 40}, {179.5, 40}},
		{{179.5, 40}, {180.5, 40}}, {{539.5, 40}, {-179.5, 40}},
	} {
		if got := geodesic.Distance(pair[0], pair[1]); math.Abs(got-want) > 1e-6 {
			t.Errorf("Distance(%v) = %v, want %v", pair, got, want)
		}
	}
}
