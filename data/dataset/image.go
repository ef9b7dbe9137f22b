package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"demarc/data"
	"demarc/data/background"
	"demarc/data/image"
	"demarc/data/store"
)

// imaging keeps the image beside the store. Without a store that may have one there is
// none, nil, which does nothing.
type imaging struct {
	store    store.Imaged
	path     string
	mayWrite bool
	from     uint64 // how many versions a store needs for an image; 0 for none at all
	program  string

	mu       sync.Mutex   // held while the file is written, or must not be
	hold     atomic.Int32 // how many wait for the file to be gone
	cancel   atomic.Pointer[context.CancelFunc]
	stands   atomic.Bool   // whether the file is of this store and program
	sequence atomic.Uint64 // of the revision that it shows

	checked, toCheck atomic.Uint64 // rows of the store, after a start by the image
}

func newImaging(st store.Store, o *Opening) *imaging {
	imaged, ok := st.(store.Imaged)
	if !ok {
		return nil
	}
	im := &imaging{store: imaged, from: o.ImageFrom, program: o.Program}
	im.path, im.mayWrite = imaged.ImagePath()
	if im.program == "" {
		im.from = 0 // nobody could tell whether it is this program's
	}
	return im
}

// imageHead binds an image to what it was made of. What it says of records that are
// no incidents is in the store, at the numbers of Others.
type imageHead struct {
	Program  string
	Mark     store.Mark
	Revision data.Revision
	// Others are the sequence numbers, which rise, of the versions that stand of what
	// the snapshot's parts do not hold: other records, retracted ones, drafts.
	Others []uint64
}

const (
	headSection = "dataset"
	refsSection = "references"
	refsCounts  = "references, how often"
	textsPiece  = 1024
)

// forget removes the image, so that nothing stays in it of what is redacted, and sees
// to it that none is written before release is called.
func (im *imaging) forget() (release func(), err error) {
	if im == nil || !im.mayWrite {
		return func() {}, nil
	}
	im.hold.Add(1)
	if cancel := im.cancel.Load(); cancel != nil {
		(*cancel)()
	}
	im.mu.Lock()
	im.hold.Add(-1)
	im.stands.Store(false)
	if err := image.Remove(im.path); err != nil {
		im.mu.Unlock()
		return nil, fmt.Errorf("remove the image beside the store, which has the content: %w: %w", data.ErrUnavailable, err)
	}
	return im.mu.Unlock, nil
}

// errHeld says that the image must not be written now.
var errHeld = errors.New("content is being removed")

// write writes the image of what stands.
func (im *imaging) write(ctx context.Context, d *Dataset) error {
	im.mu.Lock()
	defer im.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	im.cancel.Store(&cancel)
	if im.hold.Load() > 0 {
		return errHeld
	}
	var now standingImage
	if err := d.inTurn(ctx, func() error { now = d.capture(); return nil }); err != nil {
		return err
	}
	mark, err := im.store.Mark(ctx, now.head.Revision.Sequence)
	if err != nil {
		return err
	}
	now.head.Program, now.head.Mark = im.program, mark
	w, err := image.Create(ctx, im.path)
	if err != nil {
		return err
	}
	if err := now.write(w); err != nil {
		return w.Abort(err)
	}
	if err := w.Commit(); err != nil {
		return err
	}
	im.sequence.Store(mark.Sequence)
	im.stands.Store(true)
	return nil
}

// When an image is written anew: so many changes take a moment to be made again at the
// start, and it is not to be written all the time.
const (
	imagePause = 30 * time.Second // without changes, after which an old one is written anew
	imageLate  = 10 * time.Minute // while there are changes all the time, and after it could not be written
	fewChanges = 5000
)

// imageIsOld tells whether what stands has moved on from the image, and one is to be
// written.
func (d *Dataset) imageIsOld() bool {
	im, now := d.image, d.Revision().Sequence
	if im == nil || !im.mayWrite || im.from == 0 || now < im.from || d.Status() != nil {
		return false
	}
	return !im.stands.Load() || now-im.sequence.Load() > fewChanges
}

// KeepImage writes the image beside the store when there is none, and anew from time
// to time, until ctx ends.
func (d *Dataset) KeepImage(ctx context.Context) {
	if d.image == nil || !d.image.mayWrite || d.image.from == 0 {
		return
	}
	tick := time.NewTicker(imagePause)
	defer tick.Stop()
	var last uint64
	tried, failed := time.Now(), false
	for first := true; ; first = false {
		now := d.Revision().Sequence
		quiet := first || now == last && !failed
		if d.imageIsOld() && (quiet || time.Since(tried) > imageLate) {
			failed = !d.writeImage(ctx)
			tried = time.Now()
		}
		last = now
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// LeaveImage writes the image anew if it is old, for when the program ends.
func (d *Dataset) LeaveImage(ctx context.Context) {
	if d.imageIsOld() {
		d.writeImage(ctx)
	}
}

// writeImage writes the image, and tells where it cannot.
func (d *Dataset) writeImage(ctx context.Context) (ok bool) {
	begun := time.Now()
	var err error
	background.Do(func() { err = d.image.write(ctx, d) })
	switch {
	case err == nil:
		d.log.Info("wrote the image beside the store, by which the next start is quick", "seconds", time.Since(begun).Round(time.Millisecond).Seconds())
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errHeld):
	default:
		d.log.Warn("the image beside the store cannot be written; the next start takes longer", "error", err.Error())
	}
	return err == nil
}

// open opens the image and checks that it is of this program and store. It
// returns the store's newest revision; r is nil, without an error, where there is none.
func (im *imaging) open(ctx context.Context) (r *image.Reader, head imageHead, newest data.Revision, err error) {
	r, err = image.Open(im.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, head, newest, nil
	}
	if err != nil {
		return nil, head, newest, err
	}
	b, err := r.Bytes(headSection)
	if err == nil {
		err = json.Unmarshal(b, &head)
	}
	if err == nil && head.Program != im.program {
		err = errors.New("another build of demarc wrote it")
	}
	if err == nil {
		newest, err = im.store.Holds(ctx, head.Mark)
	}
	if err == nil && newest.Sequence-head.Mark.Sequence > newest.Sequence/3+fewChanges {
		err = errors.New("it is old: to read all takes less time")
	}
	if err != nil {
		return nil, head, newest, errors.Join(err, r.Close())
	}
	return r, head, newest, nil
}
