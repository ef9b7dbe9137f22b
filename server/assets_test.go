package server

import (
	"bytes"
	"io"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/gzip"
)

func TestFilesArePackedOnceAndTightly(t *testing.T) {
	text := bytes.Repeat([]byte("the same words again, "), 400)
	noise := make([]byte, 4000)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	files, err := loadFiles(fstest.MapFS{"a.js": {Data: text}, "b.woff2": {Data: noise}, "c.svg": {Data: []byte("<svg/>")}})
	if err != nil {
		t.Fatal(err)
	}
	packed := files["a.js"].packed()
	if len(packed) == 0 || len(packed) > len(text)/20 {
		t.Errorf("a.js of %d bytes is packed into %d", len(text), len(packed))
	}
	if again := files["a.js"].packed(); &again[0] != &packed[0] {
		t.Error("a.js is packed again for each who asks")
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, text) {
		t.Errorf("a.js unpacked: %d bytes, %v", len(got), err)
	}
	for _, name := range []string{"b.woff2", "c.svg"} {
		if p := files[name].packed(); p != nil {
			t.Errorf("%s is packed into %d bytes, which saves nothing", name, len(p))
		}
	}
}
