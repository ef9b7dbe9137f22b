package packed

import (
	"sync"
	"testing"

	"demarc/data"
)

// TestWritingReads lets several write one record with empty and missing lists at once:
// the race detector tells where one of them changes it.
func TestWritingReads(t *testing.T) {
	in := &data.Incident{ID: "i", Parties: []data.Involved{}, Claims: []data.Claim{{Sources: []data.Citation{}}}}
	d := NewDictionary()
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			AppendCanonical([]byte(d.Pack(in)), in)
		})
	}
	writers.Wait()
}
