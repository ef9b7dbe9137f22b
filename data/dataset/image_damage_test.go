package dataset_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A store that is damaged beside a sound image, or an image beside a sound store, or
// both, is refused or answers what it did before: never anything else.
func TestDamageWithAnImage(t *testing.T) {
	x := newImagedStore(t)
	x.data.LeaveImage(t.Context())
	want := features(t, x.data.Snapshot())
	x.close()
	sound := map[string][]byte{}
	for _, end := range []string{"", "-image"} {
		b, err := os.ReadFile(x.path + end)
		if err != nil {
			t.Fatal(err)
		}
		sound[end] = b
	}
	refused, byImage, byRows, found := 0, 0, 0, 0
	for i := range 24 {
		r := rand.New(rand.NewPCG(uint64(i), 4))
		one := &imagedStore{t: t, path: filepath.Join(t.TempDir(), "store.gpkg"), program: x.program}
		for end, b := range sound {
			b = bytes.Clone(b)
			if hurt := i % 3; hurt == 2 || hurt == 0 && end == "" || hurt == 1 && end != "" {
				harm(r, b)
			}
			if err := os.WriteFile(one.path+end, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := one.start(1); err != nil {
			refused++
			continue
		}
		if one.imaged() {
			byImage++
		} else {
			byRows++
		}
		if diff := cmp.Diff(want, features(t, one.data.Snapshot())); diff != "" {
			t.Errorf("damage %d, by the image: %v: it answers otherwise:\n%.1000s", i, one.imaged(), diff)
		}
		if one.data.CheckRows(t.Context()); one.data.Status() != nil {
			found++
		}
		one.close()
	}
	t.Logf("%d refused, %d served by the image, %d by the rows; %d found afterwards", refused, byImage, byRows, found)
}

// harm changes some bytes.
func harm(r *rand.Rand, b []byte) {
	for range 1 + r.IntN(4) {
		switch at := r.IntN(len(b)); r.IntN(3) {
		case 0:
			b[at] ^= 1 << r.IntN(8)
		case 1:
			clear(b[at:min(at+512, len(b))])
		default:
			for i := at; i < min(at+512, len(b)); i++ {
				b[i] = byte(r.Uint32())
			}
		}
	}
}
