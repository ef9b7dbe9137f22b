package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/importer"
	"demarc/geo"
)

// validateCmd checks records.
type validateCmd struct {
	File []string `arg:"" name:"file" help:"A folder in the form of data/curated, single files of one, which are checked with the built-in records around them, or files of the formats that import reads."`
	importFlags
}

// Run checks the files and reports every fault of them.
func (cmd *validateCmd) Run(ctx context.Context, to streams) error {
	var faults geo.Faults
	mapping, err := cmd.mapping()
	if err != nil {
		return err
	}
	single := overlay{base: curated.Files(), files: map[string]string{}}
	for _, name := range cmd.File {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		if info.IsDir() {
			_, err := loadFolder(name)
			faults = append(faults, faultsOf(err)...)
			continue
		}
		if foreign, err := cmd.foreign(name, &single); err != nil {
			return err
		} else if foreign {
			err := cmd.readForeign(ctx, name, mapping)
			if faultsOf(err) == nil && err != nil {
				return err
			}
			faults = append(faults, faultsOf(err)...)
			continue
		}
		single.add(name, &faults)
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

// foreignNames are the endings of the files that import reads, .json aside.
var foreignNames = []string{".csv", ".tsv", ".gz", ".zip", ".gpkg", ".geojson", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl"}

// featureType is how a GeoJSON document tells that it is one.
var featureType = regexp.MustCompile(`"type"\s*:\s*"Feature(Collection)?"`)

// foreign tells whether a file is one that import reads, and not a record in a
// file of its own, or a list or shapes by the name that the records have for them.
func (cmd *validateCmd) foreign(name string, records *overlay) (bool, error) {
	place := records.place(name)
	switch {
	case cmd.Format != "auto", place == "" && slices.Contains(foreignNames, path.Ext(name)):
		return true, nil
	case !strings.HasPrefix(place, "incidents/"):
		return false, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer file.Close()
	begin := make([]byte, 64<<10)
	n, err := io.ReadFull(file, begin)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	text := bytes.TrimSpace(begin[:n])
	return featureType.Match(text) || len(text) > 0 && text[0] == '[', nil
}

// readForeign reads a file as import does. Without a mapping GeoJSON is held to
// RFC 7946 alone.
func (cmd *validateCmd) readForeign(ctx context.Context, name string, mapping *importer.Mapping) error {
	o := importer.Options{File: name, Theatre: cmp.Or(cmd.Theatre, "other"), Release: cmd.Release, Mapping: mapping}
	o.Plain = mapping == nil
	_, err := readImport(ctx, name, cmd.Format, o, func(importer.Item) error { return nil })
	return err
}

// load reads the records in fsys. Its error, a *geo.InputError, tells files by
// name.
func load(fsys fs.FS, name func(path string) string) (*data.Records, error) {
	records, err := curated.Load(fsys)
	var input *geo.InputError
	if !errors.As(err, &input) {
		return records, err
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
	return nil, out.Err()
}

// loadFolder reads the records in a folder.
func loadFolder(dir string) (*data.Records, error) {
	return load(os.DirFS(dir), func(path string) string { return filepath.Join(dir, path) })
}

// faultsOf returns the faults that an error holds.
func faultsOf(err error) geo.Faults {
	var input *geo.InputError
	if errors.As(err, &input) {
		return input.Faults
	}
	return nil
}

// overlay shows single files in the places where they belong among others.
type overlay struct {
	base  fs.FS
	files map[string]string // by path in the overlay
}

// add puts a file where it belongs, unless it belongs nowhere.
func (o *overlay) add(name string, faults *geo.Faults) {
	place := o.place(name)
	switch other, taken := o.files[place]; {
	case place == "":
		faults.Add(name, "", "is no file of the records", "name an incident (.json), a list such as sources.json, or a file of shapes that the records have")
	case taken:
		faults.Add(name, "", "belongs in the same place as "+other, "check the two one after the other")
	default:
		o.files[place] = name
	}
}

// place returns where a file belongs: a list or a file of shapes that the
// records have by that name is replaced, any other JSON file is an incident.
func (o *overlay) place(name string) string {
	base := filepath.Base(name)
	for _, dir := range []string{".", "odbl", "naturalearth", "drawn"} {
		if _, err := fs.Stat(o.base, path.Join(dir, base)); err == nil {
			return path.Join(dir, base)
		}
	}
	if path.Ext(base) == ".json" {
		return "incidents/" + base
	}
	return ""
}

// check returns the faults of the single files, and those that they bring to
// the built-in records around them.
func (o *overlay) check() geo.Faults {
	_, err := load(o, func(path string) string {
		if name, ok := o.files[path]; ok {
			return name
		}
		return "built-in " + path
	})
	return faultsOf(err)
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
	slices.Sort(names) // faults come in the order of the files
	return names, nil
}
