package gpkg_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/store"
	"demarc/data/store/gpkg"
)

// often is how often a test of the worst kind does it: a few times in
// `make test`, and as often as the variable says in `make torture`.
func often(t *testing.T, variable string, few int) int {
	t.Helper()
	s := os.Getenv(variable)
	if s == "" {
		return few
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// pair is a batch of two records: both of it are to be there, or none.
func pair(n int) data.Batch {
	b := data.Batch{Author: "ann", At: time.Unix(int64(n), 0)}
	for _, half := range []string{"a", "b"} {
		body := fmt.Sprintf(`{"id":"p%d%s","publisher":%q}`, n, half, strings.Repeat(half, 200+n%3000))
		b.Changes = append(b.Changes, data.Change{Kind: data.Sources, ID: fmt.Sprintf("p%d%s", n, half), Operation: data.Put, Body: []byte(body)})
	}
	return b
}

// powerPairs is how many pairs the recorded run commits: enough for a few
// checkpoints.
const powerPairs = 250

// untilItFails is how many it may commit where it is to fail before.
const untilItFails = 4000

// TestPowerLossChild is the program whose writing is recorded; it does nothing
// when run by itself.
func TestPowerLossChild(t *testing.T) {
	path := os.Getenv("DEMARC_POWER_STORE")
	if path == "" {
		return
	}
	st, err := gpkg.Open(t.Context(), path, gpkg.Options{Synchronous: os.Getenv("DEMARC_POWER_SYNC")})
	if err != nil {
		t.Fatal(err)
	}
	for n := range often(t, "DEMARC_POWER_PAIRS", powerPairs) {
		if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{pair(n)}}); err != nil {
			_, again := st.Commit(t.Context(), store.Group{Batches: []data.Batch{pair(n + 1)}})
			fmt.Printf("failed: unknown %v, and refused then %v: %v\n", errors.Is(err, store.ErrUnknown), errors.Is(again, data.ErrUnavailable), err)
			os.Exit(0)
		}
		// One system call, which stands in the recording where the client was told.
		if _, err := os.Stdout.WriteString(fmt.Sprintf("ack %d\n", n)); err != nil {
			t.Fatal(err)
		}
	}
	os.Exit(0) // as a process ends that is killed: nothing is tidied up
}

// disk is what the files hold.
type disk map[string][]byte

func (d disk) apply(op *operation, from, to int) {
	b := d[op.file]
	switch op.call {
	case "create":
		if _, ok := d[op.file]; !ok {
			d[op.file] = []byte{}
		}
	case "truncate":
		if int64(len(b)) > op.size {
			b = b[:op.size]
		}
		for int64(len(b)) < op.size {
			b = append(b, 0)
		}
		d[op.file] = b
	case "write":
		end := int(op.offset) + to
		for len(b) < end {
			b = append(b, 0)
		}
		copy(b[int(op.offset)+from:end], op.bytes[from:to])
		d[op.file] = b
	}
}

// cut returns a disk after a loss of power before operation at: what was synced
// is there; of what was written since, each is there, or not, or torn.
func cut(start disk, ops []operation, at int, r *rand.Rand) disk {
	d := disk{}
	for name, b := range start {
		d[name] = append([]byte(nil), b...)
	}
	synced := map[string]int{} // up to which operation
	for i := range ops[:at] {
		if ops[i].call == "sync" {
			synced[ops[i].file] = max(synced[ops[i].file], ops[i].since)
		}
	}
	fate := r.IntN(4) // of what was not synced: all lost, all kept, mixed, mixed and torn
	for i := range ops[:at] {
		op := &ops[i]
		if op.call == "ack" || op.call == "sync" {
			continue
		}
		if i < synced[op.file] || op.call == "create" || fate == 1 {
			d.apply(op, 0, len(op.bytes))
			continue
		}
		switch {
		case fate == 0 || r.IntN(2) == 0:
		case fate == 3 && op.call == "write":
			for from := 0; from < len(op.bytes); from += 512 {
				if r.IntN(2) == 0 {
					d.apply(op, from, min(from+512, len(op.bytes)))
				}
			}
		default:
			d.apply(op, 0, len(op.bytes))
		}
	}
	return d
}

