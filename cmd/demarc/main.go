// Command demarc serves border incidents, the claims made about them and the
// border's status through time, over HTTP and on a map.
package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	unsetEmpty("DEMARC_")
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// unsetEmpty takes variables without a value out of the environment: container
// files write them for "not set", but an empty DEMARC_LISTEN would listen on
// every address.
func unsetEmpty(prefix string) {
	for _, kv := range os.Environ() {
		if name, value, _ := strings.Cut(kv, "="); value == "" && strings.HasPrefix(name, prefix) {
			_ = os.Unsetenv(name) // the name is one that the environment has
		}
	}
}
