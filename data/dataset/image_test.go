package dataset_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
)

// A dataset that is loaded by the image, with whatever changed since, is the one that
// is read row by row; and so it is when it goes on.
func TestImageIsTheStore(t *testing.T) {
	x := newImagedStore(t)
	r := rand.New(rand.NewPCG(5, 8))
	byImage := 0
	for round := range 8 {
		if r.IntN(3) == 0 {
			if err := os.Remove(x.path + "-image"); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
		}
		x.close()
		x.open(1)
		if x.imaged() {
			byImage++
		}
		x.change(r)
		x.data.LeaveImage(t.Context())
		x.change(r)
		x.close()
		x.open(1)
		got, was := x.all(), x.imaged()
		if was {
			byImage++
		}
		x.close()
		x.open(0)
		if diff := cmp.Diff(x.all(), got); diff != "" {
			t.Fatalf("round %d, by the image: %v (-rows +image):\n%.3000s\n%s", round, was, diff, x.log.String())
		}
	}
	if byImage < 4 {
		t.Errorf("only %d starts were by the image", byImage)
	}
}

// The image is gone before a redaction is acknowledged, also where none is kept; and
// what was removed is in none that is written then.
func TestRedactionRemovesTheImage(t *testing.T) {
	for _, from := range []uint64{0, 1} {
		x := newImagedStore(t)
		const secret = "what must not stay"
		in := x.data.Snapshot().Records().Incidents[3]
		in.Title = secret
		apply(t, x.data, data.Batch{Author: "ann", Changes: []data.Change{{Kind: data.Incidents, ID: in.ID, Operation: data.Put, Expect: -1, Body: encoded(t, data.Record{Kind: data.Incidents, Value: &in})}}})
		x.data.LeaveImage(t.Context())
		if b, err := os.ReadFile(x.path + "-image"); err != nil || !strings.Contains(string(b), secret) {
			t.Fatal("the image does not have what is to be removed:", err)
		}
		x.close()
		x.open(from)
		if err := os.WriteFile(x.path+"-image.part", []byte(secret), 0o600); err != nil { // left by a kill
			t.Fatal(err)
		}
		if x.imaged() != (from > 0) {
			t.Errorf("from %d: loaded by the image: %v\n%s", from, x.imaged(), x.log.String())
		}
		apply(t, x.data, data.Batch{Author: "ann", Changes: []data.Change{{Kind: data.Incidents, ID: in.ID, Operation: data.Redact, Expect: -1}}})
		if x.there() {
			t.Error("the image is still there")
		}
		if x.data.LeaveImage(t.Context()); from == 0 {
			continue
		}
		b, err := os.ReadFile(x.path + "-image")
		if err != nil || strings.Contains(string(b), secret) {
			t.Error("the image has what was removed:", err)
		}
		x.close()
		x.open(from)
		if !x.imaged() {
			t.Error("it is not loaded by the image:", x.log.String())
		}
	}
}

// An image is not taken that another build of the program wrote, that is another
// store's or of an older copy's future, or that is damaged: all is read then, and told.
func TestImageThatDoesNotFit(t *testing.T) {
	read := func(path string) []byte {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, spoil := range map[string]func(x *imagedStore){
		"another program": func(x *imagedStore) { x.program = "another one" },
		"another store": func(x *imagedStore) {
			other := newImagedStore(t)
			other.data.LeaveImage(t.Context())
			if err := os.WriteFile(x.path+"-image", read(other.path+"-image"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"an older copy of the store": func(x *imagedStore) {
			before := read(x.path)
			x.open(0)
			apply(t, x.data, one(data.Put, "src-x", 0, source("src-x", "one")))
			x.close()
			if err := os.Remove(x.path + "-image"); err != nil {
				t.Fatal(err)
			}
			x.open(1)
			x.data.LeaveImage(t.Context())
			x.close()
			if err := os.WriteFile(x.path, before, 0o600); err != nil {
				t.Fatal(err)
			}
			x.open(0)
			apply(t, x.data, one(data.Sketch, "src-x", 0, source("src-x", "two")))
			x.close()
		},
		"damage": func(x *imagedStore) {
			b := read(x.path + "-image")
			b[len(b)/2] ^= 4
			if err := os.WriteFile(x.path+"-image", b, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := newImagedStore(t)
			x.data.LeaveImage(t.Context())
			x.close()
			spoil(x)
			x.open(1)
			if x.imaged() || strings.Count(x.log.String(), "is not used") != 1 {
				t.Errorf("loaded by the image: %v; the log says\n%s", x.imaged(), x.log.String())
			}
			got := x.all()
			x.data.LeaveImage(t.Context()) // anew
			x.close()
			x.open(1)
			if !x.imaged() {
				t.Error("the image that was written anew is not used:", x.log.String())
			}
			if diff := cmp.Diff(got, x.all()); diff != "" {
				t.Errorf("(-rows +image):\n%.2000s", diff)
			}
		})
	}
}

// A damaged row is found behind the back of the service: it serves what the image
// says, takes no changes, and the next start is refused.
func TestDamagedRowBehindAnImage(t *testing.T) {
	x := newImagedStore(t)
	x.data.LeaveImage(t.Context())
	want := features(t, x.data.Snapshot())
	v, err := x.data.Version(data.Incidents, x.data.Snapshot().Records().Incidents[7].ID)
	if err != nil {
		t.Fatal(err)
	}
	row := v.Revision.Sequence
	named := fmt.Sprintf("row %d", row)
	x.close()
	db, err := sql.Open("sqlite", x.path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE demarc_versions SET body = CAST(replace(body, 'a', 'b') AS BLOB) WHERE sequence = ?`, row); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	x.open(1)
	if !x.imaged() {
		t.Fatal("it is not loaded by the image:", x.log.String())
	}
	if err := x.data.Status(); err != nil {
		t.Fatal(err)
	}
	x.data.CheckRows(t.Context())
	if err := x.data.Status(); !errors.Is(err, data.ErrUnavailable) || !strings.Contains(err.Error(), named) {
		t.Errorf("status %v, want that %s is damaged", err, named)
	}
	if !strings.Contains(x.log.String(), "level=ERROR") {
		t.Error("the log does not tell:", x.log.String())
	}
	if !slices.Equal(want, features(t, x.data.Snapshot())) {
		t.Error("what is served is not what it was")
	}
	if _, err := x.data.Apply(t.Context(), one(data.Put, "src-x", 0, source("src-x", "one"))); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("a change is answered %v", err)
	}
	x.data.LeaveImage(t.Context())
	if x.close(); x.there() {
		t.Error("the image is still there")
	}
	if err := x.start(1); err == nil || !strings.Contains(err.Error(), named) {
		t.Errorf("the next start is not refused for %s: %v", named, err)
	}
}

// What is published meanwhile is in the image or behind it, never lost: it is written
// while others change the dataset.
func TestImageBesideWriters(t *testing.T) {
	x := newImagedStore(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := range 40 {
			id := fmt.Sprintf("src-%d", n)
			if _, err := x.data.Apply(context.Background(), one(data.Put, id, 0, source(id, "p"))); err != nil {
				t.Error(err)
			}
		}
	}()
	x.data.LeaveImage(t.Context())
	<-done
	x.close()
	x.open(1)
	got, was := x.all(), x.imaged()
	x.close()
	x.open(0)
	if diff := cmp.Diff(x.all(), got); diff != "" || !was {
		t.Errorf("by the image: %v (-rows +image):\n%.2000s", was, diff)
	}
}
