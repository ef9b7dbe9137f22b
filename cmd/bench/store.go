package main

import (
	"context"
	"errors"
	"flag"
)

// storeCommand makes a store with the shipped records and synthetic incidents, for
// programs that measure what is served of it, such as `make bench-web`.
const storeCommand = "store"

func makeStore(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("bench "+storeCommand, flag.ExitOnError)
	count := set.Int("count", 1_000_000, "synthetic incidents")
	path := set.String("o", "", "the store to make")
	if err := set.Parse(args); err != nil {
		return err
	}
	if *path == "" {
		return errors.New("-o names the store to make")
	}
	p, err := makePool(*count, 0)
	if err != nil {
		return err
	}
	st, _, err := p.fill(ctx, *path)
	if err != nil {
		return err
	}
	return st.Close()
}
