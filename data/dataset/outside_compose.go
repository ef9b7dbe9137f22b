package dataset

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/geo"
)

// composition makes changes of records out of edits of features: a feature is what
// PATCH of it over HTTP would send, a new one what POST would.
type composition struct {
	x      *examined
	batch  data.Batch
	at     map[ref]int // where the change of each record is
	owners [][]int     // the edits that each change comes of
	places []map[int]*edit.Edited
	rows   map[feature]int64
}

// add adds what an edit changes.
func (c *composition) add(i int) error {
	e := &c.x.edits[i]
	kind, ok := edit.KindOf(e.Collection)
	if !ok {
		return fmt.Errorf("%s are not written", e.Collection)
	}
	if e.Feature == nil {
		return c.remove(i, e, kind)
	}
	reader := edit.Reader{Partial: true}
	sent, _, err := reader.Read(e.Feature)
	if err != nil {
		return err
	}
	id := e.ID
	if id == "" && sent[0].ID != "" {
		if _, there := hitOf(c.x.d.Shown(), feature{e.Collection, sent[0].ID}); there {
			id = sent[0].ID // the row was replaced
		}
	}
	if id == "" {
		sent[0].Partial = false
		return c.create(i, e, kind, sent[0])
	}
	return c.change(i, e, kind, id, sent[0])
}

// remove retracts the feature of a row that was deleted; a claim leaves its
// incident.
func (c *composition) remove(i int, e *store.Edit, kind data.Kind) error {
	if _, there := hitOf(c.x.d.Shown(), feature{e.Collection, e.ID}); !there {
		return nil // it was made and deleted again
	}
	if e.Collection != "claims" {
		at := ref{kind, e.ID}
		n := c.changeOf(at)
		c.batch.Changes[n].Operation, c.batch.Changes[n].Body = data.Retract, nil
		c.own(n, i, nil)
		return nil
	}
	at := ref{kind, data.IncidentOf(e.ID)}
	body, err := c.body(at)
	if err == nil && body != nil {
		body, err = edit.WithoutClaim(body, e.ID)
	}
	if err != nil || body == nil {
		return err
	}
	c.put(at, body, i, nil)
	return nil
}

// change changes the feature of a row.
func (c *composition) change(i int, e *store.Edit, kind data.Kind, id string, sent *edit.Sent) error {
	c.show(feature{e.Collection, id}, e.Row)
	at := ref{kind, id}
	if e.Collection == "claims" {
		at.id = data.IncidentOf(id)
	}
	body, err := c.body(at)
	if err != nil {
		return err
	}
	hit, there := hitOf(c.x.d.Shown(), feature{e.Collection, id})
	if body == nil || !there {
		return gone(at)
	}
	form, err := flatForm(&hit)
	if err != nil {
		return err
	}
	t := &edit.Target{Collection: e.Collection, ID: id, Record: body, Form: form, Geometry: hit.Geometry, PositionSource: c.said()}
	made, err := t.Apply(sent)
	if err != nil {
		return err
	}
	if differ, err := edit.Diff(body, made.Body); err != nil || len(differ) == 0 {
		return err // it says the same in other words
	}
	c.put(at, made.Body, i, made)
	return nil
}

func gone(at ref) error {
	var faults geo.Faults
	faults.Add("", at.id, "is not there any more", "delete the row")
	return faults.Err()
}

// flatForm returns the properties that the feature has in the table.
func flatForm(hit *snapshot.Hit) (json.RawMessage, error) {
	var doc struct{ Properties json.RawMessage }
	err := json.Unmarshal(hit.JSON, &doc)
	return doc.Properties, err
}

// create makes the feature of a new row.
func (c *composition) create(i int, e *store.Edit, kind data.Kind, sent *edit.Sent) error {
	if e.Collection == "claims" {
		return c.createClaim(i, e, sent)
	}
	if e.Collection == "incidents" {
		place, with, err := sent.NewPlace(c.placeCalled, c.taken(data.Places), c.said())
		if err != nil {
			return err
		}
		if place != nil {
			c.put(ref{data.Places, place.ID}, place.Body, i, place)
		}
		sent = with
	}
	id, err := edit.NewID(e.Collection, sent, c.taken(kind))
	if err != nil {
		return err
	}
	made, err := (&edit.Target{Collection: e.Collection, ID: id, PositionSource: c.said()}).Apply(sent)
	if err != nil {
		return err
	}
	c.put(ref{kind, id}, made.Body, i, made)
	c.show(feature{e.Collection, id}, e.Row)
	return nil
}

