package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// Lines are those that slog's own handlers write.
func TestLinesAreThoseOfSlog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9/_.,&=+%-]*`), rapid.StringOf(rapid.RuneFrom([]rune("a =\"\\\n\x7f\u00e4\u2028\ufffd<>&"))), rapid.String())
		number := rapid.OneOf(rapid.Float64(), rapid.Map(rapid.IntRange(0, 40_000_000), func(us int) float64 { return float64(us) / 1000 }),
			rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1e-7, 1e-6, 999999, 1e6, 1e20, 1e21, math.Inf(1), math.NaN()}))
		r := slog.NewRecord(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "time"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")),
			rapid.SampledFrom([]slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelInfo + 1, slog.LevelError}).Draw(t, "level"), text.Draw(t, "message"), 0)
		for range rapid.IntRange(0, 8).Draw(t, "attributes") {
			key := rapid.SampledFrom([]string{"", "k", "a b", "ä"}).Draw(t, "key")
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				r.AddAttrs(slog.String(key, text.Draw(t, "text")))
			case 1:
				r.AddAttrs(slog.Int(key, rapid.Int().Draw(t, "int")))
			case 2:
				r.AddAttrs(slog.Float64(key, number.Draw(t, "float")))
			case 3:
				r.AddAttrs(slog.Group(key, slog.Bool("b", true)))
			case 4:
				r.AddAttrs(slog.Any(key, errors.New(text.Draw(t, "error"))))
			}
		}
		within := rapid.SampledFrom([]func(slog.Handler) slog.Handler{
			func(h slog.Handler) slog.Handler { return h },
			func(h slog.Handler) slog.Handler { return h.WithGroup("g") },
			func(h slog.Handler) slog.Handler { return h.WithAttrs([]slog.Attr{slog.Int("of", 1)}) },
		}).Draw(t, "within")
		for form, plain := range map[string]func(io.Writer) slog.Handler{
			"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
			"json": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
		} {
			var got, want bytes.Buffer
			log, flush := newLog(form, &got)
			if err := errors.Join(within(log.Handler()).Handle(t.Context(), r), within(plain(&want)).Handle(t.Context(), r)); err != nil {
				t.Fatal(err)
			}
			if flush(); got.String() != want.String() {
				t.Errorf("%s: got %swant %s", form, got.String(), want.String())
			}
		}
	})
}

// Lines wait for others, but not for long; errors do not, and nothing overtakes.
func TestLinesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var to lockedText
		log, flush := newLog("text", &to)
		log.Info("one")
		if to.String() != "" {
			t.Errorf("a line did not wait: %s", to.String())
		}
		time.Sleep(2 * flushAfter)
		synctest.Wait()
		if n := strings.Count(to.String(), "\n"); n != 1 {
			t.Errorf("%d lines after a while, want 1", n)
		}
		log.Info("two")
		log.Error("three")
		if got := to.String(); strings.Count(got, "\n") != 3 || !strings.HasSuffix(got, "msg=three\n") {
			t.Errorf("an error waits, or overtook: %s", got)
		}
		log.Info("four")
		if flush(); strings.Count(to.String(), "\n") != 4 {
			t.Errorf("a line is lost: %s", to.String())
		}
		for range flushFrom {
			log.Info("many")
		}
		time.Sleep(time.Millisecond) // less than any line would wait for
		if n := strings.Count(to.String(), "\n"); n < flushFrom/2 {
			t.Errorf("%d of %d lines are written, though they are many", n, flushFrom)
		}
	})
}

// Who logs does not wait for a log that takes its time, and nothing overtakes.
func TestLinesGoOnWhileTheyAreWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &slowText{free: make(chan struct{})}
		log, flush := newLog("text", to)
		const n = 100 // fewer than are written at once
		for i := range n {
			log.Info("line", "n", i)
			if i == 0 {
				time.Sleep(2 * flushAfter) // lines begin to be written
			}
		}
		if to.String() != "" {
			t.Fatalf("the log was not slow: %d bytes", len(to.String()))
		}
		close(to.free)
		flush()
		all := strings.Split(strings.TrimSpace(to.String()), "\n")
		if len(all) != n {
			t.Fatalf("%d lines, want %d", len(all), n)
		}
		for i, line := range all {
			if !strings.HasSuffix(line, " n="+strconv.Itoa(i)) {
				t.Fatalf("line %d is %s", i, line)
			}
		}
	})
}

// slowText takes nothing before it is free.
type slowText struct {
	free chan struct{}
	lockedText
}

func (s *slowText) Write(p []byte) (int, error) {
	<-s.free
	return s.lockedText.Write(p)
}

type lockedText struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func BenchmarkLogLine(b *testing.B) {
	for _, form := range []string{"text", "json"} {
		b.Run(form, func(b *testing.B) {
			log, _ := newLog(form, io.Discard)
			b.ReportAllocs()
			for b.Loop() {
				r := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
				r.AddAttrs(slog.String("request_id", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), slog.String("method", "GET"), slog.String("path", "/collections/incidents/items"),
					slog.String("query", "bbox=1,2,3,4&limit=100"), slog.Int("status", 200), slog.Int("bytes", 12345), slog.Float64("ms", 0.123))
				_ = log.Handler().Handle(b.Context(), r)
			}
		})
	}
}
