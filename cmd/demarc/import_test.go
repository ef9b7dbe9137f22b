package main

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data/curated"
	"demarc/data/importer"
)

// TestItemsAreWholeRecords holds that what a single incident answers holds its
// record whole: it is read back as the same, with its place and its sources.
func TestItemsAreWholeRecords(t *testing.T) {
	base := startServer(t)
	records, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	look := records.Lookup()
	for i := range records.Incidents {
		want := &records.Incidents[i]
		answer, err := http.Get(base + "/collections/incidents/items/" + want.ID + "?f=json")
		if err != nil {
			t.Fatal(err)
		}
		var got []importer.Item
		_, err = importer.Read(context.Background(), importer.Records, answer.Body, importer.Options{File: want.ID}, func(it importer.Item) error {
			got = append(got, it)
			return nil
		})
		if rest, _ := io.ReadAll(answer.Body); answer.Body.Close() != nil || len(rest) > 0 || err != nil || len(got) != 1 {
			t.Fatalf("%s: %d items, %v", want.ID, len(got), err)
		}
		if diff := cmp.Diff(*want, got[0].Records.Incidents[0]); diff != "" {
			t.Errorf("%s (-record +read back):\n%s", want.ID, diff)
		}
		if len(got[0].Records.Sources) != len(want.SourceIDs()) {
			t.Errorf("%s: %d sources, want %d", want.ID, len(got[0].Records.Sources), len(want.SourceIDs()))
		}
		for _, s := range got[0].Records.Sources {
			if diff := cmp.Diff(*look.Sources[s.ID], s); diff != "" {
				t.Errorf("%s, source %s: %s", want.ID, s.ID, diff)
			}
		}
	}
}
