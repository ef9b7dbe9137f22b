package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"demarc/data"
	"demarc/data/dataset"
	"demarc/server"
	"demarc/web"
)

// serveCmd serves the records over HTTP.
type serveCmd struct {
	Listen    string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on, ${default} by default; port 0 takes a free one."`
	PublicURL string        `placeholder:"URL" help:"Address under which clients see the service, where a proxy stands in front."`
	Data      string        `placeholder:"DIR" type:"existingdir" help:"Records to serve instead of the built-in ones, in the form of data/curated; read again on SIGHUP."`
	Layer     []string      `placeholder:"NAME=FILE" help:"Another layer to serve as the collection NAME: GeoPackage (FILE#LAYER where it has several), FlatGeobuf, GeoJSON or one feature a line. Repeat it for more; read again on SIGHUP."`
	Log       string        `default:"text" enum:"text,json" help:"Form of the log on standard error: ${enum}."`
	Timeout   time.Duration `default:"30s" help:"End a request that takes longer."`
}

// grace is how long requests may take to end when the server stops.
const grace = 10 * time.Second

// Run serves until ctx ends.
func (cmd *serveCmd) Run(ctx context.Context, to streams) error {
	log := newLog(cmd.Log, to.err)
	records, layers, err := cmd.read(ctx)
	if err != nil {
		return err
	}
	d, err := dataset.New(records, layers...)
	if err != nil {
		return err
	}
	srv, err := server.New(server.Config{PublicURL: cmd.PublicURL, Version: version(), Timeout: cmd.Timeout, GeoPackage: openGeoPackage}, d, web.Dist(), log)
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
		len(records.Incidents), listener.Addr())
	return serve(ctx, &http.Server{
		Handler: srv.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: cmd.Timeout + 30*time.Second,
		IdleTimeout: 60 * time.Second, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}, listener, again, func() { cmd.reload(ctx, d, log) })
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

// reload reads the records and layers again. Where they have faults, the ones
// that are served stay.
func (cmd *serveCmd) reload(ctx context.Context, d *dataset.Dataset, log *slog.Logger) {
	records, layers, err := cmd.read(ctx)
	if err == nil {
		err = d.Replace(records, layers...)
	}
	if err != nil {
		log.Error("reload refused; the records served before stay", "error", err.Error())
		return
	}
	log.Info("reloaded", "revision", d.Snapshot().Revision())
}

// read reads what is to be served. Its error has every fault of the records and
// of the layers.
func (cmd *serveCmd) read(ctx context.Context) (*data.Records, []data.Layer, error) {
	records, err := cmd.records()
	faults := faultsOf(err)
	if err != nil && faults == nil {
		return nil, nil, err
	}
	layers, err := readLayers(ctx, cmd.Layer)
	return records, layers, append(faults, faultsOf(err)...).Err()
}

// records reads the records that are to be served.
func (cmd *serveCmd) records() (*data.Records, error) {
	return recordsIn(cmd.Data)
}

func newLog(form string, to io.Writer) *slog.Logger {
	if form == "json" {
		return slog.New(slog.NewJSONHandler(to, nil))
	}
	return slog.New(slog.NewTextHandler(to, nil))
}
