package main

import (
	"os"
	"strconv"
	"testing"
)

// tortured is how often a test of this file does its worst: a few times in
// `make test`, and as often as the variable says in `make torture`.
func tortured(t *testing.T, variable string, few int) int {
	t.Helper()
	if s := os.Getenv(variable); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return few
}

// killsOfOne is how many kills one store goes through: a service that is killed often
// starts with more and more records, which takes most of the time.
const killsOfOne = 100

// A thousand times, the service is killed while 32 clients write. What it had
// acknowledged is there when it starts again, by itself; what it had not is there
// wholly or not at all; and the history is unbroken.
func TestKilledServiceLosesNothing(t *testing.T) {
	kills := tortured(t, "DEMARC_TORTURE_KILLS", 20)
	acknowledged := int64(0)
	for done := 0; done < kills; done += killsOfOne {
		v := newVictim(t)
		for round := range min(killsOfOne, kills-done) {
			v.start()
			v.settle()
			v.write(done + round)
		}
		v.audit()
		acknowledged += v.acks.Load()
		t.Logf("%d kills, %d acknowledged requests", min(kills, done+killsOfOne), acknowledged)
		if t.Failed() {
			break
		}
	}
	if acknowledged < int64(kills) {
		t.Errorf("only %d requests were acknowledged: too few to tell", acknowledged)
	}
}
