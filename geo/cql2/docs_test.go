package cql2_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo/cql2"
)

// TestFiltersOfTheGuideParse reads what docs/cql2.md tells people to write.
func TestFiltersOfTheGuideParse(t *testing.T) {
	b, err := os.ReadFile("../../docs/cql2.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(b), "| you ask | you write |")
	table, _, _ = strings.Cut(table, "\n\n")
	anywhere := cql2.WithFeatures(func(string, string) (orb.Geometry, error) { return nil, nil })
	found := regexp.MustCompile("`(.*)` \\|").FindAllStringSubmatch(table, -1)
	for _, m := range found {
		if _, err := cql2.ParseText(m[1], nil, cql2.WithAnyProperty(), anywhere); err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
	}
	if len(found) < 10 {
		t.Errorf("found %d filters in the table", len(found))
	}
	_, example, _ := strings.Cut(string(b), "## JSON")
	example = example[strings.Index(example, "    {"):]
	example, _, _ = strings.Cut(example, "\n\n")
	if _, err := cql2.ParseJSON([]byte(example), nil, cql2.WithAnyProperty()); err != nil {
		t.Errorf("%s: %v", example, err)
	}
}
