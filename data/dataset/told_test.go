package dataset

import (
	"testing"

	"demarc/data"
)

// openWithPlace opens a dataset with a source s and a place p.
func openWithPlace(t *testing.T) *Dataset {
	d, _ := openMemory(t)
	for _, b := range []data.Batch{changeOfSource(data.Put, "s"), changeOfPlace(data.Put, "p", "s"), changeOfIncident(data.Put, "old", "p", "s", "As it was")} {
		if _, err := d.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// TestWhatIsToldIsSeen lets two writers be told while no snapshot can be made: what they
// were told of is waited for, and nothing else is.
func TestWhatIsToldIsSeen(t *testing.T) {
	d := openWithPlace(t)
	before := d.Snapshot()
	d.change.Lock()
	var last data.Receipt
	for _, id := range []string{"i", "j"} {
		var err error
		if last, err = d.Apply(t.Context(), changeOfIncident(data.Put, id, "p", "s", "Summary")); err != nil {
			t.Fatal(err)
		}
	}
	if d.Shown() != before {
		t.Fatal("it is shown, though no snapshot could be made")
	}
	if v, err := d.Record(data.Incidents, "old"); err != nil || v.Number != 1 {
		t.Errorf("what nobody has changed is %+v, %v", v, err)
	}
	if _, err := d.Draft(data.Incidents, "old"); err == nil {
		t.Error("there is a draft")
	}
	seen := make(chan bool)
	for name, look := range map[string]func() bool{
		"Snapshot":   func() bool { return d.Snapshot().Record(data.Incidents, "j").Value != nil },
		"WithDrafts": func() bool { return d.WithDrafts().Record(data.Incidents, "j").Value != nil },
		"Revision":   func() bool { return d.Revision() == last.Revision },
		"Record":     func() bool { v, err := d.Record(data.Incidents, "j"); return err == nil && v.Revision == last.Revision },
		"Version":    func() bool { _, err := d.Version(data.Incidents, "i"); return err == nil },
		"Drafts":     func() bool { _, err := d.Drafts(data.Incidents); return err == nil && d.Shown() != before },
	} {
		go func() {
			ok := look()
			if !ok {
				t.Errorf("%s: it is not there", name)
			}
			seen <- ok
		}()
	}
	select {
	case <-seen:
		t.Error("somebody did not wait")
	default:
	}
	d.change.Unlock()
	for range 6 {
		<-seen
	}
	if got := d.Snapshot().Revision(); got != last.Snapshot {
		t.Errorf("the snapshot is %s, the last receipt says %s", got, last.Snapshot)
	}
}

// TestReceiptTellsTheSnapshot looks that each receipt says which snapshot the batch leads
// to, whether it waits for that or not.
func TestReceiptTellsTheSnapshot(t *testing.T) {
	d := openWithPlace(t)
	for name, b := range map[string]data.Batch{
		"new":       changeOfIncident(data.Put, "new", "p", "s", "Summary"),
		"other":     changeOfIncident(data.Put, "old", "p", "s", "As it is"),
		"a draft":   changeOfIncident(data.Sketch, "old", "p", "s", "As it may be"),
		"a source":  changeOfSource(data.Put, "t"),
		"retracted": changeOfIncident(data.Retract, "old", "", "", ""),
	} {
		receipt, err := d.Apply(t.Context(), b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := d.Snapshot().Revision(); got != receipt.Snapshot {
			t.Errorf("%s: the snapshot is %s, the receipt says %s", name, got, receipt.Snapshot)
		}
	}
}

// TestWhatCannotBeShownIsNotWaitedFor gives up to show what somebody waits for.
func TestWhatCannotBeShownIsNotWaitedFor(t *testing.T) {
	d := openWithPlace(t)
	before := d.Snapshot()
	d.told.Store(d.current.Load().revision.Sequence + 1)
	seen := make(chan bool)
	go func() { seen <- d.Snapshot() == before }()
	d.forsake()
	if !<-seen {
		t.Error("another snapshot is seen")
	}
}
