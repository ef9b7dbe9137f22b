package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/bits"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// publicProof is what …/revisions/{n}/proof answers, as a stranger reads it.
type publicProof struct {
	Index      int64    `json:"index"`
	Size       int64    `json:"size"`
	Leaf       string   `json:"leaf"`
	Hashes     [][]byte `json:"hashes"`
	Checkpoint string   `json:"checkpoint"`
	Salt       []byte   `json:"salt"`
	Record     string   `json:"record"`
}

// shows checks the proof after docs/log.md, by SHA-256 and Ed25519 alone: nothing
// of ours is used, so that a mistake in it cannot hide itself.
func (p *publicProof) shows(key string) error {
	lines := strings.Split(p.Checkpoint, "\n")
	parts := strings.SplitN(key, "+", 3) // name, key id, algorithm and key
	if len(lines) < 6 || len(parts) != 3 {
		return fmt.Errorf("checkpoint %q or key %q is not in the form", p.Checkpoint, key)
	}
	public, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(public) != 33 || public[0] != 1 {
		return fmt.Errorf("the key is no Ed25519 key: %v", err)
	}
	signature, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[4], "— "+parts[0]+" "))
	if err != nil || len(signature) != 4+64 || !ed25519.Verify(public[1:], []byte(strings.Join(lines[:3], "\n")+"\n"), signature[4:]) {
		return fmt.Errorf("the signature is not good: %v", err)
	}
	if lines[0] != parts[0] || lines[1] != fmt.Sprint(p.Size) {
		return fmt.Errorf("the checkpoint is another one's: %q", lines[:2])
	}

	hash := sha256.Sum256(append([]byte{0}, p.Leaf...))
	path := p.Hashes
	at, last := p.Index, p.Size-1 // RFC 9162 §2.1.3.2
	for ; last > 0 && len(path) > 0; at, last = at>>1, last>>1 {
		switch {
		case at&1 == 1:
			hash = sha256.Sum256(append(append([]byte{1}, path[0]...), hash[:]...))
		case at == last: // nothing to the right: up to where something is to the left
			up := min(bits.TrailingZeros64(uint64(at)|1<<62), 62)
			at, last = at>>up<<1, last>>up<<1
			continue
		default:
			hash = sha256.Sum256(append(append([]byte{1}, hash[:]...), path[0]...))
		}
		path = path[1:]
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || last != 0 || len(path) != 0 || !bytes.Equal(root, hash[:]) {
		return fmt.Errorf("the leaf and the hashes do not make the root")
	}

	var leaf struct{ Commitment string }
	if err := json.Unmarshal([]byte(p.Leaf), &leaf); err != nil {
		return err
	}
	content := sha256.Sum256(append(bytes.Clone(p.Salt), p.Record...))
	if hex.EncodeToString(content[:]) != leaf.Commitment {
		return fmt.Errorf("the content is not the leaf's")
	}
	return nil
}

// Whoever has SHA-256 can check that a version was published, and sees where one
// bit of the proof is another one.
func TestProofsHoldForStrangers(t *testing.T) {
	base := startServer(t)
	var about struct {
		Size      int64  `json:"size"`
		PublicKey string `json:"public_key"`
	}
	fetchJSON(t, base+"/log", &about)
	checked := 0
	for _, collection := range []string{"incidents", "sources", "parties", "places", "segments", "areas"} {
		all, _ := fetchItems(t, base, collection, "")
		for i, f := range all {
			if i%7 != 0 && i != len(all)-1 {
				continue
			}
			address := base + "/collections/" + collection + "/items/" + f.ID + "/revisions/1/proof"
			var p publicProof
			fetchJSON(t, address, &p)
			if err := p.shows(about.PublicKey); err != nil {
				t.Errorf("%s: %v", address, err)
			}
			if !strings.Contains(p.Leaf, `"id":"`+f.ID+`"`) || !strings.Contains(p.Record, `"`+f.ID+`"`) || p.Size != about.Size {
				t.Errorf("%s is of another record: %s", address, p.Leaf)
			}
			if checked++; checked == 5 {
				flipped(t, p, about.PublicKey)
			}
		}
	}
	if checked < 40 {
		t.Errorf("%d proofs were checked", checked)
	}
}

