package crs_test

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/crs"
)

// tolerance returns how far a transformed position may lie from PROJ's, in
// metres: what rounding in the text between us leaves, and for Pulkovo 1942
// what dropping the height costs. The house's bar is 0.02.
func tolerance(c crs.CRS) float64 {
	if c.Accuracy() > 0 {
		return 0.001
	}
	return 0.00002
}

// region is the box of the tests' random positions.
var region = geo.BBox{West: 67, South: 36, East: 75, North: 43}

// datumLine is the parallel north of which PROJ may take another operation for
// Pulkovo 1942 than we do; see the package documentation.
const datumLine = 40.8

// proj runs a program of PROJ on positions, one a line, and returns what it
// answers. It skips the test, by name, where PROJ is not installed, and fails
// it there in CI.
func proj(t *testing.T, in []orb.Point, name string, args ...string) []orb.Point {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		message := name + " is not on this machine (Debian package proj-bin)"
		if os.Getenv("CI") == "true" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	var text strings.Builder
	for _, p := range in {
		fmt.Fprintf(&text, "%.12f %.12f 0 0\n", p[0], p[1])
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(text.String()), os.Stderr
	answer, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	var out []orb.Point
	for lines := bufio.NewScanner(strings.NewReader(string(answer))); lines.Scan(); {
		var p orb.Point
		if _, err := fmt.Sscan(lines.Text(), &p[0], &p[1]); err != nil {
			t.Fatalf("%s %v: %q: %v", name, args, lines.Text(), err)
		}
		out = append(out, p)
	}
	if len(out) != len(in) {
		t.Fatalf("%s %v answered %d positions for %d", name, args, len(out), len(in))
	}
	return out
}

// randomPositions returns n positions of b; the seed is fixed, so that a
// failure comes back.
func randomPositions(b geo.BBox, n int) []orb.Point {
	random := rand.New(rand.NewPCG(1, 2))
	ps := make([]orb.Point, n)
	for i := range ps {
		ps[i] = orb.Point{b.West + random.Float64()*(b.East-b.West), b.South + random.Float64()*(b.North-b.South)}
	}
	return ps
}

// apart returns how far two positions of c lie apart, in metres.
func apart(c crs.CRS, a, b orb.Point) float64 {
	a, b = c.EastFirst(a).(orb.Point), c.EastFirst(b).(orb.Point)
	dx, dy := a[0]-b[0], a[1]-b[1]
	if c.Geographic() {
		dx, dy = dx*111_320*math.Cos(a[1]*math.Pi/180), dy*111_700
	}
	return math.Hypot(dx, dy)
}

// compare takes positions there and back and holds both ways to PROJ's.
func compare(t *testing.T, c crs.CRS, lonLat, theirs []orb.Point) {
	t.Helper()
	var there, back float64
	for i, p := range lonLat {
		q, err := c.FromCRS84(p)
		if err != nil {
			t.Fatal(err)
		}
		there = max(there, apart(c, q.(orb.Point), theirs[i]))
		r, err := c.ToCRS84(theirs[i])
		if err != nil {
			t.Fatal(err)
		}
		back = max(back, apart(crs.CRS84, r.(orb.Point), p))
	}
	t.Logf("%v: %d positions, at most %.3g m from PROJ there, %.3g m back", c, len(lonLat), there, back)
	if most := tolerance(c); !(there <= most && back <= most) {
		t.Errorf("%v: %.6f m from PROJ there, %.6f m back; at most %v m is allowed", c, there, back, most)
	}
}

// TestPROJAgrees asks cs2cs, by the names of the CRSs alone. For Pulkovo 1942 it
// asks where PROJ's own choice of operation is ours.
func TestPROJAgrees(t *testing.T) {
	for _, c := range crs.All() {
		box := region
		if c.Accuracy() > 0 {
			box.North = datumLine
		}
		ps := randomPositions(box, 2000)
		compare(t, c, ps, proj(t, ps, "cs2cs", "-f", "%.10f", "OGC:CRS84", c.String()))
		// and backward, as PROJ answers it
		qs := proj(t, ps, "cs2cs", "-f", "%.10f", "OGC:CRS84", c.String())
		compare(t, c, proj(t, qs, "cs2cs", "-f", "%.12f", c.String(), "OGC:CRS84"), qs)
	}
}

// TestPROJAgreesOnPulkovo1942Everywhere names the operation, EPSG:15865, so that
// the whole region and the zones' areas can be asked.
func TestPROJAgreesOnPulkovo1942Everywhere(t *testing.T) {
	for _, c := range []crs.CRS{crs.EPSG4284, crs.EPSG28412, crs.EPSG28413} {
		box := region
		if c != crs.EPSG4284 {
			box = c.Area()
		}
		ps := randomPositions(box, 2000)
		pulkovo := proj(t, crs.EPSG4326.EastFirst(orb.MultiPoint(ps)).(orb.MultiPoint), "cct", "-d", "12", "-I", "EPSG:15865")
		if c != crs.EPSG4284 {
			pulkovo = proj(t, pulkovo, "cs2cs", "-f", "%.6f", "EPSG:4284", c.String())
		}
		compare(t, c, ps, pulkovo)
	}
}

// TestPROJAgreesInTheZones asks in the whole area of use of each plane CRS and
// far beyond it.
func TestPROJAgreesInTheZones(t *testing.T) {
	for _, c := range []crs.CRS{crs.EPSG3857, crs.EPSG32642, crs.EPSG32643} {
		box := c.Area()
		if c != crs.EPSG3857 {
			box.West, box.East, box.South = box.West-20, box.East+20, -80
		}
		ps := randomPositions(box, 2000)
		compare(t, c, ps, proj(t, ps, "cs2cs", "-f", "%.6f", "OGC:CRS84", c.String()))
	}
}

// TestThereAndBack needs no oracle: a position comes back to itself.
func TestThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(crs.All()).Draw(t, "crs")
		p := orb.Point{rapid.Float64Range(60, 85).Draw(t, "lon"), rapid.Float64Range(0, 80).Draw(t, "lat")}
		there, err := c.FromCRS84(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.ToCRS84(there)
		if err != nil {
			t.Fatal(err)
		}
		if d := apart(crs.CRS84, back.(orb.Point), p); d > 0.002 {
			t.Fatalf("%v: %v came back as %v, %v m away", c, p, back, d)
		}
	})
}
