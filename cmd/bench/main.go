// Command bench measures demarc side by side with PostGIS and with a ceiling: a
// handler that writes as many bytes from memory. All answer the same questions
// about the same synthetic incidents, in turn, in one run, since absolute figures
// drift with the machine and only ratios within a run mean something.
//
//	go run ./cmd/bench -count 1000000 -o docs/bench/peers.md
//	go run ./cmd/bench writes -o docs/bench/writes.md
//	go run ./cmd/bench store -count 1000000 -o many.gpkg
//
// PostGIS takes part where Debian's packages postgresql and postgresql-postgis are
// installed: in a folder of its own, on a socket in it. Other servers take part by
// -targets FILE. Everything listens on 127.0.0.1 and ends with the run.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"regexp"
	"time"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == ceilingCommand { // a child of the run
		log.Fatal(ceiling())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	do, args := run, os.Args[1:]
	if len(args) > 0 && args[0] == writesCommand {
		do, args = runWrites, args[1:]
	} else if len(args) > 0 && args[0] == storeCommand {
		do, args = makeStore, args[1:]
	}
	if len(args) > 0 && args[0] == sizesCommand {
		do, args = runSizes, args[1:]
	}
	err := do(ctx, args)
	stop()
	if err != nil {
		log.Fatal("bench: ", err)
	}
}

// options are what a run can be told.
type options struct {
	count       int
	seed        uint64
	rounds      int
	window      time.Duration
	connections int
	works       *regexp.Regexp
	targets     string
	postgis     bool
	output      string
	demarc      string
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "demarc-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	log.Printf("making %d incidents", o.count)
	d, err := makeData(dir, o.count, o.seed)
	if err != nil {
		return err
	}
	works := d.works(o.works)
	targets, closeAll, err := o.start(ctx, dir, d)
	defer closeAll()
	if err != nil {
		return err
	}
	results, err := measureAll(ctx, o, works, targets)
	if err != nil {
		return err
	}
	return writeFile(o.output, func(to *os.File) error { return report(to, o, d, works, targets, results) })
}

func parse(args []string) (*options, error) {
	var o options
	set := flag.NewFlagSet("bench", flag.ExitOnError)
	set.IntVar(&o.count, "count", 1_000_000, "synthetic incidents")
	set.Uint64Var(&o.seed, "seed", 1, "of the incidents and the questions")
	set.IntVar(&o.rounds, "rounds", 3, "rounds; medians are printed")
	set.DurationVar(&o.window, "time", 2*time.Second, "how long each target is asked in a round")
	set.IntVar(&o.connections, "connections", 32, "connections that ask at once")
	works := set.String("works", ".", "regular expression: the works to measure")
	set.StringVar(&o.targets, "targets", "", "file with other servers to ask, as JSON: [{\"name\", \"processes\": [pid], \"base\", \"works\": {name: path with {minx} ...}}]")
	set.BoolVar(&o.postgis, "postgis", true, "whether PostGIS takes part, where it is installed")
	set.StringVar(&o.output, "o", "", "Markdown file to write; standard output without it")
	set.StringVar(&o.demarc, "demarc", "bin/demarc", "the program to measure")
	if err := set.Parse(args); err != nil {
		return nil, err
	}
	var err error
	if o.works, err = regexp.Compile("^(?:" + *works + ")$"); err != nil {
		return nil, fmt.Errorf("-works: %w", err)
	}
	if *works == "." {
		o.works = regexp.MustCompile("")
	}
	if o.count < 1000 || o.rounds < 1 || o.connections < 1 {
		return nil, fmt.Errorf("measure at least 1000 incidents, a round and a connection")
	}
	return &o, nil
}
