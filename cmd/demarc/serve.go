package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"demarc/data"
	"demarc/data/background"
	"demarc/data/dataset"
	"demarc/data/snapshot"
	"demarc/data/store/gpkg"
	"demarc/server"
	"demarc/web"
)

// serveCmd serves the records over HTTP.
type serveCmd struct {
	Listen    string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on, ${default} by default; port 0 takes a free one."`
	PublicURL string `placeholder:"URL" help:"Address under which clients see the service, where a proxy stands in front."`
	Store     string `placeholder:"FILE" xor:"records" help:"Store to serve, ${store} by default. A new one is filled with the records that the program is shipped with."`
	ReadOnly  bool   `help:"Take no changes, and open the store for reading alone: its file and folder may be read-only."`
	// QGIS sends no If-Match, so that it cannot edit what asks for it.
	RequireIfMatch bool          `help:"Refuse changes that do not say by If-Match which version they were made from."`
	Data           string        `placeholder:"DIR" type:"existingdir" xor:"records" help:"Records to serve instead of a store, in the form of data/curated, without taking changes; read again on SIGHUP."`
	Layer          []string      `placeholder:"NAME=FILE" help:"Another layer to serve as the collection NAME: GeoPackage (FILE#LAYER where it has several), FlatGeobuf, GeoJSON or one feature a line. Repeat it for more; read again on SIGHUP."`
	Log            string        `default:"text" enum:"text,json" help:"Form of the log on standard error: ${enum}."`
	Timeout        time.Duration `default:"30s" help:"End a request that takes longer."`
	ReadRate       float64       `placeholder:"N" help:"Take at most so many requests a second of one client, on average and ten seconds' worth at once. A client is a network of addresses (/24, /64). Without it there is no limit."`
	WriteRate      float64       `placeholder:"N" help:"Take at most so many changes a second with one token, on average and ten seconds' worth at once. Without it there is no limit."`
	TrustedProxy   []string      `placeholder:"ADDRESS" help:"Address or network of a proxy whose X-Forwarded-For tells the client's address; repeat it for more."`
	EncodedMB      int64         `default:"2048" placeholder:"MB" help:"Keep features of lists as they are written in up to so much memory, ${default} by default: answers then take a third of the time. 0 keeps none."`
	ImageFrom      uint64        `default:"20000" placeholder:"N" help:"Keep beside a store of at least so many versions, ${default} by default, a file with what is made of them (FILE-image): the next start then takes a moment. 0 keeps and takes none."`
	TilesMB        int64         `default:"1024" placeholder:"MB" help:"Keep vector tiles, and what they are made of, in up to so much memory, ${default} by default. 0 keeps none."`
}

// Validate is kong's.
func (cmd *serveCmd) Validate() error {
	if !(cmd.ReadRate >= 0) || !(cmd.WriteRate >= 0) {
		return errors.New("--read-rate and --write-rate take a number of 0 or more")
	}
	return nil
}

// grace is how long requests may take to end when the server stops.
const grace = 10 * time.Second

// Run serves until ctx ends.
func (cmd *serveCmd) Run(ctx context.Context, to streams) (err error) {
	log, flush := newLog(cmd.Log, to.err)
	defer flush()
	boundMemory(log)
	boundGarbage()
	background.GiveWay()
	snapshot.KeepEncoded(max(0, cmd.EncodedMB) << 20)
	d, st, err := cmd.open(ctx, log, to.err)
	if err != nil {
		return err
	}
	if st != nil {
		defer closing(st, &err)
	}
	settleMemory()
	watching, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { d.Watch(watching, 2*time.Second) })
	watch.Go(func() { d.PutTogether(watching, time.Second) })
	watch.Go(func() { followMemory(watching) })
	watch.Go(func() {
		if err := d.CatchUp(watching); err != nil && watching.Err() == nil {
			log.Error("the store's tables of features stay behind", "error", err.Error())
		}
	})
	watch.Go(func() {
		background.Do(func() {
			d.Snapshot().Encode()
			d.CheckRows(watching)
		})
	})
	watch.Go(func() { d.KeepImage(watching) })
	defer func() {
		stop()
		watch.Wait()
		leave(ctx, d)
	}()
	cfg := server.Config{PublicURL: cmd.PublicURL, Version: version(), Timeout: cmd.Timeout, GeoPackage: openGeoPackage, RequireIfMatch: cmd.RequireIfMatch,
		ReadRate: cmd.ReadRate, WriteRate: cmd.WriteRate, TrustedProxies: cmd.TrustedProxy,
		TileBytes: cmp.Or(max(0, cmd.TilesMB)<<20, -1)}
	if st != nil && st.PublicKey() != "" {
		cfg.Log = st
	}
	if st != nil && !cmd.ReadOnly {
		cfg.Tokens = st
	}
	srv, err := server.New(cfg, d, web.Dist(), log)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cmd.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", cmd.Listen, err)
	}
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGHUP) // before the address is told: who knows it may send the signal
	defer signal.Stop(again)
	fmt.Fprintf(to.out, "demarc serves %d incidents on http://%s (the map; GIS tools take the same address). Stop with Ctrl-C.\n",
		countOf(d, "incidents"), listener.Addr())
	answering := &http.Server{
		Handler: srv.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: cmd.Timeout + 30*time.Second,
		IdleTimeout: 60 * time.Second, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	answering.RegisterOnShutdown(srv.Stop)
	return serve(ctx, answering, listener, again, func() { cmd.reload(ctx, d, log) })
}

