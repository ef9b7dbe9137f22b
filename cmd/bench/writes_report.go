package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// writeFile gives the named file, or standard output, to do.
func writeFile(name string, do func(to *os.File) error) error {
	if name == "" {
		return do(os.Stdout)
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := do(file); err != nil {
		return err
	}
	return file.Sync()
}

// reportWrites writes the figures as Markdown.
func reportWrites(to io.Writer, o *writesOptions, sinks []*sink, reads []*felt) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Changes: how many are durable in a second\n\n")
	fmt.Fprintf(&b, "`make bench-writes`, %s: %d incidents stand; %d writers add one each and wait until it is durable, %d in a round; medians of %d interleaved rounds.\n",
		time.Now().UTC().Format(time.DateOnly), o.count, o.writers, o.changes, o.rounds)
	fmt.Fprintf(&b, "Machine: %s, %d cores shared by servers and client, %s.\n\n", cpuModel(), cores(), versions())
	b.WriteString("A change of demarc is the version with its sum and its leaf in the log, as it has been checked against all records; readers who ask after the answer see it. \"Others\" is the share of the machine's CPU that was taken by other programs: where it is high, who has most processes gets most of the rest, and PostgreSQL has one for each writer. The CPU of a change then says more than the rate.\n\n")
	if o.rounds > 0 {
		reportSinks(&b, sinks)
	}
	if len(reads) > 0 {
		fmt.Fprintf(&b, "\n## Readers while others write\n\n%d questions a second, whether those before are answered or not: 100 incidents in a box. A question's time counts from when it is due, and beside it from when it is sent, since our own clock wakes us up to a millisecond late. \"Others\" as above: where other programs took more than a few percent, the p99 is theirs. The first two take turns, a tenth each at a time.\n\n", o.readRate)
		b.WriteString("| while | s | answers | p50 ms | p99 ms | p99 of idle | p99 from sending, ms | of idle | others |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
		idle, idleSent := percentile(reads[0].latency, 0.99), percentile(reads[0].waited, 0.99)
		for _, f := range reads {
			p99, sent := percentile(f.latency, 0.99), percentile(f.waited, 0.99)
			fmt.Fprintf(&b, "| %s | %.0f | %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f %% |\n", f.name, f.took.Seconds(), len(f.latency),
				ms(percentile(f.latency, 0.5)), ms(p99), float64(p99)/float64(idle), ms(sent), float64(sent)/float64(idleSent), 100*f.others)
		}
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// reportSinks writes what each target does in a second.
func reportSinks(b *strings.Builder, sinks []*sink) {
	var bases []*sink
	columns, line := "| | changes/s |", "|---|--:|"
	for _, s := range sinks {
		if s.share != "" {
			bases, columns, line = append(bases, s), columns+" "+s.share+" |", line+"--:|"
		}
	}
	fmt.Fprintf(b, "%s CPU ms a change | p50 ms | p99 ms | others | |\n%s--:|--:|--:|--:|---|\n", columns, line)
	for _, s := range sinks {
		fmt.Fprintf(b, "| %s | %.0f |", s.name, median(s.rates))
		for _, base := range bases {
			fmt.Fprintf(b, " %.2f |", median(s.rates)/median(base.rates))
		}
		fmt.Fprintf(b, " %.3f | %.2f | %.2f | %.0f %% | %s |\n", median(s.cpu),
			ms(percentile(s.latency, 0.5)), ms(percentile(s.latency, 0.99)), 100*median(s.others), s.doc)
	}
}
