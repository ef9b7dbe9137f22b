package server

import (
	"context"

	"demarc/data/snapshot"
)

// detailBytes is how much memory the details of single features may take.
const detailBytes = 128 << 20

// detailKey names a detail. The revision stands for all that it rests on, so what is
// kept is never out of date.
type detailKey struct{ revision, collection, id string }

// detail is detailOf, of which those asked for last are kept.
func (s *Server) detail(ctx context.Context, snap *snapshot.Snapshot, col *snapshot.Collection, id string) ([]byte, error) {
	if col.Layer {
		return nil, nil // there is none, and there may be millions of features
	}
	key := detailKey{snap.Revision(), col.ID, id}
	made, err := s.details.Get(ctx, key, snapshot.Moment{}, func(snapshot.Moment) bool { return true }, func() (any, int64, error) {
		detail := detailOf(snap, col.ID, id)
		return detail, int64(len(detail)) + 512, nil
	})
	if err != nil {
		return nil, err
	}
	return made.([]byte), nil
}

// detailOf returns what a single feature shows beside its flat properties, as
// members that stand behind those: a comma before each.
func detailOf(snap *snapshot.Snapshot, collection, id string) []byte {
	members := appendJSON(nil, snap.Detail(collection, id))
	if len(members) <= len("{}") || members[0] != '{' {
		return nil
	}
	members[0] = ','
	return members[: len(members)-1 : len(members)-1]
}
