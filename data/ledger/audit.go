package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"

	"demarc/geo"
)

// auditors is how many proofs are asked for at once, and maxFaults how many
// faults are gathered before an audit ends.
const (
	auditors  = 8
	maxFaults = 100
)

var errManyFaults = errors.New("there are too many faults to go on")

// Audited is what an audit has seen.
type Audited struct {
	Checkpoint
	Removed int // versions whose content was removed
}

// Audit reads a whole log up to its newest checkpoint and computes all of it anew:
// signature, leaves, tiles, root, the proof and the content of every version. The
// error is a *geo.InputError that names what does not fit, or what kept the log
// from being read.
func Audit(ctx context.Context, log Log) (Audited, error) {
	signed, err := log.Checkpoint(ctx)
	if err != nil {
		return Audited{}, err
	}
	at, err := ReadCheckpoint(signed, log.PublicKey())
	if err != nil {
		return Audited{}, fault("checkpoint", err.Error())
	}
	a := &audit{log: log, tree: NewTree(0, func(int, int64) ([]byte, error) { return nil, nil }), last: map[string]logged{}, removed: map[string]string{}, seen: map[int64]Hash{at.Size: at.Root}}
	for _, part := range []func(context.Context) error{
		func(ctx context.Context) error { return a.leaves(ctx, at.Size, true) },
		func(ctx context.Context) error { return a.root(ctx, at) },
		a.later,
	} {
		err := part(ctx)
		if ctx.Err() != nil {
			return Audited{}, ctx.Err()
		}
		if err != nil {
			if len(a.faults) == 0 {
				return Audited{}, err
			}
			break // what follows rests on what is missing
		}
	}
	return Audited{at, len(a.removed)}, a.faults.Err()
}

// audit is one at work.
type audit struct {
	log  Log
	tree *Tree             // of the leaves that were read
	last map[string]logged // by record

	mu      sync.Mutex
	faults  geo.Faults
	removed map[string]string // versions without content, and their records
	seen    map[int64]Hash    // what checkpoints say
}

// logged is a record's newest leaf.
type logged struct {
	leaf     int64
	revision int
	redacted bool
}

func fault(where, problem string) error {
	var f geo.Faults
	f.Add(where, "", problem, "")
	return f.Err()
}

func (a *audit) add(where, problem string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.faults) < maxFaults {
		a.faults.Add(where, "", problem, "ask who runs the service, and keep what it answers")
	}
}

// leaves reads the leaves up to a size, and where evidence is asked for, that of
// each.
func (a *audit) leaves(ctx context.Context, size int64, evidence bool) error {
	for a.tree.Size() < size {
		first := a.tree.Size()
		number, skip := first/TileWidth, int(first%TileWidth)
		width := int(min(TileWidth, size-number*TileWidth))
		where := EntriesPath(number, width)
		bundle, err := a.log.Tile(ctx, -1, number, width)
		if err != nil {
			a.add(where, err.Error())
			return err
		}
		entries, err := Entries(bundle)
		if err == nil && len(entries) != width {
			err = fmt.Errorf("it has %d leaves where %d belong", len(entries), width)
		}
		if err != nil {
			a.add(where, err.Error())
			return err
		}
		for _, entry := range entries[skip:] {
			if err := a.tree.Append(entry); err != nil {
				return err
			}
		}
		if err := a.versions(ctx, first, entries[skip:], evidence); err != nil {
			return err
		}
	}
	return nil
}

// versions checks leaves by themselves and with the one before of their record.
func (a *audit) versions(ctx context.Context, first int64, entries [][]byte, evidence bool) error {
	work := make(chan func())
	var workers sync.WaitGroup
	for range auditors {
		workers.Go(func() {
			for do := range work {
				do()
			}
		})
	}
	for i, entry := range entries {
		index := first + int64(i)
		leaf, err := ParseLeaf(entry)
		if err != nil {
			a.add(fmt.Sprintf("leaf %d", index), err.Error())
			continue
		}
		key := leaf.Collection + "/" + leaf.ID
		before, has := a.last[key]
		if !has {
			before.leaf = -1
		}
		if leaf.Previous != before.leaf || leaf.Revision != before.revision+1 {
			a.add(fmt.Sprintf("leaf %d", index), fmt.Sprintf("version %d of %s, which names leaf %d as the one before, follows version %d in leaf %d", leaf.Revision, key, leaf.Previous, before.revision, before.leaf))
		}
		a.last[key] = logged{index, leaf.Revision, before.redacted || leaf.Kind == Redact}
		if evidence {
			work <- func() { a.evidence(ctx, index, leaf, entry) }
		}
	}
	close(work)
	workers.Wait()
	if len(a.faults) >= maxFaults {
		return errManyFaults
	}
	return ctx.Err()
}

