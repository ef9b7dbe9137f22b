// Package formattest is what the tests of the format packages share: drawn
// features that are hard on formats, and the foreign programs that read what we
// wrote. Only tests import it.
package formattest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Missing fails the test in CI and skips it, by name, elsewhere.
func Missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// Program returns the path of a foreign program.
func Program(t *testing.T, name, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, fmt.Sprintf("%s is not on this machine (Debian package %s)", name, debianPackage))
	}
	return path
}

// GDAL returns what a program of GDAL writes to standard output.
func GDAL(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(Program(t, name, "gdal-bin"), args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return out
}

// NPMModules returns a folder in which the packages are installed, in the
// user's cache, so that they are fetched once.
func NPMModules(t *testing.T, packages ...string) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		Missing(t, "npm is not on this machine (Debian package npm)")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "demarc-test", strings.NewReplacer("@", "-", "/", "-").Replace(strings.Join(packages, "-")))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	installed := filepath.Join(dir, "installed")
	if _, err := os.Stat(installed); err == nil {
		return dir
	}
	args := append([]string{"install", "--prefix", dir, "--no-audit", "--no-fund", "--prefer-offline"}, packages...)
	if out, err := exec.Command(npm, args...).CombinedOutput(); err != nil {
		Missing(t, fmt.Sprintf("npm cannot install %v: %v\n%s", packages, err, out))
	}
	if err := os.WriteFile(installed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// ScriptIn returns the path of a script that stands, for the test, in the
// folder, where it finds the modules.
func ScriptIn(t *testing.T, dir, text string) string {
	t.Helper()
	f, err := os.CreateTemp(dir, "ask-*.mjs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(f.Name()) })
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}
