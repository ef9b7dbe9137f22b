package main

import (
	"context"
	"io"
	"log/slog"
	"math"
	"strconv"
	"sync"
	"time"
)

// newLog returns a log in a form, text or json, which goes to a writer by and by: flush
// writes what waits.
func newLog(form string, to io.Writer) (log *slog.Logger, flush func()) {
	l := &lines{to: to}
	if form == "json" {
		return slog.New(&handler{Handler: slog.NewJSONHandler(l, nil), lines: l, json: true, plain: true}), l.Flush
	}
	return slog.New(&handler{Handler: slog.NewTextHandler(l, nil), lines: l, plain: true}), l.Flush
}

// handler writes what slog's own handler writes. The line that every request has it
// writes itself, without garbage and in a fifth of the time; what it does not know it
// leaves to slog's. Warnings and errors do not wait.
type handler struct {
	slog.Handler
	lines *lines
	json  bool
	plain bool // whether lines have no attributes and groups of the logger's
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &handler{Handler: h.Handler.WithAttrs(attrs), lines: h.lines, json: h.json}
}

func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{Handler: h.Handler.WithGroup(name), lines: h.lines, json: h.json}
}

// lineRooms are where lines are put together.
var lineRooms = sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }}

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		defer h.lines.Flush()
	}
	if !h.plain || r.Level != slog.LevelInfo || r.Time.IsZero() {
		return h.Handler.Handle(ctx, r)
	}
	room := lineRooms.Get().(*[]byte)
	defer lineRooms.Put(room)
	line, ok := h.line((*room)[:0], &r)
	*room = line
	if !ok {
		return h.Handler.Handle(ctx, r)
	}
	_, err := h.lines.Write(line)
	return err
}

// line appends the record as slog's handlers do; ok is false where it does not know how.
func (h *handler) line(dst []byte, r *slog.Record) (line []byte, ok bool) {
	at := r.Time.Round(0) // the time of day alone
	if h.json {
		dst = at.AppendFormat(append(dst, `{"time":"`...), time.RFC3339Nano)
		dst = append(dst, `","level":"INFO","msg":`...)
	} else {
		const upToMillis = len("2006-01-02T15:04:05.000")
		dst = append(dst, "time="...)
		start := len(dst)
		// RFC3339Nano leaves zeros at the end out: a tenth more, and there are four digits.
		dst = at.Truncate(time.Millisecond).Add(time.Millisecond/10).AppendFormat(dst, time.RFC3339Nano)
		dst = append(dst[:start+upToMillis], dst[start+upToMillis+1:]...)
		dst = append(dst, " level=INFO msg="...)
	}
	dst, ok = h.text(dst, r.Message)
	r.Attrs(func(a slog.Attr) bool {
		if ok {
			dst, ok = h.attr(dst, a)
		}
		return ok
	})
	if h.json {
		dst = append(dst, '}')
	}
	return append(dst, '\n'), ok
}

func (h *handler) attr(dst []byte, a slog.Attr) (line []byte, ok bool) {
	if h.json {
		dst = append(dst, ',')
	} else {
		dst = append(dst, ' ')
	}
	if dst, ok = h.text(dst, a.Key); !ok || a.Key == "" {
		return dst, false
	}
	if h.json {
		dst = append(dst, ':')
	} else {
		dst = append(dst, '=')
	}
	switch a.Value.Kind() {
	case slog.KindString:
		return h.text(dst, a.Value.String())
	case slog.KindInt64:
		return strconv.AppendInt(dst, a.Value.Int64(), 10), true
	case slog.KindFloat64:
		f := a.Value.Float64()
		// Of these, encoding/json writes no exponent.
		if h.json {
			return strconv.AppendFloat(dst, f, 'f', -1, 64), f == 0 || math.Abs(f) >= 1e-6 && math.Abs(f) < 1e21
		}
		return strconv.AppendFloat(dst, f, 'g', -1, 64), true
	}
	return dst, false
}

// text appends text; ok is false where a part of it has to be escaped.
func (h *handler) text(dst []byte, s string) (line []byte, ok bool) {
	quoted := h.json || s == ""
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return dst, false
		}
		quoted = quoted || c == ' ' || c == '='
	}
	if quoted {
		return append(append(append(dst, '"'), s...), '"'), true
	}
	return append(dst, s...), true
}
