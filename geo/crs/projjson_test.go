package crs_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo/crs"
)

// TestPROJJSONIsTheCRS holds each definition to its name, and to what PROJ makes
// of it: the same coordinates as by the name.
func TestPROJJSONIsTheCRS(t *testing.T) {
	for _, c := range crs.All() {
		var doc struct {
			ID struct {
				Authority string
				Code      any
			}
		}
		if err := json.Unmarshal([]byte(c.PROJJSON()), &doc); err != nil {
			t.Fatalf("%v: %v", c, err)
		}
		if id := fmt.Sprintf("%s:%v", doc.ID.Authority, doc.ID.Code); id != c.String() {
			t.Errorf("%v: the definition is that of %s", c, id)
		}
		ps := []orb.Point{{70.5, 40}}
		byName := proj(t, ps, "cs2cs", "-f", "%.9f", "OGC:CRS84", c.String())
		if got := proj(t, ps, "cs2cs", "-f", "%.9f", "OGC:CRS84", c.PROJJSON()); apart(c, got[0], byName[0]) > 1e-4 {
			t.Errorf("%v: %v by definition, %v by name", c, got, byName)
		}
	}
}
