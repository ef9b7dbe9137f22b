package server

import (
	"context"

	"demarc/data/background"
)

// A bulk is a request whose body is so large that what is done with it keeps a processor
// for long. It gives way to those who ask, and no more than bulksAtOnce are at hand: what
// is read of a body takes many times its room, and one is checked while the one before
// it is written.
const (
	bulkBytes   = 64 << 10
	bulksAtOnce = 2
)

// bulks are the requests of which one more may be at hand.
type bulks chan struct{}

// do carries out a request whose body has so many bytes; a bulk when its turn has come,
// in the background. ctx ends the waiting for it.
func (b bulks) do(ctx context.Context, bytes int, carryOut func() error) (err error) {
	if bytes < bulkBytes {
		return carryOut()
	}
	select {
	case b <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b }()
	background.Do(func() { err = carryOut() })
	return err
}