// emptyStore makes a store without records, and returns its file.
func emptyStore(t *testing.T) (path string) {
	path = filepath.Join(t.TempDir(), "store.gpkg")
	st, err := gpkg.Open(t.Context(), path, gpkg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// losses cuts the power at many moments, and counts the disks on which something
// acknowledged is lost, half there, or refused.
func losses(t *testing.T, synchronous string, states int) (lost, half, refused int64) {
	path := emptyStore(t)
	begin, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	start := disk{"store.gpkg": begin}
	ops := record(t, path, synchronous)
	// The tables of features may follow what was acknowledged last.
	last := len(ops) - 1
	for last >= 0 && ops[last].call != "ack" {
		last--
	}
	if last < 0 || ops[last].size != powerPairs-1 {
		t.Fatalf("the recording has no acknowledgement of the last pair: the last is operation %d of %d", last, len(ops))
	}
	if !slices.ContainsFunc(ops[:last], func(op operation) bool { return op.call == "write" && op.file == "store.gpkg" }) {
		t.Fatal("the recording has no write to the file before the last acknowledgement: the log is not copied beside the commits")
	}
	logged := 0 // writes into the log
	for _, op := range ops[:last] {
		if op.call == "write" && op.file == "store.gpkg-wal" {
			logged++
		}
	}
	if synchronous == "FULL" && logged > 2*powerPairs {
		t.Errorf("%d commits write into the log %d times", powerPairs, logged)
	}
	folder := t.TempDir()
	if shm, err := os.MkdirTemp("/dev/shm", "demarc-power-"); err == nil { // nothing has to survive there
		folder = shm
		t.Cleanup(func() { os.RemoveAll(shm) })
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for n := next.Add(1); n <= int64(states); n = next.Add(1) {
				r := rand.New(rand.NewPCG(uint64(n), 7))
				at := r.IntN(len(ops) + 1)
				dir := filepath.Join(folder, fmt.Sprint(w))
				l, h, err := try(t, dir, cut(start, ops, at, r), ops[:at])
				atomic.AddInt64(&lost, l)
				atomic.AddInt64(&half, h)
				if err != nil {
					if atomic.AddInt64(&refused, 1) == 1 {
						t.Logf("state %d, cut at %d: %v", n, at, err)
					}
				}
			}
		})
	}
	workers.Wait()
	return lost, half, refused
}

// try opens the store on a disk, and looks for what was acknowledged.
func try(t *testing.T, dir string, d disk, ops []operation) (lost, half int64, err error) {
	if err := os.RemoveAll(dir); err != nil {
		return 0, 0, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, 0, err
	}
	for name, b := range d {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return 0, 0, err
		}
	}
	st, err := gpkg.Open(t.Context(), filepath.Join(dir, "store.gpkg"), gpkg.Options{})
	if err != nil {
		return 0, 0, err
	}
	defer st.Close()
	there := map[string]int{}
	if _, err := st.Load(t.Context(), func(v data.Version) error {
		there[v.ID[:len(v.ID)-1]]++
		return nil
	}); err != nil {
		return 0, 0, err
	}
	for _, op := range ops {
		if op.call == "ack" && there[fmt.Sprintf("p%d", op.size)] != 2 {
			lost++
		}
	}
	for _, n := range there {
		if n != 2 {
			half++
		}
	}
	return lost, half, nil
}

