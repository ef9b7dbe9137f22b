package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The stores in testdata were made by demarc in each form that the file ever had;
// every later demarc opens them. That of form 1 has two incidents with all that they
// refer to, a correction, a source that was taken back, one whose content was
// removed, a draft, a token, two signed checkpoints; and GDAL changed the note of a
// source in it when no service ran. Those of forms 3 and 4 are the same, each served
// by a demarc of that form, and its source changed once more.

// oldStore unpacks a store of testdata and returns its name.
func oldStore(t *testing.T, name string) string {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "store.gpkg")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func demarc(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(programPath(t), args...)
	cmd.Env = environWithoutSettings()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// formOf returns the form of a store's file, and the columns of the notes on edits.
func formOf(t *testing.T, file string) (form, columns string) {
	t.Helper()
	needProgram(t, "ogrinfo", debianGDAL)
	value := func(statement string) string {
		out := runProgram(t, "ogrinfo", "-ro", "-q", file, "-sql", statement)
		_, v, _ := strings.Cut(out, ") = ")
		return strings.TrimSpace(v)
	}
	return value("SELECT value FROM demarc_state WHERE name = 'schema'"),
		value("SELECT group_concat(name, ' ') AS names FROM pragma_table_info('demarc_edits')")
}

// copiesOf returns the copies that stand beside a store that was brought up to date.
func copiesOf(t *testing.T, file string) []string {
	t.Helper()
	found, err := filepath.Glob(file + ".before-form-*")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

const (
	columnsOfForm1 = "n collection fid before after"
	columnsOfForm3 = columnsOfForm1 + " was changed"
)

func TestStoreOfForm1(t *testing.T) {
	file := oldStore(t, "store-form-1.gpkg.gz")
	if out, err := demarc(t, "verify", "--store", file); err == nil || !strings.Contains(out, "older demarc (form 1") || !strings.Contains(out, "demarc serve") {
		t.Errorf("a command beside the service: %v\n%s", err, out)
	}
	if form, columns := formOf(t, file); form != "1" || columns != columnsOfForm1 || len(copiesOf(t, file)) > 0 {
		t.Fatalf("the store is of form %s already, with %s", form, columns)
	}
	t.Run("served", func(t *testing.T) {
		o := &outsider{t: t, base: startServer(t, "--store", file), file: file}
		o.external("sources", "today220312", 2, "published") // the edit of before is taken over
		if f := o.feature("sources", "today220312"); textOf(f, "note") != "Changed in QGIS before the update." {
			t.Errorf("its note is %s", f.Properties["note"])
		}
		if v := o.versions("incidents", "2022-04-12-second-shootout", 2); v[0].Comment != "a correction" || v[1].Comment != "the first records" {
			t.Errorf("the history is %+v", v)
		}
		for id, want := range map[string]string{"taken-back": "retracted", "removed": "redacted"} {
			if v := o.versions("sources", id, 2); v[0].Operation != want {
				t.Errorf("%s: %+v", id, v)
			}
		}
		o.asTheAPI(nil)
		if out, err := o.verify(); err != nil || !strings.Contains(out, "no faults") {
			t.Errorf("demarc verify: %v\n%s", err, out)
		}
		o.sql("UPDATE incidents SET title = 'Edited after' WHERE id = '2022-03-11-ekitash'")
		o.external("incidents", "2022-03-11-ekitash", 2, "published")
		if out, err := demarc(t, "verify", o.base); err != nil || !strings.Contains(out, "no faults") {
			t.Errorf("demarc verify URL: %v\n%s", err, out)
		}
	})
	if form, columns := formOf(t, file); form != "5" || columns != columnsOfForm3 {
		t.Errorf("the store is of form %s, with %s", form, columns)
	}
	copies := copiesOf(t, file)
	if len(copies) != 1 {
		t.Fatalf("beside it are %v", copies)
	}
	if form, columns := formOf(t, copies[0]); form != "1" || columns != columnsOfForm1 {
		t.Errorf("the copy is of form %s, with %s", form, columns)
	}
	t.Run("the copy, served", func(t *testing.T) {
		o := &outsider{t: t, base: startServer(t, "--store", copies[0]), file: copies[0]}
		o.external("sources", "today220312", 2, "published")
	})
}

func TestStoreOfForm3(t *testing.T) {
	servedFrom(t, "3", 3, "Changed in QGIS before the update. Again.")
}

func TestStoreOfForm4(t *testing.T) {
	servedFrom(t, "4", 4, "Changed in QGIS before the update. Again. And again.")
}

// servedFrom serves the store of a form, and looks whether all is there, with the last
// edit of its source, which is the version of that number.
func servedFrom(t *testing.T, form string, version int, note string) {
	file := oldStore(t, "store-form-"+form+".gpkg.gz")
	if out, err := demarc(t, "verify", "--store", file); err == nil || !strings.Contains(out, "older demarc (form "+form) {
		t.Errorf("a command beside the service: %v\n%s", err, out)
	}
	o := &outsider{t: t, base: startServer(t, "--store", file), file: file}
	o.external("sources", "today220312", version, "published")
	if f := o.feature("sources", "today220312"); textOf(f, "note") != note {
		t.Errorf("its note is %s", f.Properties["note"])
	}
	if v := o.versions("incidents", "2022-04-12-second-shootout", 2); v[0].Comment != "a correction" || v[1].Comment != "the first records" {
		t.Errorf("the history is %+v", v)
	}
	o.asTheAPI(nil)
	if out, err := o.verify(); err != nil || !strings.Contains(out, "no faults") {
		t.Errorf("demarc verify: %v\n%s", err, out)
	}
	if out, err := demarc(t, "verify", o.base); err != nil || !strings.Contains(out, "no faults") {
		t.Errorf("demarc verify URL: %v\n%s", err, out)
	}
	copies := copiesOf(t, file)
	if len(copies) != 1 {
		t.Fatalf("beside it are %v", copies)
	}
	if of, _ := formOf(t, copies[0]); of != form {
		t.Errorf("the copy is of form %s", of)
	}
	if form, _ := formOf(t, file); form != "5" {
		t.Errorf("the store is of form %s", form)
	}
}

// A store that cannot be brought up to date stays as it is, and so does its copy.
func TestUpdateThatFails(t *testing.T) {
	file := oldStore(t, "store-form-1.gpkg.gz")
	runProgram(t, needProgram(t, "ogrinfo", debianGDAL), "-q", file, "-sql", "ALTER TABLE demarc_edits ADD COLUMN changed TEXT") // the second step fails
	out, err := demarc(t, "serve", "--listen", "127.0.0.1:0", "--store", file)
	if err == nil || !strings.Contains(out, "from form 2 to 3 (a copy is in ") || !strings.Contains(out, "changed") {
		t.Errorf("demarc serve: %v\n%s", err, out)
	}
	for _, name := range append(copiesOf(t, file), file) {
		if form, columns := formOf(t, name); form != "1" || columns != columnsOfForm1+" changed" {
			t.Errorf("%s is of form %s, with %s", filepath.Base(name), form, columns)
		}
	}
	if len(copiesOf(t, file)) != 1 {
		t.Errorf("beside it are %v", copiesOf(t, file))
	}
}

// Where no copy can be made, nothing is done.
func TestUpdateWithoutCopy(t *testing.T) {
	file := oldStore(t, "store-form-1.gpkg.gz")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(filepath.Dir(file), strings.Repeat("n", 240)+".gpkg") // the copy's name is too long for the disk
	if err := os.Rename(file, long); err != nil {
		t.Fatal(err)
	}
	out, err := demarc(t, "serve", "--listen", "127.0.0.1:0", "--store", long)
	if err == nil || !strings.Contains(out, "copy the store before it is brought up to date") {
		t.Errorf("demarc serve: %v\n%s", err, out)
	}
	after, err := os.ReadFile(long)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the store was changed (%v)", err)
	}
}
