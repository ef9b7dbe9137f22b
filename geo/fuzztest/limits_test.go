package fuzztest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"demarc/geo/fuzztest"
)

var kept []byte

// TestLimit runs cases within the limits, which must pass and leave figures.
func TestLimit(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("DEMARC_FUZZ_FIGURES", dir)
	fuzztest.Limit(t, 10, func() { kept = make([]byte, 1<<20) })
	files, err := filepath.Glob(filepath.Join(dir, "TestLimit.*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files of figures: %v, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text))
	if len(fields) != 2 || len(fields[1]) < 7 { // a million bytes or more
		t.Errorf("figures are %q, want nanoseconds and more than 1000000 bytes", text)
	}
}

// TestLimitRunsOnce holds that nothing is measured, or run again, elsewhere.
func TestLimitRunsOnce(t *testing.T) {
	t.Setenv("DEMARC_FUZZ_FIGURES", "")
	runs := 0
	fuzztest.Limit(t, 10, func() { runs++; kept = make([]byte, fuzztest.MaxMemory+1) })
	if runs != 1 {
		t.Errorf("the case was run %d times", runs)
	}
}

// TestLimitTakesLargerInputs holds that an input larger than the limits speak of
// is run and not judged.
func TestLimitTakesLargerInputs(t *testing.T) {
	t.Setenv("DEMARC_FUZZ_FIGURES", t.TempDir())
	runs := 0
	fuzztest.Limit(t, fuzztest.MaxInput+1, func() { runs++; kept = make([]byte, fuzztest.MaxMemory+1) })
	if runs != 1 {
		t.Errorf("the case was run %d times", runs)
	}
}