// leaving is how long writing the image may take when the service stops.
const leaving = 5 * time.Second

// leave writes the image for the next start, where it is old.
func leave(ctx context.Context, d *dataset.Dataset) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaving)
	defer cancel()
	d.LeaveImage(ctx)
}

// serve answers until ctx ends, and then lets the requests at hand end. It
// reloads when a signal comes in again.
func serve(ctx context.Context, srv *http.Server, listener net.Listener, again <-chan os.Signal, reload func()) error {
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	for {
		select {
		case err := <-failed:
			return fmt.Errorf("serve: %w", err)
		case <-again:
			reload()
		case <-ctx.Done():
			// The context is over; the requests get their own time.
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
			defer cancel()
			err := srv.Shutdown(end)
			if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
				err = errors.Join(err, served)
			}
			return err
		}
	}
}

// open opens what is to be served: a store, which is nil for records of a folder.
func (cmd *serveCmd) open(ctx context.Context, log *slog.Logger, to io.Writer) (*dataset.Dataset, *gpkg.Store, error) {
	records, layers, err := cmd.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	if records != nil {
		d, err := dataset.New(records, layers...)
		return d, nil, err
	}
	path := cmd.Store
	if path == "" {
		path = defaultStore
	}
	var st *gpkg.Store
	if cmd.ReadOnly {
		st, err = existingStore(ctx, path, gpkg.Options{ReadOnly: true})
	} else {
		st, err = openStore(ctx, path, gpkg.Options{})
	}
	if err != nil {
		return nil, nil, err
	}
	begun := time.Now()
	opening := dataset.Opening{Layers: layers, Log: log, ImageFrom: cmd.ImageFrom, Program: programSum()}
	var end func()
	opening.Tell, end = loadProgress(to)
	d, err := openDataset(ctx, st, opening)
	end()
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	if took := time.Since(begun); took > time.Second {
		log.Info("loaded", "versions", d.Revision().Sequence, "seconds", took.Round(time.Millisecond).Seconds())
	}
	if cmd.ReadOnly {
		d.Freeze()
	}
	if err := d.TakeOver(ctx); err != nil { // what other programs changed while the service was not there
		return nil, nil, errors.Join(err, st.Close())
	}
	return d, st, nil
}

// countOf returns how many features a collection of ours has.
func countOf(d *dataset.Dataset, collection string) int {
	c, err := d.Snapshot().Collection(collection)
	if err != nil {
		return 0
	}
	return c.Len()
}

// reload reads the records of a folder, and the layers, again. Where they have
// faults, the ones that are served stay.
func (cmd *serveCmd) reload(ctx context.Context, d *dataset.Dataset, log *slog.Logger) {
	records, layers, err := cmd.read(ctx)
	switch {
	case err != nil:
	case records != nil:
		err = d.Replace(records, layers...)
	default:
		err = d.ReplaceLayers(layers...)
	}
	if err != nil {
		log.Error("reload refused; the records served before stay", "error", err.Error())
		return
	}
	settleMemory()
	log.Info("reloaded", "revision", d.Snapshot().Revision())
}

// read reads the records of a folder, nil for none, and the layers. Its error has
// every fault of both.
func (cmd *serveCmd) read(ctx context.Context) (*data.Records, []data.Layer, error) {
	var records *data.Records
	var err error
	if cmd.Data != "" {
		records, err = recordsIn(cmd.Data)
	}
	faults := faultsOf(err)
	if err != nil && faults == nil {
		return nil, nil, err
	}
	layers, err := readLayers(ctx, cmd.Layer)
	return records, layers, append(faults, faultsOf(err)...).Err()
}
