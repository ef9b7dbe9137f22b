package gpkg

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"demarc/data"
)

// A full disk is told apart from other errors, SQLite's and the system's.
func TestNoRoomIsErrFull(t *testing.T) {
	d, err := newDraft()
	if err != nil {
		t.Fatal(err)
	}
	defer d.free()
	if _, err := d.tx.Exec("PRAGMA max_page_count = 2"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.tx.Exec("CREATE TABLE a (b)"); err != nil {
		t.Fatal(err)
	}
	if _, err = d.tx.Exec("CREATE TABLE c (d)"); !errors.Is(d.failed(err), data.ErrFull) {
		t.Errorf("a full database: %v", d.failed(err))
	}
	if err := withRoom(fmt.Errorf("x: %w", &os.PathError{Op: "write", Path: "/tmp/x", Err: syscall.ENOSPC})); !errors.Is(err, data.ErrFull) {
		t.Errorf("a full disk: %v", err)
	}
	if _, err = d.tx.Exec("nonsense"); err == nil || errors.Is(d.failed(err), data.ErrFull) {
		t.Errorf("another error: %v", d.failed(err))
	}
}
