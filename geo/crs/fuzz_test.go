package crs_test

import (
	"errors"
	"testing"

	"demarc/geo"
	"demarc/geo/crs"
)

// FuzzParse holds Parse to: no panic, an InputError or a CRS whose own names
// lead back to it.
func FuzzParse(f *testing.F) {
	for _, c := range crs.All() {
		f.Add(c.URI())
		f.Add(c.CURIE())
	}
	f.Add("urn:ogc:def:crs:EPSG:9.9.1:4326")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := crs.Parse(s)
		if err != nil {
			var input *geo.InputError
			if !errors.As(err, &input) {
				t.Fatalf("Parse(%q): %v is no InputError", s, err)
			}
			return
		}
		if again, err := crs.Parse(c.URI()); err != nil || again != c {
			t.Fatalf("Parse(%q) = %v, whose URI is parsed as %v, %v", s, c, again, err)
		}
	})
}
