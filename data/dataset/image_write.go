package dataset

import (
	"encoding/json"
	"errors"
	"slices"

	"demarc/data"
	"demarc/data/image"
	"demarc/data/snapshot"
)

// standingImage is what an image is written of: what stood at one revision.
type standingImage struct {
	head      imageHead
	published *snapshot.Snapshot
	refs      []data.Reference
	counts    []int
	table     *tableImage
}

// capture returns what stands now. The turn is held.
func (d *Dataset) capture() standingImage {
	d.mu.RLock()
	defer d.mu.RUnlock()
	now := d.current.Load()
	x := standingImage{head: imageHead{Revision: now.revision}, published: now.published, table: d.table.image()}
	for at, n := range d.refs {
		x.refs, x.counts = append(x.refs, at), append(x.counts, n)
	}
	incidents := uint8(kindOf(data.Incidents))
	for i, m := range x.table.metas {
		if op := operations[m.operation]; m.kind != incidents || op != data.Put && op != data.Publish {
			x.head.Others = append(x.head.Others, x.table.metas[i].sequence)
		}
	}
	for _, s := range d.drafts {
		x.head.Others = append(x.head.Others, s.version.Revision.Sequence)
	}
	slices.Sort(x.head.Others)
	return x
}

func (x *standingImage) write(w *image.Writer) error {
	b, err := json.Marshal(x.head)
	if err != nil {
		return err
	}
	return errors.Join(
		w.Bytes(headSection, b),
		w.Texts(refsSection, len(x.refs), textsPiece, func(i int) string { return x.refs[i].List + "\x00" + x.refs[i].ID }),
		image.Numbers(w, refsCounts, len(x.refs), func(i int) int64 { return int64(x.counts[i]) }),
		x.table.write(w),
		x.published.WriteImage(w))
}

// tableImage is a copy of a table.
type tableImage struct {
	ids     []string
	metas   []meta
	origins []origin
}

// image copies the table: a thing for each shard, since it takes the ids as one text.
func (t *table) image() *tableImage {
	n := 0
	for i := range t.shards {
		n += len(t.shards[i].metas)
	}
	x := &tableImage{ids: make([]string, 0, n), metas: make([]meta, 0, n), origins: slices.Clone(t.all)}
	for i := range t.shards {
		s := &t.shards[i]
		all, start := string(s.ids), uint32(0)
		for _, end := range s.ends {
			x.ids = append(x.ids, all[start:end])
			start = end
		}
		x.metas = append(x.metas, s.metas...)
	}
	return x
}

// The sections of a table.
const (
	tableIDs        = "table ids"
	tableSequences  = "table sequences"
	tableOrigins    = "table origins"
	tableNumbers    = "table numbers"
	tableKinds      = "table kinds"
	tableOperations = "table operations"

	originNumbers  = "origins numbers"
	originTimes    = "origins times"
	originAuthors  = "origins authors"
	originComments = "origins comments"
	originWays     = "origins ways"
)

func (x *tableImage) write(w *image.Writer) error {
	n, commits := len(x.metas), len(x.origins)
	return errors.Join(
		w.Texts(tableIDs, n, textsPiece, func(i int) string { return x.ids[i] }),
		image.Numbers(w, tableSequences, n, func(i int) uint64 { return x.metas[i].sequence }),
		image.Numbers(w, tableOrigins, n, func(i int) uint32 { return x.metas[i].origin }),
		image.Numbers(w, tableNumbers, n, func(i int) uint32 { return x.metas[i].number }),
		image.Numbers(w, tableKinds, n, func(i int) uint8 { return x.metas[i].kind }),
		image.Numbers(w, tableOperations, n, func(i int) uint8 { return x.metas[i].operation }),
		image.Numbers(w, originNumbers, commits, func(i int) uint64 { return x.origins[i].number }),
		image.Numbers(w, originTimes, commits, func(i int) int64 { return x.origins[i].at }),
		w.Texts(originAuthors, commits, textsPiece, func(i int) string { return x.origins[i].author }),
		w.Texts(originComments, commits, textsPiece, func(i int) string { return x.origins[i].comment }),
		w.Texts(originWays, commits, textsPiece, func(i int) string { return x.origins[i].origin }))
}
