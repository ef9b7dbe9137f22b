package storetest_test

import (
	"testing"

	"demarc/data/store"
	"demarc/data/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Open {
		return func() (store.Store, error) { return storetest.NewMemory(), nil }
	})
}
