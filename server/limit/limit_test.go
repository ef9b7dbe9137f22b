package limit

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestBucket(t *testing.T) {
	table := New[string](Policy{Rate: 2, Burst: 3}, 10)
	for i, step := range []struct {
		after time.Duration
		want  Left
	}{
		{0, Left{OK: true, Requests: 2, Full: 500 * time.Millisecond}},
		{0, Left{OK: true, Requests: 1, Full: time.Second}},
		{0, Left{OK: true, Requests: 0, Wait: 500 * time.Millisecond, Full: 1500 * time.Millisecond}},
		{0, Left{OK: false, Requests: 0, Wait: 500 * time.Millisecond, Full: 1500 * time.Millisecond}},
		{400 * time.Millisecond, Left{OK: false, Requests: 0, Wait: 100 * time.Millisecond, Full: 1100 * time.Millisecond}},
		{500 * time.Millisecond, Left{OK: true, Requests: 0, Wait: 500 * time.Millisecond, Full: 1500 * time.Millisecond}},
		{time.Hour, Left{OK: true, Requests: 2, Full: 500 * time.Millisecond}},
	} {
		if got := table.Take("a", noon.Add(step.after)); got != step.want {
			t.Errorf("step %d: %+v, want %+v", i, got, step.want)
		}
	}
	if got := table.Take("b", noon); !got.OK {
		t.Errorf("another client has %+v", got)
	}
	if got := table.Policy().Window(); got != 1500*time.Millisecond {
		t.Errorf("Window() = %v", got)
	}
}

// However many clients come, the table stays small; one that goes on asking is not
// forgotten among them.
func TestManyClients(t *testing.T) {
	const room = 1000
	table := New[int](Policy{Rate: 1, Burst: 1}, room)
	table.Take(-1, noon)
	for i := range 100 * room {
		table.Take(i, noon)
		if i%(room/4) == 0 && table.Take(-1, noon).OK {
			t.Fatalf("after %d others, a client that asked all the time has a full bucket", i)
		}
		if i%97 == 0 && table.Len() > room {
			t.Fatalf("the table has %d clients, and room for %d", table.Len(), room)
		}
	}
}

// Of requests that come at once, no more are in it than there are tokens.
func TestAtOnce(t *testing.T) {
	table := New[string](Policy{Rate: 1, Burst: 50}, 10)
	var granted atomic.Int64
	var clients sync.WaitGroup
	for range 20 {
		clients.Go(func() {
			for range 20 {
				if table.Take("a", noon).OK {
					granted.Add(1)
				}
			}
		})
	}
	clients.Wait()
	if granted.Load() != 50 {
		t.Errorf("%d requests were granted, want 50", granted.Load())
	}
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
	} {
		if got := Network(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s counts to %s, want %s", address, got, want)
		}
	}
	if got := Network(netip.Addr{}); got.IsValid() {
		t.Errorf("no address counts to %v", got)
	}
}

// Len returns how many clients the table knows.
func (t *Table[K]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.now)
	for k := range t.old {
		if _, twice := t.now[k]; !twice {
			n++
		}
	}
	return n
}
