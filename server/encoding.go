package server

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// The codings of answers (RFC 9110 §8.4.1, RFC 8878).
const (
	codingNone = ""
	codingGzip = "gzip"
	codingZstd = "zstd"
)

// codingFor returns the coding that Accept-Encoding likes best (RFC 9110 §12.5.3).
// Of equals gzip is the one: zstd is a twentieth to a sixth smaller but takes longer
// (docs/bench/server.md). * means gzip too, which everybody reads.
func codingFor(header string) string {
	if header == "" {
		return codingNone
	}
	gzipped, zstded, any, plain := -1.0, -1.0, -1.0, -1.0
	for part := range strings.SplitSeq(header, ",") {
		coding, q, _ := strings.Cut(part, ";")
		weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(q, " ", ""), "q="), 64)
		if err != nil {
			weight = 1
		}
		switch coding = strings.TrimSpace(coding); {
		case strings.EqualFold(coding, codingGzip):
			gzipped = weight
		case strings.EqualFold(coding, codingZstd):
			zstded = weight
		case coding == "*":
			any = weight
		case strings.EqualFold(coding, "identity"):
			plain = weight
		}
	}
	if gzipped < 0 {
		gzipped = any
	}
	switch best := max(gzipped, zstded); {
	case best <= 0 || plain > best:
		return codingNone
	case zstded > gzipped:
		return codingZstd
	}
	return codingGzip
}

// acceptsGzip tells whether Accept-Encoding takes gzip, for what is kept packed.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, q, _ := strings.Cut(part, ";")
		coding = strings.TrimSpace(coding)
		if !strings.EqualFold(coding, codingGzip) && coding != "*" {
			continue
		}
		weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(q, " ", ""), "q="), 64)
		return err != nil || weight > 0
	}
	return false
}

// packers are kept for the next answer, since each takes 800 kB to make.
var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is one there is
	return w
}}

// zstdPacker packs for all: EncodeAll may be called at once, and needs no goroutine.
// Answers are small, and so is the window (RFC 9659 allows 8 MB).
var zstdPacker = sync.OnceValue(func() *zstd.Encoder {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<18), zstd.WithEncoderCRC(false))
	if err != nil {
		panic(err) // for options that there are not
	}
	return w
})

// compress packs an answer made for one request in gzip: fast.
func compress(body []byte) []byte { return appendPacked(nil, codingGzip, body) }

// appendPacked appends the body in a coding.
func appendPacked(dst []byte, coding string, body []byte) []byte {
	if coding == codingZstd {
		return zstdPacker().EncodeAll(body, dst)
	}
	out := bytes.NewBuffer(dst)
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(out)
	_, _ = w.Write(body) // a buffer takes everything
	_ = w.Close()
	w.Reset(io.Discard) // so that the pool does not hold the answer
	return out.Bytes()
}

// buffers are the memory of answers, kept for the next ones.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxKept is up to how many bytes a buffer is kept: a rare large answer must not stay.
const maxKept = 4 << 20

// keepBuffer gives the memory of a buffer of the pool back, as far as it has grown.
// Nobody may look at it any more.
func keepBuffer(buffer *[]byte, grown []byte) {
	if cap(grown) <= maxKept {
		*buffer = grown[:0]
		buffers.Put(buffer)
	}
}
