package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// statusOf returns a figure of /proc/PID/status, in bytes.
func statusOf(pid int, name string) int64 {
	raw, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	for line := range strings.Lines(string(raw)) {
		if kb, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(kb), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}

// reportSizes writes the figures as Markdown.
func reportSizes(to io.Writer, o *sizesOptions, sizes []*size) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# demarc with more incidents\n\n")
	fmt.Fprintf(&b, "`make bench-sizes`, %s: synthetic incidents with their claims, %d rounds of %s in turn over one connection.\n",
		time.Now().UTC().Format(time.DateOnly), o.rounds, o.window)
	fmt.Fprintf(&b, "Machine: %s, %d cores shared by servers and client, %s", cpuModel(), cores(), versions())
	if len(o.flags) > 0 {
		fmt.Fprintf(&b, "; `demarc serve %s`", strings.Join(o.flags, " "))
	}
	b.WriteString(".\n\n| |")
	for _, s := range sizes {
		fmt.Fprintf(&b, " %d |", s.count)
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(sizes)) + "\n")
	row := func(name string, of func(s *size) string) {
		b.WriteString("| " + name + " |")
		for _, s := range sizes {
			b.WriteString(" " + of(s) + " |")
		}
		b.WriteString("\n")
	}
	row("ready after, s", func(s *size) string { return fmt.Sprintf("%.1f", s.ready.Seconds()) })
	row("CPU for it, s", func(s *size) string { return fmt.Sprintf("%.1f", s.spent.Seconds()) })
	row("incidents loaded in a second of each core's time", func(s *size) string { return fmt.Sprintf("%.0f", float64(s.count)/s.spent.Seconds()) })
	row("resident, MB", func(s *size) string { return fmt.Sprint(s.resident >> 20) })
	row("the most while loading, MB", func(s *size) string { return fmt.Sprint(s.peak >> 20) })
	for i, w := range sizes[0].works {
		row(w.name+", median ms", func(s *size) string { return fmt.Sprintf("%.3f", ms(percentile(s.results[i].latency, 0.5))) })
		row(w.name+", server CPU ms", func(s *size) string { return fmt.Sprintf("%.3f", median(s.results[i].cpu)) })
	}
	if o.writing > 0 {
		row(fmt.Sprintf("changes a second while %d box pages a second are read (%s)", readsASecond, o.writing), func(s *size) string { return fmt.Sprintf("%.0f", s.written) })
		row("changes, p50 and p99 ms", func(s *size) string { return twoOf(s.writes) })
		row("box page at that rate without changes, p50 and p99 ms", func(s *size) string { return twoOf(s.idle) })
		row("box page with them, p50 and p99 ms", func(s *size) string { return twoOf(s.busy) })
	}
	row(fmt.Sprintf("resident before and after %d requests, and %s later, MB", o.requests, restsAfter),
		func(s *size) string { return fmt.Sprintf("%d, %d, %d", s.before>>20, s.after>>20, s.rested>>20) })
	_, err := io.WriteString(to, b.String())
	return err
}

func twoOf(latency []time.Duration) string {
	return fmt.Sprintf("%.2f, %.2f", ms(percentile(latency, 0.5)), ms(percentile(latency, 0.99)))
}