// evidence checks the proof and the content of one version.
func (a *audit) evidence(ctx context.Context, index int64, leaf Leaf, entry []byte) {
	if ctx.Err() != nil {
		return
	}
	where := fmt.Sprintf("%s/%s, version %d", leaf.Collection, leaf.ID, leaf.Revision)
	e, err := a.log.Evidence(ctx, leaf.Collection, leaf.ID, leaf.Revision)
	if err != nil {
		a.add(where, "its proof cannot be read: "+err.Error())
		return
	}
	at, err := ReadCheckpoint(e.Checkpoint, a.log.PublicKey())
	switch {
	case err != nil:
		a.add(where, err.Error())
		return
	case !bytes.Equal(e.Entry, entry) || e.Leaf != index:
		a.add(where, fmt.Sprintf("its proof is of another leaf than leaf %d of the log", index))
	case at.Size != e.Size || e.Check(at.Root, entry) != nil:
		a.add(where, "its proof does not lead to the checkpoint")
	}
	a.mu.Lock()
	if root, ok := a.seen[at.Size]; ok && root != at.Root {
		a.faults.Add(where, "", fmt.Sprintf("a checkpoint of %d leaves has another root than one before: the log was shown in two forms", at.Size), "keep both checkpoints")
	}
	a.seen[at.Size] = at.Root
	if e.Record == nil {
		a.removed[where] = leaf.Collection + "/" + leaf.ID
	}
	a.mu.Unlock()
	if e.Record == nil {
		return
	}
	if sum := sha256.Sum256(slices.Concat(e.Salt, e.Record)); hex.EncodeToString(sum[:]) != leaf.Commitment {
		a.add(where, "its content is not what its leaf in the log commits to")
	}
}

// root compares the tree of the leaves with the checkpoint, and with the tiles.
func (a *audit) root(ctx context.Context, at Checkpoint) error {
	root, err := a.tree.Root()
	if err != nil {
		return err
	}
	before := len(a.faults)
	for want := range a.tree.Changed() {
		if root != at.Root && want.Level > 0 {
			break // all above a leaf that is another one are others
		}
		width := len(want.Hashes) / len(Hash{})
		got, err := a.log.Tile(ctx, want.Level, want.Number, width)
		switch {
		case err != nil:
			a.add(TilePath(want.Level, want.Number, width), err.Error())
		case bytes.Equal(got, want.Hashes):
		case root == at.Root:
			a.add(TilePath(want.Level, want.Number, width), "it does not have the hashes of the leaves")
		default:
			a.add(EntriesPath(want.Number, width), "a leaf is another one than that of which "+TilePath(want.Level, want.Number, width)+" has the hash"+firstOther(got, want))
		}
	}
	if root == at.Root {
		return nil
	}
	if len(a.faults) == before {
		a.add("checkpoint", fmt.Sprintf("the %d leaves have the root %v, not %v", at.Size, root, at.Root))
	}
	return errors.New("the root is another one")
}

// firstOther says which leaf of a tile is the first that differs.
func firstOther(got []byte, want Tile) string {
	for i := 0; i+32 <= len(want.Hashes); i += 32 {
		if i+32 > len(got) || !bytes.Equal(got[i:i+32], want.Hashes[i:i+32]) {
			return fmt.Sprintf(": leaf %d", want.Number*TileWidth+int64(i/32))
		}
	}
	return ""
}

// later reads on to the newest checkpoint that came with a proof, if the log has
// grown, and sees that all checkpoints are of one log, and that content is missing
// only where the log says that it was removed.
func (a *audit) later(ctx context.Context) error {
	newest := a.tree.Size()
	for size := range a.seen {
		newest = max(newest, size)
	}
	if err := a.leaves(ctx, newest, false); err != nil {
		return err
	}
	for size, root := range a.seen {
		if size > 0 && a.tree.Consistent(size, root) != nil {
			a.add("checkpoint", fmt.Sprintf("the one of %d leaves is not of the log of %d", size, newest))
		}
	}
	for where, record := range a.removed {
		if !a.last[record].redacted {
			a.add(where, "its content is missing, and the log does not say that it was removed")
		}
	}
	return nil
}
