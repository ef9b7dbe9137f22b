package dataset

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
)

// TestTableKeepsVersions holds the table to a map, while it grows and is tidied.
func TestTableKeepsVersions(t *testing.T) {
	table, want := newTable(), map[ref]data.Version{}
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 200_000 {
		r := ref{data.Kinds()[rnd.IntN(len(data.Kinds()))], fmt.Sprint("record-", rnd.IntN(40_000))}
		v := data.Version{Kind: r.kind, ID: r.id, Number: want[r].Number + 1, Operation: operations[rnd.IntN(len(operations))],
			Author: fmt.Sprint("author ", i%7), Comment: fmt.Sprint("comment ", i/3), Origin: "api",
			Revision: data.Revision{Number: uint64(i / 3), Sequence: uint64(i + 1), At: time.Unix(int64(i/3), 5).UTC()}}
		if i%11 == 0 {
			v.Revision.At = time.Time{}
		}
		if _, known := want[r]; table.put(&v) != known {
			t.Fatalf("put of %v tells that it was there: %v", r, !known)
		}
		want[r] = v
		if i%1000 == 0 {
			table.tidy()
		}
	}
	for r, v := range want {
		got, ok := table.get(r)
		if !ok || cmp.Diff(v, got) != "" || table.stands(r) != v.Stands() {
			t.Fatalf("%v: %v, %s", r, ok, cmp.Diff(v, got))
		}
	}
	if len(table.all) > 2*len(want) {
		t.Errorf("%d origins are kept of %d versions", len(table.all), len(want))
	}
	for _, r := range []ref{{data.Incidents, "record-40000"}, {data.Incidents, ""}, {"no kind", "record-1"}} {
		if _, ok := table.get(r); ok {
			t.Errorf("%v is there", r)
		}
	}
}
