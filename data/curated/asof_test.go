package curated_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"demarc/data"
	"demarc/data/curated"
)

// The curated records are whole on each day of knowledge since 1992, and what
// was known of the 2022 conflict is what docs/figures.md tells day by day.
func TestAsOf(t *testing.T) {
	whole, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	for day := time.Date(1992, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2026; day = day.AddDate(0, 0, 97) {
		d := data.Date{Year: day.Year(), Month: int(day.Month()), Day: day.Day()}
		for _, f := range whole.AsOf(d).Validate() {
			t.Errorf("as of %v: %+v", d, f)
		}
	}
	conflict := incident(t, "2022-09-14-conflict")
	for _, text := range []string{"2022-09-16", "2022-09-17", "2022-09-18", "2022-09-19", "2022-09-25", "2023-01-01"} {
		d, err := data.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		known := whole.AsOf(d).Lookup().Incidents[conflict.ID]
		want := data.Figures(conflict.Claims, d.Last())
		if diff := cmp.Diff(want, data.Figures(known.Claims, time.Time{}), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("figures known on %s (-by the claims +by the records):\n%s", text, diff)
		}
	}
}
