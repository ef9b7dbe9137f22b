package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/importer"
	"demarc/data/store/gpkg"
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

// TestImportInParts imports more changes than a revision has: in several, all of them
// or none, and a second time in none.
func TestImportInParts(t *testing.T) {
	dir := t.TempDir()
	var lines strings.Builder
	for i := range 20 {
		fmt.Fprintf(&lines, `{"type":"Feature","id":%d,"geometry":{"type":"Point","coordinates":[70.%d,39]},"properties":{}}`+"\n", i, i)
	}
	file := filepath.Join(dir, "many.geojsonl")
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	mapping, err := importer.ReadMapping("m", []byte(`{"dataset":{"id":"m","publisher":"M"},"type":{"value":"armed_clash"},"start":{"value":"2022"},"place":{"value":"X"}}`))
	if err != nil {
		t.Fatal(err)
	}
	st, err := openStore(t.Context(), filepath.Join(dir, "s.gpkg"), gpkg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	imported := func(ctx context.Context, between func()) (string, error) {
		var out bytes.Buffer
		r := &importRun{cmd: &importCmd{File: []string{file}, Author: "test", importFlags: importFlags{Format: "auto", Theatre: "other"}},
			mapping: mapping, store: st, to: streams{&out, io.Discard}, batch: 10}
		err := r.check(ctx)
		between()
		if err == nil {
			err = r.commit(ctx)
		}
		return out.String(), err
	}
	// The file loses a part of itself after it was checked, so that the second half
	// fails when the first is there already: nothing is kept.
	out, err := imported(t.Context(), func() {
		if err := os.WriteFile(file, []byte(lines.String()[:lines.Len()-20]), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	if err == nil || !strings.Contains(err.Error(), "nothing of "+file+" was imported") || strings.Contains(out, "revision ") {
		t.Errorf("a file that is cut off: %v:\n%s", err, out)
	}
	if err := errors.Join(st.Close(), os.WriteFile(file, []byte(lines.String()), 0o600)); err != nil {
		t.Fatal(err)
	}
	if st, err = openStore(t.Context(), filepath.Join(dir, "s.gpkg"), gpkg.Options{}); err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if at, err := st.Load(t.Context(), func(v data.Version) error { return fmt.Errorf("%s/%s is there", v.Kind, v.ID) }); err != nil || at.Sequence > 0 {
		t.Errorf("after it: %v, %v", at, err)
	}
	out, err = imported(t.Context(), func() {})
	if err != nil || strings.Count(out, "revision ") != 4 || !strings.Contains(out, "20 new") {
		t.Errorf("%v:\n%s", err, out)
	}
	out, err = imported(t.Context(), func() {})
	if err := errors.Join(st.Verify(t.Context()), err); err != nil {
		t.Error(err)
	}
	if err != nil || !strings.Contains(out, "0 new, 0 changed, 20 as before") || strings.Contains(out, "revision") {
		t.Errorf("again: %v:\n%s", err, out)
	}
}
