package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// postgis is a database server of our own.
type postgis struct {
	dir  string
	psql string
}

const debianPostGIS = "postgresql-15-postgis-3"

// startPostGIS makes a database cluster in a new directory and runs it until the
// test ends. PostgreSQL refuses to run as root: then it runs as user postgres.
func startPostGIS(t *testing.T) *postgis {
	t.Helper()
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(folders) // the newest first
	initdb := needProgram(t, "initdb", debianPostGIS, folders...)
	server := needProgram(t, "postgres", debianPostGIS, folders...)
	db := &postgis{psql: needProgram(t, "psql", debianPostGIS, folders...)}
	if extension, _ := filepath.Glob("/usr/share/postgresql/*/extension/postgis.control"); len(extension) == 0 {
		needProgram(t, "postgis.control", debianPostGIS)
	}

	var err error
	if db.dir, err = os.MkdirTemp("", "demarc-postgis-"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(db.dir) })
	var as *syscall.SysProcAttr
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		if err := os.Chown(db.dir, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
	}

	data := filepath.Join(db.dir, "data")
	initialise := exec.Command(initdb, "-D", data, "-U", "demarc", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	initialise.SysProcAttr, initialise.Dir = as, db.dir
	if out, err := initialise.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	serve := exec.Command(server, "-D", data, "-k", db.dir, "-c", "listen_addresses=", "-c", "fsync=off")
	var log bytes.Buffer
	serve.Stdout, serve.Stderr, serve.SysProcAttr, serve.Dir = &log, &log, as, db.dir
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Signal(syscall.SIGINT) // "fast": ends sessions, then itself
		if err := serve.Wait(); err != nil {
			t.Errorf("postgres: %v\n%s", err, log.String())
		}
	})
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if exec.Command(db.psql, db.arguments("-c", "SELECT 1")...).Run() == nil {
			return db
		}
		if time.Now().After(deadline) {
			t.Fatalf("postgres does not answer after a minute\n%s", log.String())
		}
	}
}

func (db *postgis) arguments(more ...string) []string {
	return append([]string{"-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", db.dir, "-U", "demarc", "-d", "postgres"}, more...)
}

func (db *postgis) run(t *testing.T, sql string) {
	t.Helper()
	runProgram(t, db.psql, db.arguments("-c", "SET client_min_messages = warning; "+sql)...)
}

// query returns the rows of one statement as text.
func (db *postgis) query(t *testing.T, sql string) [][]string {
	t.Helper()
	out := runProgram(t, db.psql, db.arguments("--csv", "-t", "-c", sql)...)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return rows
}

// load fills a table, or the named columns of one.
func (db *postgis) load(t *testing.T, table string, rows [][]string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rows.csv")
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	runProgram(t, db.psql, db.arguments("-c", fmt.Sprintf(`\copy %s FROM '%s' WITH (FORMAT csv)`, table, file))...)
}
