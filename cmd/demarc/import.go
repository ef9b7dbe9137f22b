package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/importer"
	"demarc/data/snapshot"
	"demarc/data/store/gpkg"
	"demarc/geo"
)

// importCmd brings records of others into a store.
type importCmd struct {
	File    []string `arg:"" name:"file" help:"Files to import, also gzipped or one in a zip archive; a folder in the form of data/curated."`
	Store   string   `placeholder:"FILE" help:"Store to import into. Needed but for a dry run, which without it compares with the built-in records."`
	DryRun  bool     `help:"Read and check everything, tell what would change, and change nothing."`
	Author  string   `default:"import" help:"Who answers for the import, as the history shows it."`
	Comment string   `placeholder:"TEXT" help:"Why, as the history shows it."`
	importFlags
}

// importFlags say what files are. validate has them as well.
type importFlags struct {
	Format  string `default:"auto" enum:"auto,geojson,geojsonseq,csv,gpkg,acled,ucdp-ged,records" help:"What the files are: ${enum}."`
	Map     string `placeholder:"FILE" help:"Mapping of columns to records, for GeoJSON, CSV and GeoPackage; docs/import.md has its form."`
	Theatre string `placeholder:"WORD" help:"Theatre of the records, such as kg-tj-border, or other."`
	Release string `placeholder:"VERSION" help:"Release of the dataset, such as 25.1; for UCDP GED taken from the file's name where it has one."`
}

// maxBatch is how many changes a revision has at the most. A file that brings more is
// imported in several, and all the same all of it or nothing.
const maxBatch = 50_000

// maxListed is how many likely duplicates are listed one by one.
const maxListed = 20

// Run checks all files and then imports them.
func (cmd *importCmd) Run(ctx context.Context, to streams) error {
	if cmd.Store == "" && !cmd.DryRun {
		return errors.New("name the store with --store FILE, or check the files with --dry-run")
	}
	mapping, err := cmd.mapping()
	if err != nil {
		return err
	}
	var st *gpkg.Store
	if cmd.Store != "" {
		if st, err = openStore(ctx, cmd.Store, gpkg.Options{}); err != nil {
			return err
		}
		defer st.Close()
	}
	run := &importRun{cmd: cmd, mapping: mapping, store: st, to: to, batch: maxBatch}
	if err := run.check(ctx); err != nil || cmd.DryRun {
		return err
	}
	return run.commit(ctx)
}

func (f *importFlags) mapping() (*importer.Mapping, error) {
	if f.Map == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.Map)
	if err != nil {
		return nil, err
	}
	return importer.ReadMapping(f.Map, text)
}

// importRun is one import of several files.
type importRun struct {
	cmd     *importCmd
	mapping *importer.Mapping
	store   *gpkg.Store // nil where there is none
	to      streams
	batch   int // how many changes are gathered, and how many a revision has
	// kept are the changes of each file while there are few enough of all.
	kept [][]data.Change
	many bool
	news int
}

