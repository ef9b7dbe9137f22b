package dataset

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"demarc/data"
)

// What is left apart while records come is put together when nobody writes any more, and
// shown without a change; not while somebody has the dataset for himself.
func TestPutTogetherWhenNobodyWrites(t *testing.T) {
	d, _ := openMemory(t)
	come := func(batch int) {
		var b data.Batch
		for i := range 300 {
			b.Changes = append(b.Changes, changeOfSource(data.Put, fmt.Sprintf("s%d", 300*batch+i)).Changes...)
		}
		b.Author = "ann"
		if _, err := d.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	parts := func() int {
		c, err := d.Snapshot().Collection("sources")
		if err != nil {
			t.Fatal(err)
		}
		return len(c.Parts())
	}
	for batch := range 3 {
		come(batch)
	}
	if n := parts(); n != 3 {
		t.Fatalf("%d parts while records come, want 3", n)
	}
	release, err := d.line.alone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for busy := true; busy; runtime.Gosched() { // with what it began when they came
		d.folding.mu.Lock()
		busy = d.folding.running
		d.folding.mu.Unlock()
	}
	if d.foldCalmly() || parts() != 3 {
		t.Error("parts are put together while somebody has the dataset for himself")
	}
	release()
	before, changed := d.Revision(), d.changed
	if !d.foldCalmly() || parts() != 1 || d.Revision() != before || d.changed != changed {
		t.Errorf("%d parts when nobody writes, want 1; revision %v, want %v", parts(), d.Revision(), before)
	}
	c, err := d.Snapshot().Collection("sources")
	if err != nil || c.Len() != 900 {
		t.Errorf("%d sources (%v), want 900", c.Len(), err)
	}
	ctx, end := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { d.PutTogether(ctx, time.Millisecond) })
	defer ended.Wait()
	defer end()
	for batch := range 3 {
		come(3 + batch)
	}
	for deadline := time.Now().Add(time.Minute); parts() > 1; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("there are still %d parts", parts())
		}
	}
}
