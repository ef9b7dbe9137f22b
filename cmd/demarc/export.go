package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/snapshot"
	"demarc/data/store/gpkg"
	"demarc/geo"
	format "demarc/geo/format/gpkg"
	"demarc/server"
)

// exportCmd writes a collection to a file.
type exportCmd struct {
	Collection string `required:"" placeholder:"NAME" help:"Collection to write: incidents, claims, segments, areas, places or sources."`
	Format     string `default:"geojson" enum:"geojson,geojsonseq,jsonfg,csv,fgb,geoparquet,gpkg,kml" help:"Format of the file: ${enum}."`
	Filter     string `placeholder:"CQL2" help:"Only features for which this is true, in CQL2 text."`
	Datetime   string `placeholder:"TIME" help:"Only features of this day, instant or interval, as in the API."`
	BBox       string `name:"bbox" placeholder:"W,S,E,N" help:"Only features in this box of degrees, and those without a geometry."`
	AsOf       string `name:"asof" placeholder:"DAY" help:"Only what was known on this day, as in the API."`
	Store      string `placeholder:"FILE" xor:"records" help:"Store to take the records of, instead of the built-in ones; it may be in use. Drafts are not written."`
	Data       string `placeholder:"DIR" type:"existingdir" xor:"records" help:"Records to take instead of the built-in ones, in the form of data/curated."`
	Output     string `short:"o" placeholder:"FILE" help:"File to write, which is replaced only when all of it is there; standard output without it."`
}

// Run writes the features.
func (cmd *exportCmd) Run(ctx context.Context, to streams) (err error) {
	snapshot.KeepEncoded(0) // each feature is written once
	d, st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	if st != nil {
		defer closing(st, &err)
	}
	snap, err := cmd.snapshot(ctx, d)
	if err != nil {
		return err
	}
	ask := &server.Export{Collection: cmd.Collection, Format: cmd.Format, Params: url.Values{}, GeoPackage: openGeoPackage}
	for name, value := range map[string]string{"filter": cmd.Filter, "datetime": cmd.Datetime, "bbox": cmd.BBox} {
		if value != "" {
			ask.Params.Set(name, value)
		}
	}
	if cmd.Output == "" {
		_, err := ask.Write(ctx, to.out, snap)
		return err
	}
	var count int
	err = replaceFile(cmd.Output, func(w io.Writer) (err error) {
		count, err = ask.Write(ctx, w, snap)
		return err
	})
	if err == nil {
		fmt.Fprintf(to.out, "%d %s of %s in %s\n", count, plural(count, "feature", "features"), cmd.Collection, cmd.Output)
	}
	return err
}

// snapshot returns what was known on the day asked for.
func (cmd *exportCmd) snapshot(ctx context.Context, d *dataset.Dataset) (*snapshot.Snapshot, error) {
	if cmd.AsOf == "" {
		return d.Snapshot(), nil
	}
	day, err := data.ParseKnown(cmd.AsOf)
	if err != nil {
		var faults geo.Faults
		faults.Add("--asof", cmd.AsOf, "is not a day", "a day (2022-09-17), a month, a year, or an instant (2022-09-17T12:00:00Z)")
		return nil, faults.Err()
	}
	return d.AsOf(ctx, day)
}

// recordsIn reads the records in a folder, or the built-in ones where none is
// open opens what is to be written: a store, which is nil for records of a folder.
func (cmd *exportCmd) open(ctx context.Context) (*dataset.Dataset, *gpkg.Store, error) {
	if cmd.Store == "" {
		records, err := recordsIn(cmd.Data)
		if err != nil {
			return nil, nil, err
		}
		d, err := dataset.New(records)
		return d, nil, err
	}
	st, err := existingStore(ctx, cmd.Store, gpkg.Options{Beside: true})
	if err != nil {
		return nil, nil, err
	}
	d, err := dataset.Open(ctx, st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return d, st, nil
}

// named.
func recordsIn(dir string) (*data.Records, error) {
	if dir == "" {
		return curated.Load(curated.Files())
	}
	return loadFolder(dir)
}

// openGeoPackage opens the encoder of the one package that may write databases.
func openGeoPackage(w io.Writer, sc *geo.Schema, o format.Options) server.Encoder {
	return gpkg.NewEncoder(w, sc, o)
}

// replaceFile lets write write a new file beside the named one, and puts it in
// its place when it is whole. After an error the old one is as it was.
func replaceFile(name string, write func(io.Writer) error) error {
	draft := name + "." + rand.Text()[:8] + ".tmp"
	f, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(draft, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(draft))
	}
	return nil
}
