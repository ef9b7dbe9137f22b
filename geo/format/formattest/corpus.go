package formattest

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"
)

// Corpus returns where the collected test files are: DEMARC_CORPUS, else
// shared/corpus beside the checkout.
func Corpus(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for root != filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		root = filepath.Dir(root)
	}
	return cmp.Or(os.Getenv("DEMARC_CORPUS"), filepath.Join(filepath.Dir(root), "shared", "corpus"))
}

// CorpusFiles returns the collected files that match, or ends the test as Missing
// does.
func CorpusFiles(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(Corpus(t), pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		Missing(t, "no files "+pattern+" in "+Corpus(t))
	}
	return files
}