func (c *composition) createClaim(i int, e *store.Edit, sent *edit.Sent) error {
	at := ref{data.Incidents, sent.IncidentID()}
	body, err := c.body(at)
	if err != nil {
		return err
	}
	if body == nil {
		var faults geo.Faults
		faults.Add("/properties/incident_id", at.id, "is no incident", "write the id of the incident that the claim is about")
		return faults.Err()
	}
	last, err := c.x.d.LastClaim(c.x.ctx, at.id)
	if err != nil {
		return err
	}
	id := edit.NewClaimID(at.id, max(last, edit.LastClaim(body)))
	made, err := (&edit.Target{Collection: e.Collection, ID: id, Record: body}).Apply(sent.Unnamed())
	if err != nil {
		return err
	}
	c.put(at, made.Body, i, made)
	c.show(feature{e.Collection, id}, e.Row)
	return nil
}

// body returns a record as the batch leaves it so far; nil for one that does not
// stand.
func (c *composition) body(at ref) (json.RawMessage, error) {
	if n, ok := c.at[at]; ok {
		return c.batch.Changes[n].Body, nil
	}
	s := c.x.plan.state(at).published
	if !s.asVersion().Stands() {
		return nil, nil
	}
	return s.record.Encode()
}

// changeOf returns the place of the change of a record, a new one at the end.
func (c *composition) changeOf(at ref) int {
	n, ok := c.at[at]
	if !ok {
		n = len(c.batch.Changes)
		c.at[at] = n
		c.batch.Changes = append(c.batch.Changes, data.Change{Kind: at.kind, ID: at.id, Operation: data.Put, Expect: -1})
		c.owners, c.places = append(c.owners, nil), append(c.places, map[int]*edit.Edited{})
	}
	return n
}

// put makes body the record. A record that another edit takes back stays so.
func (c *composition) put(at ref, body json.RawMessage, i int, made *edit.Edited) {
	n := c.changeOf(at)
	if c.batch.Changes[n].Operation == data.Put {
		c.batch.Changes[n].Body = body
	}
	c.own(n, i, made)
}

func (c *composition) own(change, i int, made *edit.Edited) {
	c.owners[change] = append(c.owners[change], i)
	if made != nil {
		c.places[change][i] = made
	}
}

// placeOf says where in the feature of an edit a fault of the record is.
func (c *composition) placeOf(change, i int) func(string) string {
	return func(pointer string) string {
		if change >= 0 && change < len(c.places) && c.places[change][i] != nil {
			return c.places[change][i].Place(pointer)
		}
		return pointer
	}
}

// show notes the row that shows a feature.
func (c *composition) show(f feature, row int64) {
	if c.rows == nil {
		c.rows = map[feature]int64{}
	}
	c.rows[f] = row
}

// said is the source of a position that was drawn.
func (c *composition) said() string {
	return "set in an edit of the store's file, noticed on " + c.x.d.now().UTC().Format(time.DateOnly)
}

// comment says in the history what came how.
func (c *composition) comment(which []int) string {
	rows := map[string]int{}
	var names []string
	for _, i := range which {
		name := c.x.edits[i].Collection
		if rows[name]++; rows[name] == 1 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = fmt.Sprintf("%d in %s", rows[name], name)
	}
	return fmt.Sprintf("Edited in the store's file by another program; which one, and who, is not known. Noticed %s. Rows: %s.",
		c.x.d.now().UTC().Format(time.RFC3339), strings.Join(names, ", "))
}

// taken tells whether an id is had: by a record that stands, by a draft, by one
// whose content was removed, or in this very batch.
func (c *composition) taken(kind data.Kind) func(id string) bool {
	return func(id string) bool {
		at := ref{kind, id}
		if _, ours := c.at[at]; ours {
			return true
		}
		s := c.x.plan.state(at)
		return s.draft != nil || s.published != nil && (s.published.version.Stands() || s.published.version.Operation == data.Redact)
	}
}

// placeCalled returns the id of the published place of that label, "" for none.
func (c *composition) placeCalled(label string) string {
	col, err := c.x.d.Shown().Collection("places")
	if err != nil {
		return ""
	}
	page, err := col.Items(c.x.ctx, &snapshot.Query{Equal: []snapshot.Condition{{Field: col.Schema.Index("label"), Value: geo.StringValue(label)}}, Limit: 1})
	if err != nil || len(page.Hits) == 0 {
		return ""
	}
	return page.Hits[0].ID
}
