package snapshot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/snapshot"
)

// told returns all that a snapshot says, as text that can be compared.
func told(t interface{ Fatalf(string, ...any) }, s *snapshot.Snapshot) []string {
	out := []string{"revision " + s.Revision()}
	for _, c := range s.Collections() {
		box, times := c.Extent()
		out = append(out, fmt.Sprintf("%s: %d, %v, %v", c.ID, c.Len(), box, times))
		for _, h := range items(t, c, snapshot.Query{}).Hits {
			before, after := c.Neighbours(h.ID)
			one, err := c.Feature(h.ID)
			if err != nil || string(one.JSON) != string(h.JSON) {
				t.Fatalf("%s/%s is %s alone (%v), %s among the others", c.ID, h.ID, one.JSON, err, h.JSON)
			}
			detail, err := json.Marshal(s.Detail(c.ID, h.ID))
			if err != nil {
				t.Fatalf("%s/%s: %v", c.ID, h.ID, err)
			}
			out = append(out, fmt.Sprintf("%s/%s < %s < %s: %s %s", c.ID, before, h.ID, after, h.JSON, detail))
		}
	}
	return out
}

// drawChange changes r by one record, new or changed or gone, so that it still
// keeps the rules, and returns the change.
func drawChange(t *rapid.T, r *data.Records, step int) snapshot.Change {
	switch rapid.SampledFrom([]string{"incident", "incident", "incident gone", "place", "source", "party", "segment", "segment gone", "area"}).Draw(t, "change") {
	case "incident":
		at := rapid.IntRange(0, len(r.Incidents)).Draw(t, "which")
		number := at
		if at < len(r.Incidents) {
			fmt.Sscanf(r.Incidents[at].ID, "i%d", &number)
		} else {
			number = 50 + step
		}
		in := drawIncident(t, number, r)
		if len(r.Incidents) > 0 && rapid.Bool().Draw(t, "part") {
			in.ParentID = rapid.SampledFrom(r.Incidents).Draw(t, "parent").ID
		}
		return put(&r.Incidents, at, in, data.Incidents, in.ID)
	case "incident gone":
		if n := len(r.Incidents); n > 0 {
			at := rapid.IntRange(0, n-1).Draw(t, "which")
			id := r.Incidents[at].ID
			r.Incidents = slices.Delete(slices.Clone(r.Incidents), at, at+1)
			return snapshot.Change{Kind: data.Incidents, ID: id}
		}
	case "place":
		at := rapid.IntRange(0, len(r.Places)).Draw(t, "which")
		p := data.Place{ID: fmt.Sprintf("q%d", step), Label: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "label"), Kind: "town", Precision: "village"}
		if at < len(r.Places) {
			p.ID = r.Places[at].ID
		}
		if rapid.Bool().Draw(t, "located") {
			position := drawPosition(t)
			p.Position = position[:]
		}
		return put(&r.Places, at, p, data.Places, p.ID)
	case "source":
		at := rapid.IntRange(0, len(r.Sources)).Draw(t, "which")
		src := data.Source{ID: fmt.Sprintf("t%d", step), Publisher: "Q", Date: drawDate(t, true), Origin: rapid.SampledFrom([]string{"", "ap"}).Draw(t, "origin")}
		if at < len(r.Sources) {
			src.ID = r.Sources[at].ID
		}
		return put(&r.Sources, at, src, data.Sources, src.ID)
	case "segment":
		one := &data.Records{Geometry: data.Shapes{}}
		drawSegment(t, rapid.IntRange(0, 5).Draw(t, "which"), one)
		s := one.Segments[0]
		return putShape(&r.Segments, slices.IndexFunc(r.Segments, func(x data.Segment) bool { return x.ID == s.ID }), s, data.Segments, s.ID, r, one.Geometry[s.ID])
	case "segment gone":
		if n := len(r.Segments); n > 0 {
			at := rapid.IntRange(0, n-1).Draw(t, "which")
			id := r.Segments[at].ID
			r.Segments = slices.Delete(slices.Clone(r.Segments), at, at+1)
			return snapshot.Change{Kind: data.Segments, ID: id}
		}
	case "area":
		a := r.Areas[0]
		a.Note, a.From = rapid.SampledFrom([]string{"x", "y"}).Draw(t, "note"), drawDate(t, true)
		return putShape(&r.Areas, 0, a, data.Areas, a.ID, r, r.Geometry[a.ID])
	}
	at := rapid.IntRange(0, len(r.Parties)).Draw(t, "party")
	p := data.Party{ID: fmt.Sprintf("P%d", step), Kind: "unknown"}
	if at < len(r.Parties) {
		p = r.Parties[at]
	}
	p.Name, p.From = rapid.SampledFrom([]string{"X", "Y"}).Draw(t, "name"), drawDate(t, true)
	if parent := rapid.SampledFrom(r.Parties).Draw(t, "parent").ID; parent != p.ID {
		p.ParentID = parent
	}
	return put(&r.Parties, at, p, data.Parties, p.ID)
}

