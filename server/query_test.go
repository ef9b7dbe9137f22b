package server

import (
	"context"
	"errors"
	"net/url"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestQueryIsThatOfNetURL holds the reading and the writing of queries to net/url.
func TestQueryIsThatOfNetURL(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringOfN(rapid.SampledFrom([]rune("abf=&;+%2C%26é ~-./{}")), 0, 30, -1).Draw(t, "raw")
		want, wantErr := url.ParseQuery(raw)
		q, err := parseQuery(raw)
		if !reflect.DeepEqual(q.values(), want) || (err == nil) != (wantErr == nil) {
			t.Fatalf("%q is %v, %v; net/url says %v, %v", raw, q, err, want, wantErr)
		}
		for name, all := range want {
			if got, ok := q.get(name); !ok || got != all[0] || q.count(name) != len(all) || queryValue(raw, name) != all[0] {
				t.Fatalf("%q has %q %d times for %s, net/url %q", raw, got, q.count(name), name, all)
			}
		}
		set := rapid.SampledFrom([]string{"", "a", "b", "f", "m"}).Draw(t, "set")
		want.Del("b")
		if set != "" {
			want.Set(set, "x y&z")
		}
		encoded := "/p"
		if len(want) > 0 {
			encoded += "?" + want.Encode()
		}
		if got := string(q.append([]byte("/p"), []string{"b"}, parameter{set, "x y&z"})); got != encoded {
			t.Fatalf("%q with %s is written %q, net/url writes %q", raw, set, got, encoded)
		}
		if head, tail := q.around("/p", "b"); string(head)+"x"+string(tail) != string(q.append([]byte("/p"), nil, parameter{"b", "x"})) {
			t.Fatalf("%q is written %q and %q round b", raw, head, tail)
		}
	})
}

func TestDeadlineIsThatOfContext(t *testing.T) {
	for _, waits := range []bool{false, true} {
		begun := func(parent context.Context, in time.Duration) *deadline {
			d := &deadline{}
			d.begin(parent, time.Now().Add(in))
			if waits {
				d.Done()
			}
			return d
		}
		over := begun(context.Background(), -time.Second)
		if !errors.Is(over.Err(), context.DeadlineExceeded) {
			t.Errorf("waits %t: after its deadline it says %v", waits, over.Err())
		}
		<-over.Done()
		ended := begun(context.Background(), time.Hour)
		if ended.Err() != nil {
			t.Errorf("waits %t: before its deadline it says %v", waits, ended.Err())
		}
		ended.end()
		<-ended.Done()
		if !errors.Is(ended.Err(), context.Canceled) {
			t.Errorf("waits %t: after its end it says %v", waits, ended.Err())
		}
		parent, cancel := context.WithCancel(context.WithValue(context.Background(), t, "kept"))
		orphan := begun(parent, time.Hour)
		cancel()
		<-orphan.Done()
		if !errors.Is(orphan.Err(), context.Canceled) || orphan.Value(t) != "kept" {
			t.Errorf("waits %t: after its parent it says %v", waits, orphan.Err())
		}
		orphan.end()
	}
}
