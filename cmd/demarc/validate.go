package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"demarc/data/curated"
	"demarc/geo"
)

// validateCmd checks records.
type validateCmd struct {
	File []string `arg:"" name:"file" help:"A folder in the form of data/curated, or single files of one, which are checked with the built-in records around them."`
}

// Run checks the files and reports every fault of them.
func (cmd *validateCmd) Run(to streams) error {
	var faults geo.Faults
	single := overlay{base: curated.Files(), files: map[string]string{}}
	for _, name := range cmd.File {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		if info.IsDir() {
			faults = append(faults, check(os.DirFS(name), func(path string) string { return filepath.Join(name, path) })...)
			continue
		}
		single.files[single.place(name)] = name
	}
	if len(single.files) > 0 {
		faults = append(faults, single.check()...)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	fmt.Fprintln(to.out, "no faults")
	return nil
}

// check returns the faults of the records in fsys, their files named by name.
func check(fsys fs.FS, name func(path string) string) geo.Faults {
	_, err := curated.Load(fsys)
	var input *geo.InputError
	if !errors.As(err, &input) {
		return nil
	}
	out := make(geo.Faults, len(input.Faults))
	for i, f := range input.Faults {
		path, rest, hasPlace := strings.Cut(f.Where, ":")
		f.Where = name(path)
		if hasPlace {
			f.Where += ":" + rest
		}
		out[i] = f
	}
	return out
}

// overlay shows single files in the places where they belong among others.
type overlay struct {
	base  fs.FS
	files map[string]string // by path in the overlay
}

// place returns where a file belongs: a list that the records have by that
// name is replaced, any other file is an incident.
func (o *overlay) place(name string) string {
	base := filepath.Base(name)
	if _, err := fs.Stat(o.base, base); err == nil {
		return base
	}
	return "incidents/" + base
}

// check returns the faults of the single files alone.
func (o *overlay) check() geo.Faults {
	var out geo.Faults
	for _, f := range check(o, func(path string) string { return path }) {
		path, rest, _ := strings.Cut(f.Where, ":")
		if name, ok := o.files[path]; ok {
			f.Where = strings.TrimSuffix(name+":"+rest, ":")
			out = append(out, f)
		}
	}
	return out
}

// Open opens a single file in its place, or one of the records around it.
func (o *overlay) Open(path string) (fs.File, error) {
	if name, ok := o.files[path]; ok {
		return os.Open(name)
	}
	return o.base.Open(path)
}

// Glob adds the single files to those of the records.
func (o *overlay) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(o.base, pattern)
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, n := range names {
		have[n] = true
	}
	for path := range o.files {
		if ok, _ := filepath.Match(pattern, path); ok && !have[path] {
			names = append(names, path)
		}
	}
	return names, nil
}
