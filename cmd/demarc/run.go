package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"demarc/geo"
)

// The exit codes of the program.
const (
	exitOK     = 0
	exitFailed = 1 // it could not be done, or the records have faults
	exitUsage  = 2 // the command line is not right
)

// commands is the command line. Every flag has an environment variable,
// DEMARC_ and its name.
type commands struct {
	Serve    serveCmd         `cmd:"" help:"Serve the records over HTTP, and the map."`
	Export   exportCmd        `cmd:"" help:"Write a collection to a file that GIS and statistics programs read."`
	Import   importCmd        `cmd:"" help:"Bring in records from GeoJSON, CSV, GeoPackage, UCDP GED or ACLED."`
	Validate validateCmd      `cmd:"" help:"Check records and name every fault as file:line:column."`
	Synth    synthCmd         `cmd:"" help:"Make up incidents that never happened, to measure the service with."`
	Backup   backupCmd        `cmd:"" help:"Copy a store while it is in use, and verify the copy."`
	Verify   verifyCmd        `cmd:"" help:"Check a store, or the log of a running service; name what is damaged."`
	Token    tokenCmd         `cmd:"" help:"Make, list and revoke the access tokens of those who change the data."`
	Version  kong.VersionFlag `env:"-" help:"Print the version and end."`
}

// streams are where a command writes.
type streams struct{ out, err io.Writer }

// exited ends the parsing of a command line that asks for help or the version.
type exited int

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if e, ok := recover().(exited); ok {
			code = int(e)
		}
	}()
	var cmds commands
	parser, err := kong.New(&cmds,
		kong.Name("demarc"),
		kong.Description("Border incidents with every figure as an attributed claim: a service for GIS tools and a map.\n\nExit codes: 0 done, 1 failed or faults found, 2 the command line is not right."),
		kong.DefaultEnvars("DEMARC"),
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.Vars{"version": "demarc " + version(), "store": defaultStore},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{stdout, stderr}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "demarc:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(stderr, "demarc:", err)
		fmt.Fprintln(stderr, "demarc --help lists the commands and flags")
		return exitUsage
	}
	return report(parsed.Run(), stderr)
}

// report prints why a command failed and returns the exit code. Faults of
// input come one a line, each with its place.
func report(err error, stderr io.Writer) int {
	var input *geo.InputError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &input):
		fmt.Fprintln(stderr, input.Error())
		fmt.Fprintf(stderr, "demarc: %d %s\n", len(input.Faults), plural(len(input.Faults), "fault", "faults"))
	default:
		fmt.Fprintln(stderr, "demarc:", err)
	}
	return exitFailed
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// version returns the version that the build was stamped with.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return info.Main.Version + " " + s.Value[:12]
		}
	}
	return info.Main.Version
}
