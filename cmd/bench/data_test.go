package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"demarc/geo"
)

// Questions have to select what their work says, or the figures mean nothing.
func TestQuestions(t *testing.T) {
	d, err := makeData(t.TempDir(), 20_000, 3)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		b := d.boxWith(100, 1000)
		n := 0
		for i := range d.incidents {
			if in := &d.incidents[i]; in.located && b.Contains(in.position) {
				n++
			}
		}
		if n < 90 || n > 1010 {
			t.Errorf("the box %v holds %d incidents, want 100 to 1000", b, n)
		}
		ring := d.star(b)[0]
		if len(ring) != 201 || ring[0] != ring[200] {
			t.Errorf("the polygon has %d positions, want 200 and the first again", len(ring))
		}
	}
	if b := (geo.BBox{}); d.boxWith(100, 1000) == b {
		t.Error("an empty box")
	}
	for _, w := range d.works(regexp.MustCompile("")) {
		for i := range w.questions {
			path := w.questions[i].fill(w.path)
			if strings.ContainsAny(path, "{} ") {
				t.Fatalf("%s: %s is no request", w.name, path)
			}
			if max := strings.Count(w.sql, "$"); len(w.questions[i].sql) > max {
				t.Fatalf("%s: %d values for a statement with %d places", w.name, len(w.questions[i].sql), max)
			}
		}
		if z, ok := strings.CutPrefix(w.name, "tile"); ok {
			n, _ := strconv.Atoi(z)
			for _, q := range w.questions {
				x, _ := strconv.Atoi(q.values["x"])
				y, _ := strconv.Atoi(q.values["y"])
				if x < 0 || y < 0 || x >= 1<<n || y >= 1<<n {
					t.Errorf("tile %s/%d/%d is not one of the level", z, x, y)
				}
			}
		}
	}
}
