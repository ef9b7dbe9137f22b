package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody is who may write nothing: on a machine where the tests are root's, who may
// write everything, another user.
func nobody(cmd *exec.Cmd) {
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
}

// madeStore returns a store that a service has made and left.
func madeStore(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "store.gpkg")
	t.Run("make", func(t *testing.T) { startServer(t, "--store", file) })
	return file
}

// protect takes the right to write away from a store's file and folder, and gives
// everyone that to read.
func protect(t *testing.T, file string) {
	t.Helper()
	folder := filepath.Dir(file)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Chmod(filepath.Join(folder, e.Name()), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{folder, filepath.Dir(folder)} {
		if err := os.Chmod(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Error(err)
		}
	})
}

// served starts the program as somebody who may write nothing, and returns its
// address, or what it says where it ends.
func served(t *testing.T, file string) (base, said string) {
	t.Helper()
	cmd := exec.Command(programPath(t), "serve", "--listen", "127.0.0.1:0", "--read-only", "--store", file)
	cmd.Env, cmd.Dir = environWithoutSettings(), "/"
	nobody(cmd)
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tail, found, ended := &lastLines{max: 40}, make(chan string, 1), make(chan struct{})
	go func() {
		defer close(ended)
		watchOutput(output, tail, found)
	}()
	select {
	case base = <-found:
		t.Cleanup(func() { stopServer(t, cmd, ended, tail) })
		waitReady(t, base)
		return base, ""
	case <-ended:
		_ = cmd.Wait() // what it said tells
		return "", tail.String()
	case <-time.After(patience):
		t.Fatal("the service neither starts nor ends")
	}
	return "", ""
}

func filesOf(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		about, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, fmt.Sprint(e.Name(), " ", about.Size(), " ", about.ModTime()))
	}
	return names
}

// A store that nobody may write is served, also twice at once, verified, and backed
// up to another folder; and nothing of it is touched.
func TestServeWhatCannotBeWritten(t *testing.T) {
	file := madeStore(t)
	protect(t, file)
	before := filesOf(t, filepath.Dir(file))
	t.Run("served", func(t *testing.T) {
		base, said := served(t, file)
		if said != "" {
			t.Fatal(said)
		}
		again, said := served(t, file)
		if said != "" {
			t.Fatal(said)
		}
		for _, at := range []string{base, again} {
			if _, matched := fetchItems(t, at, "incidents", ""); matched != 95 {
				t.Errorf("%d incidents are served", matched)
			}
		}
		body, status, err := get(base+"/readyz", "application/json")
		if err != nil || status != http.StatusOK || !strings.Contains(string(body), `"changes":false`) {
			t.Errorf("/readyz: %v %s", err, body)
		}
		writer := exec.Command(programPath(t), "serve", "--listen", "127.0.0.1:0", "--store", file)
		writer.Env = environWithoutSettings()
		nobody(writer)
		if out, err := writer.CombinedOutput(); err == nil || !strings.Contains(string(out), "permission denied") {
			t.Errorf("one that wants to write: %v %s", err, out)
		}
	})
	for _, args := range [][]string{{"verify", "--store", file}, {"backup", "--store", file, "-o", filepath.Join(os.TempDir(), fmt.Sprintf("demarc-backup-%d.gpkg", os.Getpid()))}} {
		cmd := exec.Command(programPath(t), args...)
		cmd.Env = environWithoutSettings()
		nobody(cmd)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("demarc %v: %v\n%s", args, err, out)
		}
		if copied := args[len(args)-1]; args[0] == "backup" {
			if err := os.Remove(copied); err != nil {
				t.Error(err)
			}
		}
	}
	if after := filesOf(t, filepath.Dir(file)); !slices.Equal(before, after) {
		t.Errorf("the folder had %v, has %v", before, after)
	}
}

// Changes that stand in the write-ahead log alone are not left out: without the
// right to write, such a store is refused, and says how it is mended.
func TestServeWithChangesInTheLogAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "store.gpkg")
	v := &victim{t: t, path: file}
	v.start()
	if err := v.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-v.ended
	if err := os.Remove(file + "-shm"); err != nil {
		t.Fatal(err)
	}
	protect(t, file)
	if _, said := served(t, file); !strings.Contains(said, "store.gpkg-wal that are not in it") || !strings.Contains(said, "open it once") {
		t.Errorf("it says %q", said)
	}
}

// In a folder that can be written, --read-only changes nothing of the file, and
// keeps out who would write.
func TestReadOnlyWhereItCouldWrite(t *testing.T) {
	file := madeStore(t)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	base := startServer(t, "--store", file, "--read-only")
	if _, matched := fetchItems(t, base, "incidents", ""); matched != 95 {
		t.Errorf("%d incidents are served", matched)
	}
	if body, status, err := get(base+"/log/checkpoint", "*/*"); err != nil || status != http.StatusOK {
		t.Errorf("the checkpoint: %d %v %s", status, err, body)
	}
	if out, err := demarc(t, "serve", "--listen", "127.0.0.1:0", "--store", file); err == nil || !strings.Contains(out, "another demarc has the store open") {
		t.Errorf("a second one that writes: %v %s", err, out)
	}
	if out, err := demarc(t, "verify", "--store", file); err != nil {
		t.Errorf("demarc verify: %v %s", err, out)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the file was changed (%v)", err)
	}
	if out, err := demarc(t, "serve", "--listen", "127.0.0.1:0", "--read-only", "--store", filepath.Join(t.TempDir(), "none.gpkg")); err == nil || !strings.Contains(out, "no such file") {
		t.Errorf("of no store: %v %s", err, out)
	}
}

// After a crash, --read-only serves all that was acknowledged, from the write-ahead
// log too, and leaves it to a service that writes to tidy up.
func TestReadOnlyAfterACrash(t *testing.T) {
	v := newVictim(t)
	v.start()
	v.write(1)
	t.Run("read", func(t *testing.T) {
		v.base = startServer(t, "--store", v.path, "--read-only")
		_, places := fetchItems(t, v.base, "places", "")
		if acknowledged := len(v.known); places < acknowledged || acknowledged == 0 {
			t.Errorf("%d places are served, %d were acknowledged", places, acknowledged)
		}
		inDoubt := map[string]bool{}
		for _, q := range v.open {
			for _, id := range q.ids {
				inDoubt[id] = true
			}
		}
		for id, label := range v.known {
			if got, err := v.label(id); err != nil || !inDoubt[id] && got != label {
				t.Errorf("%s is %q, %v, and %q was acknowledged", id, got, err, label)
			}
		}
	})
	v.audit()
}
