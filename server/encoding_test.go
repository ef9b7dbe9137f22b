package server

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func TestCodingFollowsAcceptEncoding(t *testing.T) {
	for header, want := range map[string]string{
		"": codingNone, "gzip": codingGzip, "GZIP;q=0.5": codingGzip, "zstd": codingZstd, "gzip, deflate, br, zstd": codingGzip,
		"*": codingGzip, "*;q=0": codingNone, "gzip;q=0": codingNone, "gzip;q=0, zstd;q=0": codingNone, "zstd;q=0, *": codingGzip,
		"gzip;q=1, zstd;q=0.5": codingGzip, "gzip;q=0.5, zstd; q=0.6": codingZstd, "br": codingNone, "identity": codingNone,
		"identity, gzip;q=0.5": codingNone, "identity;q=0.5, gzip": codingGzip, "gzip;q=0, *": codingNone, "gzip;q=x": codingGzip,
	} {
		if got := codingFor(header); got != want {
			t.Errorf("Accept-Encoding: %s gets %q, want %q", header, got, want)
		}
	}
}

// unpackedAnswer returns what an answer says, unpacked.
func unpackedAnswer(t *testing.T, h http.Handler, target, coding string) []byte {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept-Encoding", coding)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if got := w.Header().Get("Content-Encoding"); w.Code != http.StatusOK || got != coding || w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
		t.Errorf("%s: %d, coded %q, of %s bytes, and has %d", target, w.Code, got, w.Header().Get("Content-Length"), w.Body.Len())
	}
	var in io.Reader = w.Body
	var err error
	switch coding {
	case codingGzip:
		in, err = gzip.NewReader(in)
	case codingZstd:
		var z *zstd.Decoder
		if z, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1)); err == nil {
			defer z.Close()
			in = z
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(in)
	if err != nil {
		t.Error(err)
	}
	return said
}

var largeAnswers = []string{"/collections/places/items", "/collections/segments/items/kara-bak-lakkon-2023", "/collections/sources/items", "/collections/incidents/items", "/collections/incidents/items?limit=3"}

// Of many who ask at once, each gets its own answer, though answers share memory.
func TestAnswersDoNotMix(t *testing.T) {
	h := serve(t, shipped).Handler()
	alone := map[string][]byte{}
	for _, target := range largeAnswers {
		alone[target] = unpackedAnswer(t, h, target, codingNone)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for j := range 60 {
				target := largeAnswers[(i+j)%len(largeAnswers)]
				coding := []string{codingNone, codingGzip, codingZstd}[(i+j/7)%3]
				if len(alone[target]) < gzipFrom {
					coding = codingNone
				}
				if got := unpackedAnswer(t, h, target, coding); !bytes.Equal(got, alone[target]) {
					t.Errorf("%s coded %q differs from what it is alone", target, coding)
				}
			}
		})
	}
	wait.Wait()
}

// Requests leave nothing running behind.
func TestRequestsLeaveNoGoroutines(t *testing.T) {
	h := serve(t, shipped).Handler()
	ask := func(n int) {
		for i := range n {
			unpackedAnswer(t, h, largeAnswers[i%2], []string{codingGzip, codingZstd}[i/2%2])
		}
	}
	ask(20)
	before := runtime.NumGoroutine()
	ask(3000)
	for range 6000 { // those of other tests may still be at their end
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines after 3,000 requests, %d before", runtime.NumGoroutine(), before)
}
