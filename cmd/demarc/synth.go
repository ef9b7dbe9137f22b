package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"

	"demarc/data/curated"
	"demarc/data/synth"
)

// synthCmd writes incidents that never happened, to measure the service with.
type synthCmd struct {
	Count  int    `required:"" placeholder:"N" help:"How many incidents to make up."`
	Seed   uint64 `default:"1" placeholder:"S" help:"The same seed makes the same incidents; ${default} without it."`
	Output string `short:"o" placeholder:"FILE" help:"File to write; standard output without it."`
}

// Validate refuses a count that makes no sense.
func (cmd *synthCmd) Validate() error {
	if cmd.Count < 1 {
		return errors.New("--count: make up at least one")
	}
	return nil
}

// Run writes one feature a line until all are written or ctx ends.
func (cmd *synthCmd) Run(ctx context.Context, to streams) error {
	records, err := curated.Load(curated.Files())
	if err != nil {
		return err
	}
	source := synth.New(records, cmd.Seed)
	if cmd.Output == "" {
		return cmd.write(ctx, source, to.out)
	}
	file, err := os.Create(cmd.Output)
	if err != nil {
		return err
	}
	if err := cmd.write(ctx, source, file); err != nil {
		_ = file.Close() // the first error tells more
		return err
	}
	return file.Close()
}

func (cmd *synthCmd) write(ctx context.Context, source *synth.Source, to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<16)
	var line []byte
	for i := range cmd.Count {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		in := source.Next()
		line = append(in.AppendGeoJSON(line[:0]), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return w.Flush()
}
