package image_test

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"demarc/data/image"
)

// content is what a test writes.
type content struct {
	Bytes   []byte
	Small   []uint8
	Middle  []uint16
	Numbers []uint32
	Signed  []int64
	Large   []uint64
	Texts   []string
}

const textsPiece = 16

func (c *content) write(w *image.Writer) error {
	return errors.Join(
		w.Bytes("bytes", c.Bytes),
		image.Numbers(w, "small", len(c.Small), func(i int) uint8 { return c.Small[i] }),
		image.Numbers(w, "middle", len(c.Middle), func(i int) uint16 { return c.Middle[i] }),
		image.Numbers(w, "numbers", len(c.Numbers), func(i int) uint32 { return c.Numbers[i] }),
		image.Numbers(w, "signed", len(c.Signed), func(i int) int64 { return c.Signed[i] }),
		image.Numbers(w, "large", len(c.Large), func(i int) uint64 { return c.Large[i] }),
		w.Texts("texts", len(c.Texts), textsPiece, func(i int) string { return c.Texts[i] }))
}

// kept writes an image and returns its bytes.
func kept(t interface{ Fatal(...any) }, c *content, path string) []byte {
	w, err := image.Create(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.write(w); err != nil {
		t.Fatal(w.Abort(err))
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// read reads an image.
func read(path string) (c *content, err error) {
	r, err := image.Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c = &content{}
	errs := make([]error, 7)
	c.Bytes, errs[0] = r.Bytes("bytes")
	c.Small, errs[1] = image.Array[uint8](r, "small")
	c.Middle, errs[2] = image.Array[uint16](r, "middle")
	c.Numbers, errs[3] = image.Array[uint32](r, "numbers")
	c.Signed, errs[4] = image.Array[int64](r, "signed")
	c.Large, errs[5] = image.Array[uint64](r, "large")
	c.Texts, errs[6] = r.Strings("texts", textsPiece)
	return c, errors.Join(errs...)
}

func draw(t *rapid.T) *content {
	return &content{
		Bytes: []byte(rapid.String().Draw(t, "bytes")), Small: rapid.SliceOfN(rapid.Uint8(), 0, 40).Draw(t, "small"),
		Middle: rapid.SliceOfN(rapid.Uint16(), 0, 40).Draw(t, "middle"), Numbers: rapid.SliceOfN(rapid.Uint32(), 0, 40).Draw(t, "numbers"),
		Signed: rapid.SliceOfN(rapid.Int64(), 0, 40).Draw(t, "signed"), Large: rapid.SliceOfN(rapid.Uint64(), 0, 40).Draw(t, "large"),
		Texts: rapid.SliceOfN(rapid.String(), 0, 60).Draw(t, "texts"),
	}
}

// same tells how two contents differ; none is the same as empty.
func same(a, b *content) string {
	return cmp.Diff(a, b, cmp.Comparer(func(x, y []byte) bool { return string(x) == string(y) }))
}

// What is read is what was written; and of a file with one byte that is another,
// nothing that was not.
func TestImage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "image")
	rapid.Check(t, func(t *rapid.T) {
		want := draw(t)
		b := kept(t, want, path)
		got, err := read(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := same(want, got); diff != "" {
			t.Fatalf("(-written +read):\n%s", diff)
		}
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if rapid.Bool().Draw(t, "cut") {
			b = b[:rapid.IntRange(0, len(b)-1).Draw(t, "length")]
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err = read(path); !errors.Is(err, image.ErrDamaged) {
			t.Fatalf("a damaged file is read as %+v, %v", got, err)
		}
	})
}

// Arrays of several pieces come in their order.
func TestLongArrays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "image")
	want := &content{Numbers: make([]uint32, 700_001), Signed: make([]int64, 300_000), Texts: make([]string, 1000)}
	for i := range want.Numbers {
		want.Numbers[i] = uint32(i) * 2654435761
	}
	for i := range want.Signed {
		want.Signed[i] = math.MinInt64 + int64(i)
	}
	for i := range want.Texts {
		want.Texts[i] = strings.Repeat("x", i)
	}
	kept(t, want, path)
	got, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	got.Small, got.Middle, got.Large, got.Bytes = nil, nil, nil, nil
	if diff := same(want, got); diff != "" {
		t.Errorf("(-written +read):\n%.500s", diff)
	}
}

// A file is at its place when it is whole, and no sooner; what an ended writing left
// is taken away by the next one, and by Remove.
func TestWritingEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "image")
	there := func() (names []string) {
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	ctx, cancel := context.WithCancel(t.Context())
	w, err := image.Create(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Bytes("bytes", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it is there before it is whole")
	}
	if cancel(); !errors.Is(w.Bytes("more", nil), context.Canceled) || !errors.Is(w.Commit(), context.Canceled) {
		t.Error("it is written on when its context has ended")
	}
	if names := there(); len(names) > 0 {
		t.Errorf("an ended writing leaves %v", names)
	}
	if err := os.WriteFile(path+".part", []byte("x"), 0o600); err != nil { // by a kill
		t.Fatal(err)
	}
	kept(t, &content{}, path)
	if diff := cmp.Diff([]string{"image"}, there()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its rights are %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path+".part", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := image.Remove(path); err != nil || len(there()) > 0 {
		t.Errorf("Remove leaves %v, %v", there(), err)
	}
	if err := image.Remove(path); err != nil {
		t.Errorf("removing what is not there: %v", err)
	}
}