// known returns what stands before the import.
func (r *importRun) known(ctx context.Context) (*importer.Known, error) {
	k := importer.NewKnown()
	if r.store != nil {
		_, err := r.store.Load(ctx, k.Add)
		return k, err
	}
	records, err := curated.Load(curated.Files())
	if err != nil {
		return nil, err
	}
	for record := range records.Each() {
		if err := k.AddRecord(record); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// tally is what an import makes of one file.
type tally struct {
	importer.Merged
	importer.Summary
	listed int
}

// check reads every file to its end and tells what each would change. Its error
// has the faults of all of them.
func (r *importRun) check(ctx context.Context) error {
	k, err := r.known(ctx)
	if err != nil {
		return err
	}
	var faults geo.Faults
	total := 0
	for _, name := range r.cmd.File {
		var changes []data.Change
		t := tally{Merged: importer.Merged{New: map[data.Kind]int{}, Changed: map[data.Kind]int{}}}
		k.NextFile()
		t.Summary, err = r.read(ctx, name, func(it importer.Item) error {
			m, err := k.Merge(&it)
			if err != nil {
				return err
			}
			t.add(&m)
			for _, d := range m.Duplicates {
				if t.listed++; t.listed <= maxListed {
					fmt.Fprintf(r.to.out, "%s:%d: %s\n", name, it.Line, d)
				}
			}
			if total += len(m.Changes); total > r.batch {
				r.many, changes, r.kept = true, nil, nil
			} else {
				changes = append(changes, m.Changes...)
			}
			return nil
		})
		found := faultsOf(err)
		if err != nil && found == nil {
			return err
		}
		faults = append(faults, found...)
		if found == nil {
			t.print(r.to.out, name, r.cmd.DryRun)
		}
		r.kept = append(r.kept, changes)
		r.news += len(t.New) + len(t.Changed)
	}
	return faults.Err()
}

func (t *tally) add(m *importer.Merged) {
	for kind, n := range m.New {
		t.New[kind] += n
	}
	for kind, n := range m.Changed {
		t.Changed[kind] += n
	}
	t.Same += m.Same
	t.TakenBack += m.TakenBack
}

// print tells what became of a file.
func (t *tally) print(w io.Writer, name string, dry bool) {
	verb := ""
	if dry {
		verb = "would be "
	}
	fmt.Fprintf(w, "%s: %d read; incidents: %s%d new, %d changed, %d as before", name, t.Read, verb, t.New[data.Incidents], t.Changed[data.Incidents], t.Same)
	if t.TakenBack > 0 {
		fmt.Fprintf(w, ", %d were taken back and stay so", t.TakenBack)
	}
	for _, kind := range data.Kinds() {
		if n := t.New[kind]; n > 0 && kind != data.Incidents {
			fmt.Fprintf(w, "; %d new %s", n, kind)
		}
	}
	fmt.Fprintln(w)
	for _, what := range slices.Sorted(maps.Keys(t.LeftOut)) {
		fmt.Fprintf(w, "%s: left out, because no type of ours fits: %d of %s\n", name, t.LeftOut[what], what)
	}
	if t.listed > 0 {
		fmt.Fprintf(w, "%s: %d may be incidents that stand already; nothing was merged\n", name, t.listed)
	}
}

// commit carries out the changes, those of each file together.
func (r *importRun) commit(ctx context.Context) error {
	if r.news == 0 {
		fmt.Fprintln(r.to.out, "nothing to import")
		return nil
	}
	snapshot.KeepEncoded(0) // no lists are asked for
	log, flush := newLog("text", r.to.err)
	defer flush()
	d, err := dataset.Open(ctx, r.store, nil, log)
	if err != nil {
		return err
	}
	if !r.many {
		for i, name := range r.cmd.File {
			if len(r.kept[i]) == 0 {
				continue
			}
			line, err := r.apply(ctx, d, name, r.kept[i])
			if err != nil {
				return err
			}
			fmt.Fprintln(r.to.out, line)
		}
		return nil
	}
	k, err := r.known(ctx)
	if err != nil {
		return err
	}
	for _, name := range r.cmd.File {
		k.NextFile()
		var done []string
		if err := r.store.Together(ctx, func() (err error) {
			done, err = r.applyAll(ctx, d, k, name)
			return err
		}); err != nil {
			return fmt.Errorf("nothing of %s was imported: %w", name, err)
		}
		for _, line := range done {
			fmt.Fprintln(r.to.out, line)
		}
	}
	return nil
}

// applyAll reads a file again and commits its changes, some at a time. It returns
// what to tell of each part.
func (r *importRun) applyAll(ctx context.Context, d *dataset.Dataset, k *importer.Known, name string) (done []string, err error) {
	var changes []data.Change
	apply := func() error {
		if len(changes) == 0 {
			return nil
		}
		line, err := r.apply(ctx, d, name, changes)
		done, changes = append(done, line), nil
		return err
	}
	_, err = r.read(ctx, name, func(it importer.Item) error {
		m, err := k.Merge(&it)
		if changes = append(changes, m.Changes...); err == nil && len(changes) >= r.batch {
			err = apply()
		}
		return err
	})
	if err == nil {
		err = apply()
	}
	return done, err
}

// apply commits changes of one file, and returns what to tell of it.
func (r *importRun) apply(ctx context.Context, d *dataset.Dataset, name string, changes []data.Change) (string, error) {
	comment := r.cmd.Comment
	if comment == "" {
		comment = "Imported from " + name
	}
	receipt, err := d.Apply(ctx, data.Batch{Author: r.cmd.Author, Comment: comment, Origin: "import", Changes: changes})
	if found := faultsOf(err); found != nil {
		return "", named(name, changes, found)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return fmt.Sprintf("%s: revision %d with %d changes", name, receipt.Revision.Number, len(changes)), nil
}

// named says faults of a batch by the records that they are in.
func named(name string, changes []data.Change, found geo.Faults) error {
	out := slices.Clone(found)
	for i, f := range out {
		first, rest, _ := strings.Cut(strings.TrimPrefix(f.Where, "/"), "/")
		n := 0
		if _, err := fmt.Sscanf(first, "%d", &n); err == nil && n >= 0 && n < len(changes) && len(changes) > 1 {
			out[i].Where = fmt.Sprintf("%s: %s/%s: /%s", name, changes[n].Kind, changes[n].ID, rest)
		} else {
			out[i].Where = name + ": " + f.Where
		}
	}
	return out.Err()
}
