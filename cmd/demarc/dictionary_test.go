package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data/curated"
	"demarc/data/snapshot"
)

const dictionaryFile = "../../docs/data-dictionary.md"

// TestDataDictionary holds docs/data-dictionary.md to the schemas. DEMARC_BLESS=1
// writes it again.
func TestDataDictionary(t *testing.T) {
	records, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	snap, err := snapshot.New(records)
	if err != nil {
		t.Fatal(err)
	}
	got := dictionary(snap)
	if os.Getenv("DEMARC_BLESS") != "" {
		if err := os.WriteFile(dictionaryFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(dictionaryFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/data-dictionary.md does not describe the schemas; `make bless` writes it again (-file +schemas):\n%s", diff)
	}
}

// dictionary describes every property of every collection.
func dictionary(snap *snapshot.Snapshot) string {
	var b strings.Builder
	b.WriteString("# Data dictionary\n\nWritten from the schemas by `make bless`. Properties marked * can be asked for as\n`name=value`. A property without a value is null. The single feature\n(`/collections/COLLECTION/items/ID`) holds more than these: its whole record.\n")
	for _, col := range snap.Collections() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| property | meaning | type |\n|---|---|---|\n", col.ID, col.Description)
		var vocabularies strings.Builder
		for i := range col.Schema.Fields {
			f := &col.Schema.Fields[i]
			star, unit, doc := "", "", f.Title
			if f.Queryable {
				star = " *"
			}
			if f.Unit != "" {
				unit = ", " + f.Unit
			}
			if f.Doc != "" {
				doc += ". " + f.Doc
			}
			kind := f.Type.String()
			if len(f.Enum) > 0 {
				kind = "word, see below"
				fmt.Fprintf(&vocabularies, "\n`%s`:", f.Name)
				for j, term := range f.Enum {
					sep := ","
					if j == 0 {
						sep = ""
					}
					fmt.Fprintf(&vocabularies, "%s\n`%s` (%s)", sep, term.ID, term.Title)
				}
				vocabularies.WriteString(".\n")
			}
			fmt.Fprintf(&b, "| `%s`%s | %s | %s%s |\n", f.Name, star, doc, kind, unit)
		}
		b.WriteString(vocabularies.String())
	}
	return b.String()
}
