//go:build !race

package cql2_test

import (
	"strconv"
	"testing"

	"demarc/geo"
	"demarc/geo/cql2"
)

// Texts are folded many at a time without a piece of memory for each, and none changes
// when others are folded after it.
func TestFilterFoldsWithoutGarbage(t *testing.T) {
	e, err := cql2.ParseText(`CASEI(ACCENTI(name)) LIKE '%zz%' OR CASEI(name) = CASEI('ТЁМНЫЙ Лес')`, &geo.Schema{Fields: []geo.Field{{Name: "name", Queryable: true}}})
	if err != nil {
		t.Fatal(err)
	}
	filter := cql2.Compile(e)
	many := make([]geo.Feature, 1000)
	for i := range many {
		many[i].Values = []geo.Value{geo.StringValue("Тёмный ЛЕС " + strconv.Itoa(i))}
	}
	many[999].Values[0] = geo.StringValue("тёмный ЛЕС")
	got := testing.AllocsPerRun(10, func() {
		for i := range many {
			if filter.Match(&many[i]) != (i == 999) {
				t.Errorf("%v: %v", many[i].Values[0], i != 999)
			}
		}
	})
	if got > 50 {
		t.Errorf("%.0f pieces of memory for %d texts", got, len(many))
	}
	if a, b := cql2.FoldCase("ÀB Я"), cql2.FoldCase("Б"); a != "àb я" || b != "б" {
		t.Errorf("%q and %q", a, b)
	}
}
