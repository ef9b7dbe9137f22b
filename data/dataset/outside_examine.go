package dataset

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/geo"
)

// examined are edits of other programs, of which some keep the rules.
type examined struct {
	d     *Dataset
	ctx   context.Context
	edits []store.Edit
	// faults are those of each edit that is refused.
	faults []geo.Faults
	// plan carries out the others.
	plan *plan
}

// maxRounds is how often the faulty ones are taken out of the edits, before each
// is tried by itself.
const maxRounds = 4

// examine finds which edits keep the rules. The turn is held.
func (d *Dataset) examine(ctx context.Context, edits []store.Edit) *examined {
	x := &examined{d: d, ctx: ctx, edits: edits, faults: make([]geo.Faults, len(edits))}
	for i, e := range edits {
		x.faults[i] = e.Faults
	}
	for range maxRounds { // all together first: a new incident can be at a new place
		x.plan = newPlan(d)
		if x.add(x.taken()) {
			return x
		}
	}
	x.plan = newPlan(d)
	for _, i := range x.taken() {
		if !x.add([]int{i}) && x.faults[i] == nil {
			x.faults[i] = geo.Faults{{Problem: "cannot be taken over", Mend: "make the change over HTTP"}}
		}
	}
	return x
}

// taken returns the edits without a fault, by their place.
func (x *examined) taken() []int {
	var out []int
	for i, f := range x.faults {
		if f == nil {
			out = append(out, i)
		}
	}
	return out
}

// add adds the edits to the plan, as one batch. Where they break the rules the
// plan is as it was, and the faults are those of the edits that they are of, of
// all where that cannot be told of a single one.
func (x *examined) add(which []int) bool {
	c := &composition{x: x, at: map[ref]int{}}
	for _, i := range which {
		if err := c.add(i); err != nil {
			x.blame(i, err, nil)
		}
	}
	if x.any(which) {
		return false
	}
	if len(c.batch.Changes) > 0 {
		c.batch.Author, c.batch.Origin, c.batch.At, c.batch.Comment = "external", "external", x.d.now().UTC(), c.comment(which)
		if err := x.plan.add(&c.batch); err != nil {
			c.blame(which, err)
			return false
		}
	}
	for _, i := range which {
		x.plan.settles = append(x.plan.settles, x.edits[i])
	}
	for f, row := range c.rows {
		x.plan.rows[f] = row
	}
	return true
}

func (x *examined) any(which []int) bool {
	for _, i := range which {
		if x.faults[i] != nil {
			return true
		}
	}
	return false
}

// blame notes an error as the faults of an edit. place says where in the feature a
// fault of the record is.
func (x *examined) blame(i int, err error, place func(string) string) {
	var input *geo.InputError
	if !errors.As(err, &input) {
		x.faults[i] = append(x.faults[i], geo.Fault{Problem: "cannot be taken over: " + err.Error(), Mend: "undo it in the other program, or make the change over HTTP"})
		return
	}
	for _, f := range input.Faults {
		if place != nil && f.Where != "" {
			f.Where = place(f.Where)
		}
		x.faults[i] = append(x.faults[i], f)
	}
}

// blame finds the edits that faults of the batch are of. Those of a record that no
// edit is of have none, unless there is one edit alone.
func (c *composition) blame(which []int, err error) {
	var input *geo.InputError
	if !errors.As(err, &input) {
		for _, i := range which {
			c.x.blame(i, err, nil)
		}
		return
	}
	for _, f := range input.Faults {
		change, pointer := 0, f.Where
		if len(c.batch.Changes) > 1 {
			first, rest, _ := strings.Cut(strings.TrimPrefix(f.Where, "/"), "/")
			if n, err := strconv.Atoi(first); err == nil && n < len(c.batch.Changes) {
				change, pointer = n, "/"+rest
			} else {
				change = -1
			}
		}
		owners := which
		if change >= 0 && f.Where != "" {
			owners = c.owners[change]
		} else if len(which) > 1 {
			continue // trying each by itself tells
		}
		f.Where = pointer
		for _, i := range owners {
			c.x.blame(i, geo.Faults{f}.Err(), c.placeOf(change, i))
		}
	}
}

// refuseAll refuses the edits that keep the rules, too.
func (x *examined) refuseAll(problem, mend string) {
	for _, i := range x.taken() {
		x.faults[i] = geo.Faults{{Problem: problem, Mend: mend}}
	}
}

// refused returns the edits that have faults.
func (x *examined) refused() []RefusedEdit {
	var out []RefusedEdit
	for i, e := range x.edits {
		if x.faults[i] != nil {
			out = append(out, RefusedEdit{Collection: e.Collection, ID: e.ID, Row: e.Row, Faults: x.faults[i]})
		}
	}
	return out
}

// maxSaid is how many refused edits the log tells of at a time.
const maxSaid = 20

// report keeps what was refused, and says so where it is new.
func (x *examined) report() {
	d := x.d
	var left []store.Edit
	for i, e := range x.edits {
		if x.faults[i] != nil {
			left = append(left, e)
		}
	}
	known := map[int64]bool{}
	d.mu.RLock()
	for _, n := range d.refused.last {
		known[n] = true
	}
	d.mu.RUnlock()
	next := refusals{edits: x.refused(), last: lastNumbers(left), sequence: d.current.Load().revision.Sequence}
	said := 0
	for i, e := range next.edits {
		if !known[next.last[i]] && said < maxSaid {
			said++
			d.log.Warn("another program changed the store, and the change is not taken over", "row", e.String(), "fault", e.Faults[0].String())
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refused = next
}

// settle commits what the edits that keep the rules make of the dataset. Where one
// changes a feature of which another edit is refused, each is tried by itself.
func (x *examined) settle() error {
	err := x.commit()
	if !errors.Is(err, store.ErrEdited) {
		return err
	}
	for _, i := range x.taken() {
		x.plan = newPlan(x.d)
		if !x.add([]int{i}) {
			continue
		}
		if err := x.commit(); errors.Is(err, store.ErrEdited) {
			x.faults[i] = geo.Faults{{Problem: "changes a feature of which another edit is refused", Mend: "mend that one first"}}
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (x *examined) commit() error {
	p := x.plan
	if len(p.settles) == 0 {
		return nil
	}
	if len(p.batches) > 0 {
		_, err := x.d.commit(x.ctx, p)
		return err
	}
	now := x.d.current.Load()
	_, err := x.d.store.Commit(x.ctx, store.Group{Settles: p.settles, Shown: p.inRows(nil, now.published)})
	return err
}

// inRows adds to what a commit shows the rows that it settles.
func (p *plan) inRows(shown []store.Shown, next *snapshot.Snapshot) []store.Shown {
	at := map[feature]int{}
	for i, s := range shown {
		at[feature{s.Collection, s.ID}] = i
	}
	for f, row := range p.rows {
		again, ok := showIn(next, f, row)
		if !ok {
			continue
		}
		if i, there := at[f]; there {
			shown[i] = again
		} else {
			shown = append(shown, again)
		}
	}
	return shown
}

// showIn returns a feature as a row is to show it.
func showIn(s *snapshot.Snapshot, f feature, row int64) (store.Shown, bool) {
	flat := featureOf(s, f)
	return store.Shown{Collection: f.collection, ID: f.id, Row: row, Feature: flat}, flat != nil
}
