package geo_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"demarc/geo"
)

func TestFaultString(t *testing.T) {
	for name, c := range map[string]struct {
		fault geo.Fault
		want  string
	}{
		"all of it": {geo.Fault{Where: "bbox", Found: "1,2,3", Problem: "has three numbers", Mend: "write four or six"},
			`bbox: has three numbers (found "1,2,3"); write four or six`},
		"only the problem":      {geo.Fault{Problem: "is missing"}, "is missing"},
		"stays on one line":     {geo.Fault{Where: "a", Found: "1\n2", Problem: "is two"}, `a: is two (found "1\n2")`},
		"its own quotes":        {geo.Fault{Where: "a", Found: `"x"`, Problem: "is quoted"}, `a: is quoted (found "\"x\"")`},
		"80 characters are all": {geo.Fault{Problem: "p", Found: strings.Repeat("ү", 80)}, `p (found "` + strings.Repeat("ү", 80) + `")`},
		"81 are cut":            {geo.Fault{Problem: "p", Found: strings.Repeat("ү", 81)}, `p (found "` + strings.Repeat("ү", 80) + `…")`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.fault.String(); got != c.want {
				t.Errorf("String() = %s\nwant       %s", got, c.want)
			}
		})
	}
}

func TestFaultsErr(t *testing.T) {
	var faults geo.Faults
	if err := faults.Err(); err != nil {
		t.Errorf("no fault is an error: %v", err)
	}
	faults.Add("limit", "-1", "is below 1", "write 1 to 10000")
	faults.Add("foo", "bar", "is not known", "leave it out")
	var input *geo.InputError
	if err := faults.Err(); !errors.As(err, &input) || len(input.Faults) != 2 {
		t.Fatalf("Err() = %v, want both faults", err)
	}
	want := "limit: is below 1 (found \"-1\"); write 1 to 10000\nfoo: is not known (found \"bar\"); leave it out"
	if got := input.Error(); got != want {
		t.Errorf("Error() = %s\nwant      %s", got, want)
	}
}

func ExampleFaults() {
	var faults geo.Faults
	faults.Add("bbox", "1,2,3", "has three numbers", "write west,south,east,north")
	faults.Add("limit", "-1", "is below 1", "write 1 to 10000")
	fmt.Println(faults.Err())
	// Output:
	// bbox: has three numbers (found "1,2,3"); write west,south,east,north
	// limit: is below 1 (found "-1"); write 1 to 10000
}
