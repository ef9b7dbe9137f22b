package snapshot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/image"
	"demarc/data/snapshot"
	"demarc/data/synth"
)

// imageOf writes a snapshot's image into a file.
func imageOf(t interface{ Fatalf(string, ...any) }, s *snapshot.Snapshot, path string) {
	w, err := image.Create(context.Background(), path)
	if err == nil {
		if err = s.WriteImage(w); err == nil {
			err = w.Commit()
		} else {
			err = w.Abort(err)
		}
	}
	if err != nil {
		t.Fatalf("write the image: %v", err)
	}
}

// restored makes a snapshot of an image and of the records that are no incidents.
func restored(path string, s *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	r, err := image.Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	rest := *s.Records()
	rest.Incidents = nil
	return snapshot.FromImage(r, &rest)
}

// A snapshot that is made of an image is the one of which it was written, however
// that came to be, answers the same, and leads to the same with changes and on a day.
func TestImageIsTheSnapshot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "image")
	rapid.Check(t, func(t *rapid.T) {
		r, s := drawSnapshot(t, 6)
		imageOf(t, s, path)
		got, err := restored(path, s)
		if err != nil {
			t.Fatal(err)
		}
		same := func(what string, want, got *snapshot.Snapshot) {
			t.Helper()
			if diff := gocmp.Diff(told(t, want), told(t, got)); diff != "" {
				t.Fatalf("%s (-before +of the image):\n%s", what, diff)
			}
			compareAnswers(t, got, want)
		}
		same("as it was", s, got)
		day := rapid.Custom(func(t *rapid.T) data.Date { return drawDate(t, false) }).Draw(t, "as of")
		then, err := s.AsOf(day)
		if err != nil {
			t.Fatal(err)
		}
		gotThen, err := got.AsOf(day)
		if err != nil {
			t.Fatal(err)
		}
		same("as of "+day.String(), then, gotThen)
		for step := range rapid.IntRange(1, 3).Draw(t, "further steps") {
			c := drawChange(t, r, 100*step+100)
			if s, err = s.With(c); err != nil {
				t.Fatal(err)
			}
			if got, err = got.With(c); err != nil {
				t.Fatal(err)
			}
			same(fmt.Sprintf("after %+v", c), s, got)
		}
		got.Encode()
		same("encoded", s, got)
	})
}

// large are synthetic records, enough for every form of column and many pieces.
func large(t *testing.T, n int) *data.Records {
	real, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	return synth.New(real, 1).Records(n)
}

// What does not stand any more is in no byte of an image, though it is still in the
// memory of the snapshot; nor are words of drafts, which are laid over it.
func TestImageForgetsWhatIsGone(t *testing.T) {
	r := large(t, 3000)
	const secret = "a name that must not stay"
	old := r.Incidents[1500]
	for i := range 3 { // a text that comes again is kept for all
		r.Incidents[1500+i].Note, r.Incidents[1500+i].Title = secret, secret
	}
	s, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "image")
	has := func() bool {
		imageOf(t, s, path)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(b, []byte(secret))
	}
	if !has() {
		t.Fatal("an image does not have the title of an incident: the test looks for nothing")
	}
	var changes []snapshot.Change
	for i := range 3 {
		changes = append(changes, snapshot.Change{Kind: data.Incidents, ID: r.Incidents[1500+i].ID})
	}
	if s, err = s.With(changes...); err != nil {
		t.Fatal(err)
	}
	draft := old
	draft.Note, draft.Summary, draft.OccurrenceReason = secret, secret, secret
	if _, err := s.With(snapshot.Change{Kind: data.Incidents, ID: old.ID, To: data.Record{Kind: data.Incidents, Value: &draft}}); err != nil {
		t.Fatal(err)
	}
	if has() {
		t.Error("the image has what was taken out")
	}
}

// A large snapshot, changed here and there, is the same from its image; a bit that is
// another makes it be refused, or is in no byte that counts.
func TestImageOfManyIncidents(t *testing.T) {
	r := large(t, 2500)
	s, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	var changes []snapshot.Change
	for i := 0; i < len(r.Incidents); i += 50 {
		in := r.Incidents[i]
		if in.Title += " (changed)"; i%3 == 0 {
			changes = append(changes, snapshot.Change{Kind: data.Incidents, ID: in.ID})
		} else {
			changes = append(changes, snapshot.Change{Kind: data.Incidents, ID: in.ID, To: data.Record{Kind: data.Incidents, Value: &in}})
		}
	}
	if s, err = s.With(changes...); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "image")
	imageOf(t, s, path)
	got, err := restored(path, s)
	if err != nil {
		t.Fatal(err)
	}
	if got.Revision() != s.Revision() {
		t.Errorf("revision %s, want %s", got.Revision(), s.Revision())
	}
	for _, id := range []string{"incidents", "claims"} {
		a, _ := s.Collection(id)
		b, _ := got.Collection(id)
		if diff := gocmp.Diff(written(t, a), written(t, b)); diff != "" {
			t.Fatalf("%s (-before +of the image):\n%.2000s", id, diff)
		}
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		hurt := bytes.Clone(whole)
		switch at := random.IntN(len(hurt)); random.IntN(4) {
		case 0:
			hurt = hurt[:at]
		case 1:
			clear(hurt[at:min(at+4096, len(hurt))])
		default:
			hurt[at] ^= 1 << random.IntN(8)
		}
		if bytes.Equal(hurt, whole) {
			continue
		}
		if err := os.WriteFile(path, hurt, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := restored(path, s); !errors.Is(err, image.ErrDamaged) {
			t.Errorf("a damaged image is taken: %v", err)
		}
	}
}

// written returns the features of a collection as they are written, in their order.
func written(t *testing.T, c *snapshot.Collection) []string {
	var out []string
	for _, h := range items(t, c, snapshot.Query{}).Hits {
		out = append(out, string(h.JSON))
	}
	return out
}

// An image goes with its own records alone.
func TestImageOfOtherRecords(t *testing.T) {
	r := large(t, 100)
	s, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "image")
	imageOf(t, s, path)
	r.Sources[0].Note += "x"
	other, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := restored(path, other); err == nil {
		t.Error("it is taken with another source")
	}
}
