package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// terminal returns w if it is one, and else nil.
func terminal(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return w
		}
	}
	return nil
}

// progress tells on a terminal how far a file has been read.
type progress struct {
	w    io.Writer // nil where nobody looks
	name string
	n    int
}

func newProgress(w io.Writer, name string) *progress { return &progress{w: terminal(w), name: name} }

func (p *progress) step() {
	if p.n++; p.w != nil && p.n%1000 == 0 {
		fmt.Fprintf(p.w, "\r%s: %d incidents", p.name, p.n)
	}
}

func (p *progress) end() {
	if p.w != nil && p.n >= 1000 {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// loadProgress returns what tells on a terminal how far a store has been read, and
// what takes that away again.
func loadProgress(w io.Writer) (tell func(read, atMost uint64), end func()) {
	if w = terminal(w); w == nil {
		return func(uint64, uint64) {}, func() {}
	}
	begun := time.Now()
	return func(read, atMost uint64) {
			fmt.Fprintf(w, "\r\x1b[K%s", loadingText(read, atMost, time.Since(begun)))
		}, func() {
			fmt.Fprint(w, "\r\x1b[K")
		}
}

// loadingText says how far a store has been read.
func loadingText(read, atMost uint64, took time.Duration) string {
	if read == atMost {
		return fmt.Sprintf("%d records read; building what answers", read)
	}
	return fmt.Sprintf("%d %% of %d records, %.0f a second", 100*read/atMost, atMost, float64(read)/max(took.Seconds(), 0.001))
}