// flipped changes each bit of a proof in turn: none may go unseen.
func flipped(t *testing.T, p publicProof, key string) {
	t.Helper()
	if len(p.Hashes) < 6 {
		t.Fatalf("a proof of %d hashes shows little", len(p.Hashes))
	}
	texts := map[string]*string{"leaf": &p.Leaf, "record": &p.Record, "checkpoint": &p.Checkpoint}
	for name, text := range texts {
		good := *text
		end := len(good)
		if name == "checkpoint" {
			end = strings.LastIndex(good, "— ") // the line of the signature has a name in it, which says nothing
		}
		for i := range end * 8 {
			b := []byte(good)
			b[i/8] ^= 1 << (i % 8)
			*text = string(b)
			if p.shows(key) == nil {
				t.Errorf("bit %d of the %s makes no difference", i, name)
			}
		}
		*text = good
	}
	for n, h := range append(p.Hashes, p.Salt) {
		for i := range len(h) * 8 {
			h[i/8] ^= 1 << (i % 8)
			if p.shows(key) == nil {
				t.Errorf("bit %d of hash %d makes no difference", i, n)
			}
			h[i/8] ^= 1 << (i % 8)
		}
	}
	if err := p.shows(key); err != nil {
		t.Errorf("put back: %v", err)
	}
}

// A running service is checked over HTTP: what one flipped bit damages is named.
func TestVerifyOverHTTP(t *testing.T) {
	base := startServer(t)
	var about struct {
		Size      int    `json:"size"`
		PublicKey string `json:"public_key"`
	}
	fetchJSON(t, base+"/log", &about)
	verify := func(args ...string) (code int, out, errs string) {
		var stdout, stderr bytes.Buffer
		code = run(t.Context(), append([]string{"verify"}, args...), &stdout, &stderr)
		return code, stdout.String(), stderr.String()
	}
	if code, out, errs := verify(base, "--key", about.PublicKey); code != 0 || !strings.Contains(out, "no faults: "+strconv.Itoa(about.Size)+" versions") || strings.Contains(out, "note it") {
		t.Fatalf("verify ends with %d: %s%s", code, out, errs)
	}
	if code, out, errs := verify(base + "/"); code != 0 || !strings.Contains(out, about.PublicKey) {
		t.Errorf("without a key verify ends with %d: %s%s", code, out, errs)
	}
	if code, _, errs := verify(base, "--key", strings.Replace(about.PublicKey, "A", "B", 1)); code != 1 {
		t.Errorf("with another key verify ends with %d: %s", code, errs)
	}
	if about.Size < 300 {
		t.Fatalf("the log has %d leaves, and two tiles are needed", about.Size)
	}

	last := fmt.Sprintf("%03d.p/%d", about.Size/256, about.Size%256)
	const item = "/collections/sources/items/"
	all, _ := fetchItems(t, base, "sources", "")
	id := all[len(all)/2].ID
	for _, tt := range []struct{ path, around, name string }{
		{"/log/tile/0/000", "", "tile/0/000"},
		{"/log/tile/0/" + last, "", "tile/0/" + last},
		{fmt.Sprintf("/log/tile/1/000.p/%d", about.Size/256), "", "tile/1/000.p/"},
		{"/log/tile/entries/000", `"commitment":"`, "tile/entries/000: a leaf is another one"},
		{"/log/tile/entries/" + last, `"id":"`, "tile/entries/" + last},
		{"/log/checkpoint", "", "checkpoint"},
		{item + id + "/revisions/1/proof", `"record":"{\"`, "sources/" + id + ", version 1: its content"},
		{item + id + "/revisions/1/proof", `"salt":"`, "sources/" + id + ", version 1: "},
		{item + id + "/revisions/1/proof", `"leaf":"{\"`, "sources/" + id + ", version 1"},
		{item + id + "/revisions/1/proof", `"hashes":["`, "sources/" + id + ", version 1: its proof "},
		{item + id + "/revisions/1/proof", `"index":`, "sources/" + id + ", version 1"},
	} {
		t.Run(tt.path+tt.around, func(t *testing.T) {
			proxy := flipping(t, base, tt.path, tt.around)
			code, out, errs := verify(proxy, "--key", about.PublicKey)
			if code != 1 || !strings.Contains(errs, tt.name) {
				t.Errorf("verify ends with %d and does not name %s: %s%s", code, tt.name, out, errs)
			}
		})
	}
}

// flipping is a proxy that changes one bit of what has the path, behind the text
// around, or in the middle without one.
func flipping(t *testing.T, base, path, around string) string {
	t.Helper()
	target, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Set("Accept-Encoding", "identity")
		},
		ModifyResponse: func(r *http.Response) error {
			if r.Request.URL.Path != path {
				return nil
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			at := len(body) / 2
			if around != "" {
				at = bytes.Index(body, []byte(around)) + len(around)
			}
			body[at] ^= 1
			r.Body = io.NopCloser(bytes.NewReader(body))
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}
