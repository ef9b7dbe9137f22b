package gpkg_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/store"
	"demarc/data/store/gpkg"
	"demarc/data/token"
	"demarc/geo"
)

var sourcesSchema = geo.Schema{Collection: "sources", Fields: []geo.Field{{Name: "id"}, {Name: "publisher"}}}

func sourcesTable() gpkg.Options {
	return gpkg.Options{Collections: []gpkg.Collection{{Schema: &sourcesSchema, Title: "Sources", HasGeometry: true, GeometryType: "POINT"}}}
}

// shown is a source as a feature.
func shown(id, publisher string) store.Shown {
	return store.Shown{Collection: "sources", ID: id, Feature: &geo.Feature{ID: id, Geometry: orb.Point{70, 39},
		Values: []geo.Value{geo.StringValue(id), geo.StringValue(publisher)}}}
}

func put(op data.Operation, id, publisher string) data.Batch {
	c := data.Change{Kind: data.Sources, ID: id, Operation: op, Expect: -1}
	if op == data.Put || op == data.Sketch {
		c.Body = fmt.Appendf(nil, `{"id":%q,"publisher":%q}`, id, publisher)
	}
	return data.Batch{Author: "ann", Comment: "why", Origin: "api", At: time.Unix(1e9, 0), Changes: []data.Change{c}}
}

