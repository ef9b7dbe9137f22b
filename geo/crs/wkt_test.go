package crs_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo/crs"
)

// TestWKTIsTheCRS holds each definition to its name and code, and to what PROJ
// makes of it.
func TestWKTIsTheCRS(t *testing.T) {
	ps := []orb.Point{{70.5, 40.25}}
	for _, c := range crs.All() {
		text := c.WKT()
		named := c
		if c == crs.CRS84 {
			named = crs.EPSG4326
		}
		code := strings.TrimPrefix(named.String(), "EPSG:")
		if !strings.Contains(text, `CS["`+named.Name()+`"`) || !strings.HasSuffix(text, `AUTHORITY["EPSG","`+code+`"]]`) {
			t.Errorf("%v: %s", c, text)
		}
		byName := proj(t, ps, "cs2cs", "-f", "%.9f", "OGC:CRS84", named.String())
		got := proj(t, ps, "cs2cs", "-f", "%.9f", "OGC:CRS84", text)
		want := byName[0]
		if named.NorthFirst() && !named.Geographic() { // PROJ takes those of planes to have east first
			want[0], want[1] = want[1], want[0]
		}
		if d := apart(crs.EPSG3857, got[0], want); d > 1e-4 {
			t.Errorf("%v: the definition gives %v, the name %v, %v apart", c, got[0], want, d)
		}
	}
}
