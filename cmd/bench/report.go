package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

func cores() int { return runtime.NumCPU() }

// report writes the figures as Markdown.
func report(to io.Writer, o *options, d *dataset, works []*work, targets []*target, results map[*work]map[*target]*result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# demarc beside its peers\n\n")
	fmt.Fprintf(&b, "`make bench-peers`, %s: %d synthetic incidents, %d connections, medians of %d interleaved rounds of %s.\n",
		time.Now().UTC().Format(time.DateOnly), o.count, o.connections, o.rounds, o.window)
	fmt.Fprintf(&b, "Machine: %s, %d cores shared by servers and client, %s.\n\n", cpuModel(), cores(), versions())
	b.WriteString("\"Ceiling\" writes as many bytes as demarc's answer has from memory (net/http). " +
		"Read the ratios, not the rates; \"others\" is the share of the machine's CPU that neither the server nor the client took.\n\n")
	for _, w := range works {
		fmt.Fprintf(&b, "## %s: %s\n\n| | answers/s | of the ceiling | server CPU ms | p50 ms | p99 ms | kB | others |\n|---|--:|--:|--:|--:|--:|--:|--:|\n", w.name, w.doc)
		top := 0.0
		for t, r := range results[w] {
			if t.name == ceilingCommand {
				top = median(r.rates)
			}
		}
		for _, t := range targets {
			r := results[w][t]
			if r == nil || r.err != nil {
				continue
			}
			rate := median(r.rates)
			fmt.Fprintf(&b, "| %s | %.0f | %.3f | %.3f | %.2f | %.2f | %.1f | %.0f %% |\n", t.name, rate, rate/top, median(r.cpu),
				ms(percentile(r.latency, 0.5)), ms(percentile(r.latency, 0.99)), r.bytes/1000, 100*median(r.others))
		}
		b.WriteString("\n")
	}
	b.WriteString("## Memory after the run\n\n| | resident MB |\n|---|--:|\n")
	for _, t := range targets {
		if t.name == "demarc" {
			fmt.Fprintf(&b, "| %s | %.0f |\n", t.name, float64(resident(t.process))/1e6)
		}
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func cpuModel() string {
	raw, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(raw)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// versions names Go and the libraries that the client is made of.
func versions() string {
	out := runtime.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			switch m.Path {
			case "github.com/gin-gonic/gin", "github.com/paulmach/orb", "github.com/tidwall/rtree", "github.com/valyala/fasthttp", "github.com/jackc/pgx/v5":
				out += ", " + m.Path[strings.Index(m.Path, "/")+1:] + " " + m.Version
			}
		}
	}
	return out
}