// fill writes some of everything into a store.
func fill(t *testing.T, st *gpkg.Store, word string) {
	t.Helper()
	commit := func(shows []store.Shown, batches ...data.Batch) {
		if _, err := st.Commit(t.Context(), store.Group{Batches: batches, Shown: shows}); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 150 {
		id, publisher := fmt.Sprintf("s%d", n), word+strings.Repeat("x", n%200)
		b := put(data.Put, id, publisher)
		b.Key = fmt.Sprintf("key %d", n)
		commit([]store.Shown{shown(id, publisher)}, b)
	}
	for n := range 30 {
		id := fmt.Sprintf("s%d", n)
		commit([]store.Shown{shown(id, "corrected")}, put(data.Put, id, "corrected"))
		commit(nil, put(data.Sketch, id, "draft of "+word))
	}
	commit([]store.Shown{{Collection: "sources", ID: "s50"}}, put(data.Redact, "s50", ""))
	commit([]store.Shown{{Collection: "sources", ID: "s51"}}, put(data.Retract, "s51", ""))
	tok, _, err := token.New("ann", token.Editor, nil, time.Unix(1e9, 0), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.AddToken(t.Context(), tok); err != nil {
		t.Fatal(err)
	}
}

// dump is everything that a store tells.
type dump struct {
	Standing map[string]data.Version
	All      []data.Version
	Tokens   []token.Token
}

// read opens a store and reads everything. What comes in all is what a service
// shows; the error of Verify comes by itself.
func read(ctx context.Context, path string) (d dump, verified, err error) {
	st, err := gpkg.Open(ctx, path, sourcesTable())
	if err != nil {
		return d, nil, err
	}
	defer st.Close()
	d.Standing = map[string]data.Version{}
	if _, err := st.Load(ctx, func(v data.Version) error {
		d.Standing[fmt.Sprint(v.Kind, v.ID, v.Draft())] = v
		return nil
	}); err != nil {
		return d, nil, err
	}
	for v, err := range st.Changes(ctx, 0) {
		if err != nil {
			return d, nil, err
		}
		d.All = append(d.All, v)
	}
	if d.Tokens, err = st.Tokens(ctx); err != nil {
		return d, nil, err
	}
	if verified = st.Verify(ctx); verified == nil {
		count := 0
		for _, v := range d.Standing {
			if v.Stands() {
				count++
			}
		}
		verified = st.VerifyShown(ctx, "sources", count, func(id string) *geo.Feature {
			v, ok := d.Standing[fmt.Sprint(data.Sources, id, false)]
			if !ok || !v.Stands() {
				return nil
			}
			r, err := data.DecodeRecord(data.Sources, v.Body)
			if err != nil {
				return nil
			}
			return shown(id, r.Value.(*data.Source).Publisher).Feature
		})
	}
	return d, verified, nil
}

// damages are ways in which a file of pages can be hurt.
var damages = map[string]func(r *rand.Rand, b, other []byte) []byte{
	"a bit is flipped": func(r *rand.Rand, b, _ []byte) []byte {
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		return b
	},
	"a byte of a row is another": func(r *rand.Rand, b, _ []byte) []byte {
		for _, word := range [][]byte{[]byte("original"), []byte("corrected"), []byte("publish"), []byte("draft of")} {
			if at := bytes.Index(b[r.IntN(len(b)):], word); at > 0 && r.IntN(2) == 0 {
				b[bytes.LastIndex(b, word)+r.IntN(len(word))]++
				return b
			}
		}
		b[r.IntN(len(b))]++
		return b
	},
	"a page is zeroed": func(r *rand.Rand, b, _ []byte) []byte {
		clear(page(r, b))
		return b
	},
	"two pages are swapped": func(r *rand.Rand, b, _ []byte) []byte {
		one, two := page(r, b), page(r, b)
		kept := bytes.Clone(one)
		copy(one, two)
		copy(two, kept)
		return b
	},
	"a page is another store's": func(r *rand.Rand, b, other []byte) []byte {
		at := r.IntN(min(len(b), len(other))/4096) * 4096
		copy(b[at:at+4096], other[at:at+4096])
		return b
	},
	"it is cut short": func(r *rand.Rand, b, _ []byte) []byte { return b[:r.IntN(len(b))] },
	"it is cut short after a page": func(r *rand.Rand, b, _ []byte) []byte {
		return b[:r.IntN(len(b)/4096)*4096]
	},
	"a sector is noise": func(r *rand.Rand, b, _ []byte) []byte {
		at := r.IntN(len(b)/512) * 512
		for i := range 512 {
			b[at+i] = byte(r.Uint32())
		}
		return b
	},
}

func page(r *rand.Rand, b []byte) []byte {
	at := r.IntN(len(b)/4096) * 4096
	return b[at : at+4096]
}

// A damaged store is refused by name, or tells the same as before; and what
// demarc verify passes is the same to the last row.
func TestDamagedStores(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	original, other := closed(t, path, "original"), closed(t, filepath.Join(t.TempDir(), "store.gpkg"), "original")
	want, verified, err := read(t.Context(), path)
	if err != nil || verified != nil {
		t.Fatal(err, verified)
	}
	n := often(t, "DEMARC_TORTURE_DAMAGE", 200)
	refused, found, same := 0, 0, 0
	names := slices.Sorted(maps.Keys(damages)) // so that a number is the same damage every time
	dir := t.TempDir()
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 3))
		name := names[i%len(names)]
		hurt := damages[name](r, bytes.Clone(original), other)
		file := filepath.Join(dir, fmt.Sprintf("store%d.gpkg", i))
		if err := os.WriteFile(file, hurt, 0o600); err != nil {
			t.Fatal(err)
		}
		got, verified, err := read(t.Context(), file)
		switch {
		case err != nil:
			refused++
			if !strings.Contains(err.Error(), filepath.Base(file)) {
				t.Errorf("%s (%d): refused without a name: %v", name, i, err)
			}
		case cmp.Diff(want.Standing, got.Standing) != "" && len(hurt) > 0:
			t.Errorf("%s (%d): it is served, and tells otherwise:\n%.500s", name, i, cmp.Diff(want.Standing, got.Standing))
		case verified != nil:
			found++
		case cmp.Diff(want, got) != "" && len(hurt) > 0:
			t.Errorf("%s (%d): verified, and tells otherwise:\n%.500s", name, i, cmp.Diff(want, got))
		default:
			same++
		}
		for _, end := range []string{"", "-wal", "-shm", "-journal", "-owner"} {
			_ = os.Remove(file + end) // most are not there
		}
	}
	t.Logf("%d damaged stores: %d refused at the start, %d found by verify, %d the same", n, refused, found, same)
	if refused < n/10 {
		t.Errorf("only %d of %d refused: the damage does not bite", refused, n)
	}
}

// closed makes a store, fills it, closes it, and returns its bytes.
func closed(t *testing.T, path, word string) []byte {
	t.Helper()
	st, err := gpkg.Open(t.Context(), path, sourcesTable())
	if err != nil {
		t.Fatal(err)
	}
	fill(t, st, word)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
