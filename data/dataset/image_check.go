package dataset

import (
	"context"
	"fmt"
	"time"

	"demarc/data"
)

// checkedRows is how many rows are checked at a time.
const checkedRows = 2048

// CheckRows checks every row of the store after a start by the image, as Load does
// at a start without it, and takes at most half of a processor for it. What is served
// is the image's, which was checked itself; with a damaged row the dataset takes no
// changes any more, says so, and the next start names it and is refused, as it would
// have been at once.
func (d *Dataset) CheckRows(ctx context.Context) {
	if d.image == nil || d.image.toCheck.Load() == 0 {
		return
	}
	of := d.image.toCheck.Load()
	for from := uint64(1); from <= of; from += checkedRows {
		begun := time.Now()
		to := min(from+checkedRows-1, of)
		if err := d.image.store.Rows(ctx, from, to, d.standsAs); err != nil {
			if ctx.Err() == nil {
				d.damaged(err)
			}
			return
		}
		d.image.checked.Store(to)
		select {
		case <-time.After(time.Since(begun)):
		case <-ctx.Done():
			return
		}
	}
	d.log.Info("checked the store's rows", "rows", of)
}

// Checked returns how many of the store's rows have been checked since a start by the
// image, of how many there were; 0 of 0 after a start at which all of them were.
func (d *Dataset) Checked() (rows, of uint64) {
	if d.image == nil {
		return 0, 0
	}
	return d.image.checked.Load(), d.image.toCheck.Load()
}

// standsAs sees that a version which stands in the store is not newer than the one
// that is shown.
func (d *Dataset) standsAs(v data.Version, stands bool) error {
	if !stands || v.Draft() {
		return nil
	}
	shown, err := d.Version(v.Kind, v.ID)
	if err != nil || shown.Revision.Sequence < v.Revision.Sequence {
		return fmt.Errorf("row %d of demarc_versions, of %s/%s, is not what is shown", v.Revision.Sequence, v.Kind, v.ID)
	}
	return nil
}

// damaged ends the changes after a row was found to be damaged.
func (d *Dataset) damaged(err error) {
	d.setStatus(fmt.Errorf("the store is damaged, and takes no changes; what is served is sound: %w: %w", data.ErrUnavailable, err))
	d.log.Error("a row of the store is damaged: stop, and put back the newest backup that demarc verify passes", "error", err.Error())
	if release, err := d.image.forget(); err == nil { // so that the next start is refused
		release()
	}
}
