// Package limit bounds how much each client may ask for, by a bucket of tokens a
// client that fills up at an even rate: what is not used is saved up to a burst. It
// knows neither HTTP nor who the clients are.
package limit

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Policy is what one client may ask for.
type Policy struct {
	Rate  float64 // requests a second, on average; more than 0
	Burst int     // requests at once, after a while without any; at least 1
}

// Window returns how long an empty bucket takes to fill up.
func (p Policy) Window() time.Duration {
	return time.Duration(float64(p.Burst) / p.Rate * float64(time.Second))
}

// Left is what a client has left.
type Left struct {
	OK       bool // whether this request was still in it
	Requests int  // how many more are, at once
	// Wait is how long until the next one is; Full, until the bucket is.
	Wait, Full time.Duration
}

// Table holds the buckets of all clients, each known by a key. It is safe for
// concurrent use. Of more clients than it has room for, those that asked for
// nothing the longest begin anew with a full bucket, so that no number of clients
// takes more memory.
type Table[K comparable] struct {
	policy Policy
	room   int

	mu       sync.Mutex
	now, old map[K]*rate.Limiter // by when they asked last: since old was dropped, or before
}

// New returns a table with room for so many clients that ask at the same time.
func New[K comparable](p Policy, room int) *Table[K] {
	return &Table[K]{policy: p, room: room, now: map[K]*rate.Limiter{}}
}

// Policy returns what each client may ask for.
func (t *Table[K]) Policy() Policy { return t.policy }

// Take takes one request from a client's bucket, where it has one.
func (t *Table[K]) Take(client K, at time.Time) Left {
	bucket := t.bucket(client)
	left := Left{OK: bucket.AllowN(at, 1)}
	tokens := max(0, bucket.TokensAt(at))
	left.Requests = int(tokens)
	left.Full = t.filling(float64(t.policy.Burst) - tokens)
	if left.Requests == 0 {
		left.Wait = t.filling(1 - tokens)
	}
	return left
}

// filling returns how long so many requests take to be had again.
func (t *Table[K]) filling(requests float64) time.Duration {
	return time.Duration(math.Ceil(requests / t.policy.Rate * float64(time.Second)))
}

// bucket returns a client's bucket.
func (t *Table[K]) bucket(client K) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	if b, ok := t.now[client]; ok {
		return b
	}
	b, ok := t.old[client]
	if !ok {
		b = rate.NewLimiter(rate.Limit(t.policy.Rate), t.policy.Burst)
	}
	if len(t.now) >= t.room/2 {
		t.old, t.now = t.now, make(map[K]*rate.Limiter, t.room/2)
	}
	t.now[client] = b
	return b
}

// Network returns the network that an address counts to, as one client: the 24
// bits of IPv4 and the 64 of IPv6 within which whoever has one address has, or
// gets, others.
func Network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 64
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil { // of no address
		return netip.Prefix{}
	}
	return p
}