// After an error of the disk it is not known whether the change was kept: the
// store says so, and takes no more. What was acknowledged before is there.
func TestDiskError(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is needed: apt-get install strace")
	}
	for _, call := range []string{"fsync", "pwrite64"} {
		path := filepath.Join(t.TempDir(), "store.gpkg")
		child := exec.Command(strace, "-f", "-o", os.DevNull, "-e", "trace="+call, "-e", fmt.Sprintf("inject=%s:error=EIO:when=%d+", call, map[string]int{"fsync": 30, "pwrite64": 100}[call]),
			os.Args[0], "-test.run=^TestPowerLossChild$")
		// strace counts the calls of each thread by itself: so many that one comes so far.
		child.Env = append(os.Environ(), "DEMARC_POWER_STORE="+path, fmt.Sprint("DEMARC_POWER_PAIRS=", untilItFails))
		out, err := child.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%.2000s", call, err, out)
		}
		if !strings.Contains(string(out), "failed: unknown true, and refused then true") {
			t.Errorf("%s: the child says %.300s", call, out[max(0, len(out)-300):])
		}
		acked := strings.Count(string(out), "ack ")
		st, err := gpkg.Open(t.Context(), path, gpkg.Options{})
		if err != nil {
			t.Fatal(err)
		}
		there := 0
		if _, err := st.Load(t.Context(), func(data.Version) error { there++; return nil }); err != nil {
			t.Error(err)
		}
		if acked == 0 || there != 2*acked && there != 2*(acked+1) {
			t.Errorf("%s: %d pairs were acknowledged, and %d records are there", call, acked, there)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}
}

// While the write-ahead log cannot be copied into the file for want of room, changes are
// kept in the log. After an error of the disk it is not known what was copied: the store
// takes no more. What was acknowledged is there either way.
func TestLogThatCannotBeCopied(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is needed: apt-get install strace")
	}
	for _, fault := range []struct {
		call, error string
		pairs       int // with an error, so many that who writes waits for the copy in the end
	}{{"pwrite64", "ENOSPC", powerPairs}, {"pwrite64", "EIO", untilItFails}, {"fsync", "EIO", untilItFails}} {
		path := emptyStore(t)
		child := exec.Command(strace, "-f", "-o", os.DevNull, "-P", path, "-e", "trace="+fault.call, "-e", "inject="+fault.call+":error="+fault.error, os.Args[0], "-test.run=^TestPowerLossChild$")
		child.Env = append(os.Environ(), "DEMARC_POWER_STORE="+path, fmt.Sprint("DEMARC_POWER_PAIRS=", fault.pairs))
		out, err := child.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%.2000s", fault, err, out)
		}
		if failed := strings.Contains(string(out), "failed: unknown true, and refused then true"); failed != (fault.error == "EIO") {
			t.Errorf("%v: the child says %.300s", fault, out[max(0, len(out)-300):])
		}
		acked := strings.Count(string(out), "ack ")
		st, err := gpkg.Open(t.Context(), path, gpkg.Options{})
		if err != nil {
			t.Fatal(err)
		}
		there := 0
		if _, err := st.Load(t.Context(), func(data.Version) error { there++; return nil }); err != nil {
			t.Error(err)
		}
		if acked == 0 || there != 2*acked {
			t.Errorf("%v: %d pairs were acknowledged, and %d records are there", fault, acked, there)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}
}

// After a loss of power at any moment, what was acknowledged is there, no batch
// is there by half, and the store opens by itself. With less than FULL it is not
// so, which shows that the test can fail.
func TestPowerLoss(t *testing.T) {
	states := often(t, "DEMARC_TORTURE_STATES", 150)
	if lost, half, refused := losses(t, "FULL", states); lost+half+refused > 0 {
		t.Errorf("of %d states: %d writes lost, %d halves, %d refused", states, lost, half, refused)
	}
	if lost, _, _ := losses(t, "NORMAL", states); lost == 0 {
		t.Errorf("with synchronous=NORMAL nothing was lost in %d states: the simulation does not bite", states)
	} else {
		t.Logf("with synchronous=NORMAL %d writes were lost in %d states", lost, states)
	}
}
