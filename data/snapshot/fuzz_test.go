package snapshot_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"demarc/data/snapshot"
	"demarc/geo"
)

// someCollection stands for any: without sort keys a cursor does not look at it.
var someCollection = &snapshot.Collection{}

// sameCursor tells whether two cursors name the same place.
func sameCursor(a, b *snapshot.Cursor) bool {
	return a.Back == b.Back && a.Metres == b.Metres && a.Key == b.Key && slices.EqualFunc(a.Sorted, b.Sorted, geo.Value.Equal)
}

func FuzzDecodeCursor(f *testing.F) {
	const query = "limit=10&bbox=68,38,70,40"
	f.Add("", query)
	f.Add("AAAA", query)
	f.Add("not base64!", query)
	f.Add((&snapshot.Cursor{Key: "1998-03-24 1998-03-24-kofarnihon-clashes"}).Encode(query), query)
	f.Add((&snapshot.Cursor{Back: true, Metres: 1234.5, Key: "vorukh"}).Encode(query), query)
	f.Fuzz(func(t *testing.T, text, query string) {
		c, err := someCollection.DecodeCursor(text, query, nil)
		if err != nil {
			if c != nil {
				t.Errorf("a cursor beside the error: %+v", c)
			}
			return
		}
		again, err := someCollection.DecodeCursor(c.Encode(query), query, nil)
		if err != nil || !sameCursor(again, c) {
			t.Errorf("%q is %+v, which reads back as %+v, %v", text, c, again, err)
		}
		if _, err := someCollection.DecodeCursor(text, query+"&", nil); err == nil {
			t.Errorf("%q of %q is also taken for another query", text, query)
		}
	})
}

func TestCursorBelongsToItsQuery(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := snapshot.Cursor{Back: rapid.Bool().Draw(t, "back"), Metres: rapid.Float64Min(0).Draw(t, "metres"), Key: rapid.String().Draw(t, "key")}
		query, other := rapid.String().Draw(t, "query"), rapid.String().Draw(t, "other")
		text := c.Encode(query)
		if got, err := someCollection.DecodeCursor(text, query, nil); err != nil || !sameCursor(got, &c) {
			t.Fatalf("%+v read back as %+v, %v", c, got, err)
		}
		if _, err := someCollection.DecodeCursor(text, other, nil); (err == nil) != (other == query) {
			t.Fatalf("the cursor of %q with the query %q: %v", query, other, err)
		}
		cut := rapid.IntRange(0, len(text)-1).Draw(t, "cut")
		if got, err := someCollection.DecodeCursor(text[:cut], query, nil); err == nil {
			t.Fatalf("cut to %d characters it is %+v", cut, got)
		}
	})
}