// put puts a record into a copy of the list, at its place or, beyond it, behind.
func put[T any](list *[]T, at int, record T, kind data.Kind, id string) snapshot.Change {
	*list = slices.Clone(*list)
	if at < 0 || at >= len(*list) {
		*list = append(*list, record)
	} else {
		(*list)[at] = record
	}
	return snapshot.Change{Kind: kind, ID: id, To: data.Record{Kind: kind, Value: &record}}
}

func putShape[T any](list *[]T, at int, record T, kind data.Kind, id string, r *data.Records, shape orb.Geometry) snapshot.Change {
	c := put(list, at, record, kind, id)
	shapes := data.Shapes{}
	for k, v := range r.Geometry {
		shapes[k] = v
	}
	shapes[id] = shape
	r.Geometry, c.To.Shape = shapes, shapes[id]
	return c
}

// What With makes of a snapshot is what New makes of all records: every feature,
// detail, count, extent, neighbour and the revision, and the answers to questions.
// What it was made of stays as it was.
func TestWithIsNewOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := *drawRecords(t)
		s, err := snapshot.New(&r)
		if err != nil {
			t.Fatal(err)
		}
		for step := range rapid.IntRange(1, 12).Draw(t, "steps") {
			before, old := told(t, s), s
			var changes []snapshot.Change
			for i := range rapid.IntRange(1, 3).Draw(t, "changes") {
				changes = append(changes, drawChange(t, &r, 10*step+i))
				drawReady(t, old, &changes[i])
			}
			if s, err = s.With(changes...); err != nil {
				t.Fatal(err)
			}
			all := isNewOf(t, &r, s, fmt.Sprintf("after %+v", changes))
			if diff := gocmp.Diff(before, told(t, old)); diff != "" {
				t.Fatalf("With changed the snapshot that it began with:\n%s", diff)
			}
			compareAnswers(t, s, all)
		}
	})
}

// drawReady makes an incident ready beforehand, or not. It fits, unless the changes before
// it are of what it rests on.
func drawReady(t *rapid.T, s *snapshot.Snapshot, c *snapshot.Change) {
	in, ok := c.To.Value.(*data.Incident)
	if !ok || !rapid.Bool().Draw(t, "ready") {
		return
	}
	for x := range c.To.References() {
		if rest := data.Kind(x.List); rest != data.Incidents && rest != "claims" && s.Record(rest, x.ID).Value == nil {
			return // it comes with the change
		}
	}
	var err error
	if c.Ready, err = s.Ready(in); err != nil {
		t.Fatal(err)
	}
	if !c.Ready.Fits(s) {
		t.Fatal("what a snapshot made ready does not fit it")
	}
}

// compareAnswers asks both the same questions, page by page.
func compareAnswers(t *rapid.T, s, all *snapshot.Snapshot) {
	id := rapid.SampledFrom([]string{"incidents", "claims", "segments", "places", "sources", "parties"}).Draw(t, "collection")
	c, _ := s.Collection(id)
	plain, _ := all.Collection(id)
	q := drawQuery(t, plain, items(t, plain, snapshot.Query{}).Hits)
	q.Limit, q.Offset = rapid.IntRange(1, 5).Draw(t, "limit"), rapid.IntRange(0, 6).Draw(t, "offset")
	for {
		got, want := items(t, c, q), items(t, plain, q)
		if diff := gocmp.Diff(idsOf(want.Hits), idsOf(got.Hits)); diff != "" || got.Matched != want.Matched {
			t.Fatalf("%s of %+v: matched %d, want %d (-New +With):\n%s", id, q, got.Matched, want.Matched, diff)
		}
		if (got.Next == nil) != (want.Next == nil) || (got.Prev == nil) != (want.Prev == nil) ||
			got.Next != nil && !sameCursor(got.Next, want.Next) || got.Prev != nil && !sameCursor(got.Prev, want.Prev) {
			t.Fatalf("%s of %+v: neighbours %+v, %+v; want %+v, %+v", id, q, got.Next, got.Prev, want.Next, want.Prev)
		}
		if q.At = got.Next; q.At == nil {
			return
		}
		q.Offset = 0
	}
}

// drawSnapshot draws records that refer to one another, and the snapshot of them after
// at most so many changes. The records are those that led to it.
func drawSnapshot(t *rapid.T, most int) (*data.Records, *snapshot.Snapshot) {
	r := *drawRecords(t)
	relate(t, &r)
	s, err := snapshot.New(&r)
	if err != nil {
		t.Fatal(err)
	}
	for step := range rapid.IntRange(0, most).Draw(t, "steps") {
		if s, err = s.With(drawChange(t, &r, 10*step)); err != nil {
			t.Fatal(err)
		}
	}
	return &r, s
}
