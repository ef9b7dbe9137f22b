package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// bitFlipper stands before a service, and flips one bit of one of its answers.
type bitFlipper struct {
	mu     sync.Mutex
	bodies map[string][]byte // as they were, by path and query
	path   string            // whose answer is changed
	at     int               // the bit
}

func (f *bitFlipper) answer(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	asked := r.Request.URL.RequestURI()
	if f.path == "" {
		f.bodies[asked] = bytes.Clone(body)
	}
	if asked == f.path {
		body[f.at/8] ^= 1 << (f.at % 8)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// says tells what an answer says to who verifies: all of a tile, of a list the
// features and their number, of a feature all but the links and the words beside
// them, of a proof all that it is made of but the line of the signature.
func says(path string, body []byte) any {
	var doc map[string]any
	switch {
	case !strings.HasPrefix(path, "/collections/") || json.Unmarshal(body, &doc) != nil:
		return string(body)
	case strings.HasSuffix(path, "/proof"):
		var p publicProof
		if json.Unmarshal(body, &p) != nil {
			return string(body)
		}
		p.Checkpoint, _, _ = strings.Cut(p.Checkpoint, "— ")
		return p
	case doc["features"] != nil:
		return []any{doc["features"], doc["numberMatched"]}
	}
	for _, name := range []string{"links", "attribution", "bbox"} {
		delete(doc, name)
	}
	return doc
}

// TestOneBitOverHTTP flips bits of all that `demarc verify URL` reads of a small
// service, one at a time: of tiles and leaves, proofs, lists, features. Where a bit
// says something, it is found, and the answer is named.
func TestOneBitOverHTTP(t *testing.T) {
	base := startServer(t, "--store", oldStore(t, "store-form-1.gpkg.gz"))
	target, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	f := &bitFlipper{bodies: map[string][]byte{}}
	proxy := httptest.NewServer(&httputil.ReverseProxy{ModifyResponse: f.answer, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Header.Set("Accept-Encoding", "identity")
	}})
	defer proxy.Close()
	verify := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"verify", proxy.URL}, args...), &out, &errs)
		return code, out.String() + errs.String()
	}
	var about struct {
		PublicKey string `json:"public_key"`
	}
	fetchJSON(t, base+"/log", &about)
	if code, out := verify("--key", about.PublicKey); code != 0 || !strings.Contains(out, "features, each in its list and by itself") {
		t.Fatalf("before anything is flipped: %d %s", code, out)
	}
	var paths []string
	for path, body := range f.bodies {
		if paths = append(paths, path); len(body) == 0 {
			t.Errorf("%s is empty", path)
		}
	}
	slices.Sort(paths)
	random := rand.New(rand.NewPCG(7, 1))
	found := 0
	for _, path := range paths {
		for range tortured(t, "DEMARC_TORTURE_BITS", 8) {
			f.path = path
			good := f.bodies[path]
			f.at = random.IntN(8 * len(good))
			if path == "/log/checkpoint" {
				f.at %= 8 * bytes.Index(good, []byte("— ")) // the line of the signature has a name in it, which says nothing
			}
			bad := bytes.Clone(good)
			bad[f.at/8] ^= 1 << (f.at % 8)
			if reflect.DeepEqual(says(path, good), says(path, bad)) {
				continue
			}
			code, out := verify("--key", about.PublicKey)
			if code != 1 || !strings.Contains(out, nameOf(path)) {
				t.Errorf("bit %d of %s, in %q, is not found, or %q not named: %d %.400s", f.at, path, bad[max(0, f.at/8-20):min(len(bad), f.at/8+20)], nameOf(path), code, out)
			}
			found++
		}
	}
	t.Logf("%d flipped bits in %d answers were found", found, len(paths))
	if found < 100 {
		t.Errorf("%d bits were flipped, too few to tell", found)
	}
}

// nameOf returns how verify names an answer.
func nameOf(path string) string {
	if proof, ok := strings.CutSuffix(path, "/proof"); ok {
		parts := strings.Split(strings.TrimPrefix(proof, "/collections/"), "/")
		return parts[0] + "/" + parts[2] + ", version " + parts[4]
	}
	path, _, _ = strings.Cut(path, "?")
	return strings.TrimPrefix(path, "/log/")
}

// A service that gives every client its share is read at that pace.
func TestVerifyAtThePaceOfTheService(t *testing.T) {
	base := startServer(t, "--store", oldStore(t, "store-form-1.gpkg.gz"), "--read-rate", "30")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"verify", base}, &out, &errs); code != 0 || !strings.Contains(out.String(), "each in its list and by itself") {
		t.Errorf("verify ends with %d: %s%s", code, &out, &errs)
	}
	if body, status, err := getUntil(base, http.StatusTooManyRequests); err != nil || status != http.StatusTooManyRequests {
		t.Errorf("the service takes all that comes: %d %v %.100s", status, err, body)
	}
}

// getUntil asks until an answer has the status, at most a thousand times.
func getUntil(base string, want int) (body []byte, status int, err error) {
	for range 1000 {
		if body, status, err = get(base+"/collections", "application/json"); err != nil || status == want {
			break
		}
	}
	return body, status, err
}
