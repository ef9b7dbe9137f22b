package dataset

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"demarc/data"
	"demarc/data/image"
	"demarc/data/snapshot"
)

// errImage says that an image does not lead to what the store holds.
var errImage = errors.New("it does not fit what the store holds")

// loadImage loads the dataset by the image beside the store; ok is false where it has
// to be read row by row, which is told.
func (d *Dataset) loadImage(ctx context.Context, layers []data.Layer) (ok bool) {
	if d.image == nil || d.image.from == 0 {
		return false
	}
	r, head, newest, err := d.image.open(ctx)
	if r == nil && err == nil {
		return false
	}
	if err == nil {
		err = d.fromImage(ctx, r, &head, newest, layers)
		err = errors.Join(err, r.Close())
	}
	if err != nil {
		d.log.Info("the image beside the store is not used; all records are read", "reason", err.Error())
	}
	return err == nil
}

// fromImage makes what stands out of the image and the changes since.
func (d *Dataset) fromImage(ctx context.Context, r *image.Reader, head *imageHead, newest data.Revision, layers []data.Layer) error {
	x := &imageLoad{loader: newLoader(), d: d}
	x.table = nil
	var tables sync.WaitGroup
	var tableErr error
	tables.Go(func() { tableErr = x.readTable(r) })
	err := d.image.store.Named(ctx, head.Others, x.other)
	var s *snapshot.Snapshot
	if err == nil {
		s, err = snapshot.FromImage(r, x.rest, layers...)
	}
	tables.Wait()
	if err = errors.Join(err, tableErr); err != nil {
		return err
	}
	x.now = s
	if newest.Sequence > head.Mark.Sequence {
		if err := d.image.store.Rows(ctx, head.Mark.Sequence+1, newest.Sequence, x.later); err != nil {
			return err
		}
		if s, err = s.With(x.changes...); err != nil {
			return err
		}
	}
	if x.missing(nil) || x.missing(s) {
		return fmt.Errorf("%w: records refer to nothing", errImage)
	}
	if x.redacted {
		if release, err := d.image.forget(); err == nil {
			release()
		} else {
			return err
		}
	}
	d.image.stands.Store(!x.redacted)
	d.image.sequence.Store(head.Mark.Sequence)
	d.image.toCheck.Store(newest.Sequence)
	d.begin(x.loader, &view{revision: newest, published: s})
	return nil
}

// imageLoad is what stands, on its way out of an image.
type imageLoad struct {
	*loader
	d        *Dataset
	now      *snapshot.Snapshot // at the image's revision
	changes  []snapshot.Change
	redacted bool // whether the image has content that was removed since
}

// readTable reads the table and what records refer to.
func (x *imageLoad) readTable(r *image.Reader) error {
	var err error
	if x.table, err = readTable(r); err != nil {
		return err
	}
	names, err := r.Strings(refsSection, textsPiece)
	if err != nil {
		return err
	}
	counts, err := image.Array[int64](r, refsCounts)
	if err != nil {
		return err
	}
	for i, name := range names {
		list, id, _ := strings.Cut(name, "\x00")
		x.refs[data.Reference{List: list, ID: id}] = int(counts[i])
	}
	return nil
}

// other takes in a version that stood when the image was written, and is not in it.
func (x *imageLoad) other(v data.Version, stands bool) error {
	s, err := stand(v)
	if err != nil {
		return err
	}
	switch {
	case v.Draft():
		if stands {
			x.drafts[ref{v.Kind, v.ID}] = s
		}
	case v.Stands() && s.record.Value == nil:
		return fmt.Errorf("%w: the content of %s/%s was removed since", errImage, v.Kind, v.ID)
	case v.Stands():
		x.rest.Add(s.record)
	case stands && s.record.Value != nil:
		x.gone[ref{v.Kind, v.ID}] = s.record
	}
	return nil
}

// later takes in a version that was committed after the image.
func (x *imageLoad) later(v data.Version, stands bool) error {
	x.redacted = x.redacted || v.Operation == data.Redact
	if !stands {
		return nil
	}
	s, err := stand(v)
	if err != nil {
		return err
	}
	r := ref{v.Kind, v.ID}
	if v.Draft() {
		x.drafts[r] = s
		return nil
	}
	x.table.put(&v)
	delete(x.gone, r)
	c := snapshot.Change{Kind: v.Kind, ID: v.ID}
	switch {
	case v.Stands():
		c.To = s.record
	case s.record.Value != nil:
		x.gone[r] = s.record
	}
	x.refer(x.now.Record(v.Kind, v.ID), -1)
	x.refer(c.To, 1)
	x.changes = append(x.changes, c)
	return nil
}

// refer adds n to how often is referred to what the record does refer to.
func (x *imageLoad) refer(r data.Record, n int) {
	if r.Value == nil {
		return
	}
	for at := range r.References() {
		if x.refs[at] += n; x.refs[at] == 0 {
			delete(x.refs, at)
		}
	}
}

// readTable reads a table.
func readTable(r *image.Reader) (*table, error) {
	t := newTable()
	if err := t.origins.read(r); err != nil {
		return nil, err
	}
	sequences, err := image.Array[uint64](r, tableSequences)
	if err != nil {
		return nil, err
	}
	origins, err := image.Array[uint32](r, tableOrigins)
	if err != nil {
		return nil, err
	}
	numbers, err := image.Array[uint32](r, tableNumbers)
	if err != nil {
		return nil, err
	}
	kinds, err := image.Array[uint8](r, tableKinds)
	if err != nil {
		return nil, err
	}
	operations, err := image.Array[uint8](r, tableOperations)
	if err != nil {
		return nil, err
	}
	return t, r.Pieces(tableIDs, textsPiece, func(piece int, all string, ends []uint32) {
		start := uint32(0)
		for j, end := range ends {
			i := piece*textsPiece + j
			t.enterMeta(all[start:end], meta{sequences[i], origins[i], numbers[i], kinds[i], operations[i]})
			start = end
		}
	})
}

// read reads the origins.
func (o *origins) read(r *image.Reader) error {
	numbers, err := image.Array[uint64](r, originNumbers)
	if err != nil {
		return err
	}
	times, err := image.Array[int64](r, originTimes)
	if err != nil {
		return err
	}
	var texts [3][]string
	for i, name := range []string{originAuthors, originComments, originWays} {
		if texts[i], err = r.Strings(name, textsPiece); err != nil {
			return err
		}
	}
	o.all = make([]origin, len(numbers))
	for i := range o.all {
		o.all[i] = origin{numbers[i], times[i], texts[0][i], texts[1][i], texts[2][i]}
	}
	return nil
}
