package server

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"demarc/data/ledger"
	"demarc/data/store/gpkg"
)

// logged serves the invented records out of a store with a log.
func logged(t *testing.T) *desk {
	t.Helper()
	st, err := gpkg.Open(t.Context(), filepath.Join(t.TempDir(), "store.gpkg"), gpkg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return writableOn(t, st, Config{Log: st})
}

const clashProof = "/collections/incidents/items/2001-02-03-alpha-clash/revisions/1/proof"

func TestLog(t *testing.T) {
	d := logged(t)
	var about logAbout
	d.get("/log").expect(http.StatusOK, "application/json").into(&about)
	signed := d.get("/log/checkpoint").expect(http.StatusOK, "text/plain; charset=utf-8")
	at, err := ledger.ReadCheckpoint(signed.body, about.PublicKey)
	if err != nil || at.Size != about.Size || at.Root.String() != about.Root || at.Origin != about.Origin || at.Size < 10 {
		t.Fatalf("the checkpoint says %+v (%v), the log %+v", at, err, about)
	}
	if a := d.get("/log/checkpoint", "If-None-Match", signed.header.Get("ETag")); a.status != http.StatusNotModified {
		t.Errorf("the same checkpoint again: %d", a.status)
	}
	bundle := d.get("/log/"+ledger.EntriesPath(0, int(at.Size))).expect(http.StatusOK, "application/octet-stream")
	leaves, err := ledger.Entries(bundle.body)
	if err != nil || int64(len(leaves)) != at.Size {
		t.Fatalf("%d leaves of %d: %v", len(leaves), at.Size, err)
	}
	tile := d.get("/log/"+ledger.TilePath(0, 0, int(at.Size))).expect(http.StatusOK, "application/octet-stream")
	for i, leaf := range leaves {
		if h := tlog.RecordHash(leaf); string(tile.body[32*i:32*i+32]) != string(h[:]) {
			t.Errorf("leaf %d does not have its hash", i)
		}
	}
	if cache := tile.header.Get("Cache-Control"); cache != "no-cache" {
		t.Errorf("a tile that is not full has Cache-Control %q", cache)
	}
	for _, absent := range []string{"/log/tile/0/000", "/log/tile/0/001.p/1", "/log/tile/0/0", "/log/tile/entries/000.p/256", "/log/tile/entries/000.p/255", "/log/tile/64/000", "/log/tile/", "/log/tile",
		"/collections/incidents/items/no-such/revisions/1/proof", strings.Replace(clashProof, "/1/", "/9/", 1), strings.Replace(clashProof, "/1/", "/01/", 1),
		"/collections/nowhere/items/x/revisions/1/proof", "/collections/claims/items/2001-02-03-alpha-clash.c99/revisions/1/proof"} {
		d.get(absent).problem(http.StatusNotFound, "not-found")
	}
	for _, target := range []string{"/log", "/log/checkpoint", "/log/" + ledger.EntriesPath(0, 1), clashProof} {
		d.get(target+"?nope=1").problem(http.StatusBadRequest, "invalid-parameter")
		d.ask(http.MethodPost, target).problem(http.StatusMethodNotAllowed, "method-not-allowed")
		d.ask(http.MethodHead, target).is(http.StatusOK)
	}
}

// A tile that is full is kept for good by who has it.
func TestFullTilesAreImmutable(t *testing.T) {
	d := logged(t)
	var sources []string
	for i := range 512 {
		sources = append(sources, fmt.Sprintf(`{"type":"Feature","geometry":null,"properties":{"id":"source-%d","publisher":"P"}}`, i))
	}
	d.send("ann", "POST", "/collections/sources/items", `{"type":"FeatureCollection","features":[`+strings.Join(sources, ",")+`]}`).is(http.StatusCreated)
	for _, target := range []string{"/log/tile/0/000", "/log/tile/entries/000"} {
		if cache := d.get(target).is(http.StatusOK).header.Get("Cache-Control"); cache != "public, max-age=31536000, immutable" {
			t.Errorf("%s has Cache-Control %q", target, cache)
		}
	}
	d.get("/log/tile/1/000.p/1").is(http.StatusOK)
}

// What was redacted leaves the proof that something stood there, and nothing of
// what it was; drafts leave nothing.
func TestProofAfterRedaction(t *testing.T) {
	d := setStageOn(t, logged(t))
	var p proof
	d.get(clashProof).expect(http.StatusOK, "application/json").into(&p)
	if p.Removed || p.Salt == nil || !strings.Contains(p.Record, `"2001-02-03-alpha-clash"`) || !strings.Contains(p.Leaf, `"kind":"publish"`) {
		t.Errorf("the proof is %+v", p)
	}
	p = proof{}
	a := d.get(redacted+"/revisions/1/proof").expect(http.StatusOK, "application/json")
	a.into(&p)
	if !p.Removed || p.Salt != nil || p.Record != "" || p.Leaf == "" || strings.Contains(string(a.body), `"salt"`) {
		t.Errorf("the proof of what was redacted is %s", a.body)
	}
	var claim proof
	d.get("/collections/claims/items/2001-02-03-alpha-clash.c2/revisions/1/proof").into(&claim)
	if !strings.Contains(claim.Leaf, `"collection":"incidents"`) || claim.Record == "" {
		t.Errorf("the proof of a claim is %+v", claim)
	}
	d.get(ownDraft+"/revisions/1/proof").problem(http.StatusNotFound, "not-found")
	d.get(overDraft+"/revisions/2/proof").problem(http.StatusNotFound, "not-found")
}

// Features, their versions and the API lead to the proofs where there is a log,
// and nowhere else.
func TestProofsAreLinked(t *testing.T) {
	d := logged(t)
	clash := strings.TrimSuffix(clashProof, "/revisions/1/proof")
	for _, target := range []string{clash, clash + "/revisions", clash + "/revisions/1"} {
		if a := d.get(target).is(http.StatusOK); !strings.Contains(string(a.body), clashProof+`","rel":"proof"`) {
			t.Errorf("%s does not lead to the proof: %s", target, a.body)
		} else if header := strings.Join(a.header.Values("Link"), ", "); !strings.HasSuffix(target, "/revisions") && !strings.Contains(header, clashProof+`>; rel="proof"`) {
			t.Errorf("%s has the Link header %q", target, header)
		}
	}
	if p := checkPage(t, d.service, clash+"/revisions/1?f=html"); !slices.ContainsFunc(p.named("a"), func(e element) bool { return e.text == "proof" }) {
		t.Error("the page of a version does not lead to its proof")
	}
	paths := definition(t, d.service).Paths
	for _, path := range []string{"/log", "/log/checkpoint", "/log/tile/{level}/{number}", "/log/tile/entries/{number}", "/collections/claims/items/{featureId}/revisions/{number}/proof"} {
		if paths.Value(path) == nil {
			t.Errorf("the definition has no %s", path)
		}
	}

	none := writable(t, Config{})
	for _, target := range []string{"/log", "/log/checkpoint", "/log/tile/0/000.p/1", clashProof} {
		none.get(target).problem(http.StatusNotFound, "not-found")
	}
	if a := none.get(clash); strings.Contains(string(a.body), `"proof"`) {
		t.Errorf("a service without a log leads to a proof: %s", a.body)
	}
}
