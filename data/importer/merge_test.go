package importer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/importer"
)

// merge merges an item and returns what becomes of the incident.
func merge(t *testing.T, k *importer.Known, it importer.Item) importer.Merged {
	t.Helper()
	m, err := k.Merge(&it)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What stands is not brought in again; an incident that says something else is a
// new version; a party, place or source that stands is left as it is; what was
// taken back stays so.
func TestMerge(t *testing.T) {
	o := importer.Options{Theatre: "other", Release: "25.1"}
	items, _, _ := read(t, importer.GED, gedHeader+gedRow, o)
	k := importer.NewKnown()
	first := merge(t, k, items[0])
	var kinds []string
	for _, c := range first.Changes {
		kinds = append(kinds, string(c.Kind))
	}
	if got := strings.Join(kinds, " "); got != "sources sources sources parties parties parties places incidents" || first.New[data.Incidents] != 1 {
		t.Errorf("at first: %s, %+v", got, first)
	}
	if again := merge(t, k, items[0]); len(again.Changes) != 0 || again.Same != 1 {
		t.Errorf("again: %+v", again)
	}

	// Another run knows it from the store, where the party has been edited since.
	k = importer.NewKnown()
	for _, c := range first.Changes {
		body := c.Body
		if c.ID == "UCDP-300" {
			body = []byte(`{"id":"UCDP-300","name":"United Tajik Opposition","kind":"armed_group"}`)
		}
		if err := k.Add(data.Version{Kind: c.Kind, ID: c.ID, Operation: data.Put, Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	if again := merge(t, k, items[0]); len(again.Changes) != 0 || again.Same != 1 {
		t.Errorf("from the store: %+v", again)
	}
	changed, _, _ := read(t, importer.GED, gedHeader+strings.Replace(gedRow, ",12,20,9,", ",12,25,9,", 1), o)
	if m := merge(t, k, changed[0]); len(m.Changes) != 1 || m.Changed[data.Incidents] != 1 {
		t.Errorf("changed: %+v", m)
	}
	if err := k.Add(data.Version{Kind: data.Incidents, ID: "ucdp-ged-900001", Operation: data.Retract, Body: first.Changes[7].Body}); err != nil {
		t.Fatal(err)
	}
	if m := merge(t, k, changed[0]); len(m.Changes) != 0 || m.TakenBack != 1 {
		t.Errorf("taken back: %+v", m)
	}
}

// Duplicates are told by day, type and distance, from other datasets alone.
func TestDuplicates(t *testing.T) {
	o := importer.Options{Theatre: "other", Release: "25.1"}
	row := func(changes ...string) importer.Item {
		items, faults, _ := read(t, importer.GED, gedHeader+strings.NewReplacer(changes...).Replace(gedRow), o)
		if len(items) != 1 {
			t.Fatal(faults)
		}
		return items[0]
	}
	k := importer.NewKnown()
	place := data.Place{ID: "vahdat", Label: "Vahdat", Kind: "town", Precision: "village", Position: []float64{69.1, 38.56}, PositionSource: "x"}
	ours := data.Incident{ID: "1998-03-24-kofarnihon", Type: "armed_clash", PlaceID: "vahdat", Start: data.Date{Year: 1998, Month: 3, Day: 25}, End: data.Date{Year: 1998, Month: 3, Day: 25}}
	for _, r := range []data.Record{{Kind: data.Places, Value: &place}, {Kind: data.Incidents, Value: &ours}} {
		if err := k.AddRecord(r); err != nil {
			t.Fatal(err)
		}
	}
	near := merge(t, k, row())
	if diff := cmp.Diff([]string{"ucdp-ged-900001 may be 1998-03-24-kofarnihon: the same day and type, 7.5 km apart"}, near.Duplicates); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, item := range map[string]importer.Item{
		"same dataset, beside it": row("900001", "900002"),
		"far":                     row("900001", "900003", "38.55632,69.01354,POINT", "39.55632,69.01354,POINT", "Kofarnihon town", "Elsewhere"),
		"another type":            row("900001", "900004", "Clear,1,395", "Clear,3,395"),
		"another day":             row("900001", "900005", "1998-03-24 00", "1998-04-24 00", "1998-03-26 00", "1998-04-26 00"),
	} {
		got := merge(t, k, item).Duplicates
		if name == "same dataset, beside it" {
			if len(got) != 1 || strings.Contains(got[0], "900001:") {
				t.Errorf("%s: %v", name, got)
			}
		} else if len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}
