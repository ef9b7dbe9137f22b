package gpkg_test

import (
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What a program did to the files of a store, as strace saw it.

// operation is one system call of the recording.
type operation struct {
	call   string // write, truncate, sync, create, unlink, ack
	file   string
	offset int64
	bytes  []byte
	size   int64 // of a truncation; the number of an acknowledgement
	since  int   // of a sync: how many operations had been begun before it
}

// begun is a call that had not ended when the next one was recorded.
type begun struct {
	call  string
	since int
}

// record runs the child under strace, and returns what it did to the store's
// files and when it told that something was kept.
func record(t *testing.T, path, synchronous string) []operation {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is needed: apt-get install strace")
	}
	log := filepath.Join(t.TempDir(), "strace.log")
	child := exec.Command(strace, "-f", "--seccomp-bpf", "-xx", "-s", "1000000", "-o", log, "-e", "trace=open,openat,close,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2",
		os.Args[0], "-test.run=^TestPowerLossChild$")
	child.Env = append(os.Environ(), "DEMARC_POWER_STORE="+path, "DEMARC_POWER_SYNC="+synchronous)
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("record: %v\n%.2000s", err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(text), path)
}

var (
	callLine    = regexp.MustCompile(`^(\d+) +([a-z0-9]+)\((.*)$`)
	resumedLine = regexp.MustCompile(`^(\d+) +<\.\.\. ([a-z0-9]+) resumed>.* = (-?\d+)`)
	result      = regexp.MustCompile(`\) += (-?\d+)`)
	hexText     = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"`)
)

// parse reads the recording. A write counts from when it was begun, a sync from
// when it had ended, for what was begun before it.
func parse(t *testing.T, text, path string) []operation {
	t.Helper()
	files := map[string]string{} // by descriptor
	open := map[string]begun{}   // calls that were interrupted in the log, by process
	var ops []operation
	for line := range strings.SplitSeq(text, "\n") {
		if m := resumedLine.FindStringSubmatch(line); m != nil {
			ops = append(ops, ended(open[m[1]], m[3], path, files)...)
			delete(open, m[1])
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		call, since := m[2]+"("+m[3], len(ops)
		ops = append(ops, started(t, call, files)...)
		if strings.HasSuffix(line, "<unfinished ...>") {
			open[m[1]] = begun{call, since}
		} else if r := result.FindStringSubmatch(line[len(line)-min(len(line), 80):]); r != nil {
			ops = append(ops, ended(begun{call, since}, r[1], path, files)...)
		}
	}
	return ops
}

// started returns what a call may do from its beginning.
func started(t *testing.T, call string, files map[string]string) []operation {
	name, args, _ := strings.Cut(call, "(")
	descriptor, _, _ := strings.Cut(args, ",")
	descriptor = strings.TrimRight(descriptor, ") ")
	file := files[descriptor]
	switch name {
	case "pwrite64", "write":
		m := hexText.FindStringSubmatch(args)
		if m == nil {
			return nil
		}
		b, err := hex.DecodeString(strings.ReplaceAll(m[1], `\x`, ""))
		if err != nil {
			t.Fatal(err)
		}
		if name == "write" {
			if n, ok := strings.CutPrefix(string(b), "ack "); ok && descriptor == "1" {
				size, _ := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
				return []operation{{call: "ack", size: size}}
			}
			if file != "" {
				t.Fatalf("a write without a place to %s: the simulation does not know it", file)
			}
			return nil
		}
		rest := strings.Split(args[strings.LastIndexByte(args, '"')+1:], ",")
		offset, err := strconv.ParseInt(strings.Trim(strings.Fields(strings.NewReplacer(")", " ", "<", " ").Replace(rest[2]))[0], " "), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if file != "" {
			return []operation{{call: "write", file: file, offset: offset, bytes: b}}
		}
	case "ftruncate":
		if file != "" {
			size, err := strconv.ParseInt(strings.Fields(strings.NewReplacer(")", " ", ",", " ").Replace(args))[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return []operation{{call: "truncate", file: file, size: size}}
		}
	case "rename", "renameat", "renameat2":
		t.Fatalf("a rename: the simulation does not know it: %.200s", call)
	}
	return nil
}

// ended returns what a call has done when it has ended well.
func ended(of begun, result, path string, files map[string]string) []operation {
	name, args, _ := strings.Cut(of.call, "(")
	if strings.HasPrefix(result, "-") {
		return nil
	}
	descriptor := strings.TrimRight(strings.SplitN(strings.NewReplacer(")", ",", " ", ",").Replace(args), ",", 2)[0], ") ")
	switch name {
	case "open", "openat":
		delete(files, result)
		m := hexText.FindStringSubmatch(args)
		if m == nil {
			return nil
		}
		b, _ := hex.DecodeString(strings.ReplaceAll(m[1], `\x`, ""))
		file := string(b)
		if file == path || file == path+"-wal" || file == path+"-journal" { // what SQLite keeps the records in
			files[result] = strings.TrimPrefix(file, filepath.Dir(path)+"/")
			return []operation{{call: "create", file: files[result]}}
		}
	case "close":
		delete(files, descriptor)
	case "fsync", "fdatasync":
		if files[descriptor] != "" {
			return []operation{{call: "sync", file: files[descriptor], since: of.since}}
		}
	}
	return nil
}
