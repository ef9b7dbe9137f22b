package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// create answers POST of a Feature, or of a FeatureCollection, of which all are
// made or none (OGC 20-002r1 §7.3).
func (s *Server) create(c *gin.Context) error {
	w, err := s.writing(c)
	if err != nil {
		return err
	}
	raw, err := w.body(featureTypes)
	if err != nil {
		return err
	}
	n := &creation{writing: w}
	var receipt data.Receipt
	var list []byte // of what was made, where it is more than one
	err = s.bulks.do(c.Request.Context(), len(raw), func() (err error) {
		if receipt, err = n.carryOut(raw); err == nil && !n.single() {
			list, err = n.list()
		}
		return err
	})
	w.read(raw)
	switch {
	case err != nil:
		return err
	case n.single():
		return n.created(receipt)
	}
	c.Header("Cache-Control", "no-store")
	s.write(c, http.StatusCreated, formatJSON.mediaType, list)
	return nil
}

// creation is one request that makes features.
type creation struct {
	*writing
	many     bool
	of       []*edit.Sent // the features that were sent
	features []string     // their ids, in the order in which they were sent
	changes  []data.Change
	made     []madeChange // of each change
}

// madeChange says of which feature a change is.
type madeChange struct {
	edited  *edit.Edited
	feature int
	place   bool // the place that the feature brings with it
}

// carryOut makes what the body says, unless the same request was carried out before.
func (n *creation) carryOut(raw []byte) (receipt data.Receipt, err error) {
	if n.of, n.many, err = n.sent(raw, true); err != nil {
		return receipt, err
	}
	receipt, done, err := n.before()
	if err == nil && !done {
		return n.again(func() (data.Receipt, bool, error) {
			receipt, err := n.once()
			return receipt, false, err
		})
	}
	if done {
		n.features = n.featuresOf(receipt)
	}
	return receipt, err
}

// once prepares the batch and applies it.
func (n *creation) once() (data.Receipt, error) {
	n.features, n.changes, n.made = nil, nil, nil
	var faults geo.Faults
	for i, sent := range n.of {
		err := n.add(i, sent)
		var input *geo.InputError
		switch {
		case errors.As(err, &input):
			for _, f := range input.Faults {
				f.Where = n.where(i) + f.Where
				faults = append(faults, f)
			}
		case err != nil:
			return data.Receipt{}, err
		}
	}
	if err := faults.Err(); err != nil {
		return data.Receipt{}, meaning(err)
	}
	return n.apply(n.changes, func(change int, pointer string) string {
		m := n.made[change]
		if m.place {
			return n.where(m.feature) + "/properties/place"
		}
		return n.where(m.feature) + m.edited.Place(pointer)
	})
}

// where returns the place of a feature in the body.
func (n *creation) where(feature int) string {
	if !n.many {
		return ""
	}
	return "/features/" + strconv.Itoa(feature)
}

// add adds the change that makes a feature.
func (n *creation) add(i int, sent *edit.Sent) error {
	if n.collection == "claims" {
		return n.addClaim(i, sent)
	}
	if n.collection == "incidents" {
		place, with, err := sent.NewPlace(n.placeCalled, n.taken(data.Places), "given with the incident on "+n.s.cfg.Now().UTC().Format("2006-01-02"))
		if err != nil {
			return err
		}
		if place != nil {
			n.changes = append(n.changes, n.change(place, n.expectNew(data.Places, place.ID)))
			n.made = append(n.made, madeChange{place, i, true})
		}
		sent = with
	}
	id, err := edit.NewID(n.collection, sent, n.taken(n.kind))
	if err != nil {
		return err
	}
	t, err := n.target(id, nil)
	if err != nil {
		return err
	}
	e, err := t.Make(sent)
	if err != nil {
		return err
	}
	n.features = append(n.features, id)
	n.changes = append(n.changes, n.change(e, n.expectNew(n.kind, id)))
	n.made = append(n.made, madeChange{e, i, false})
	return nil
}

// addClaim adds a claim to its incident, which an earlier feature of the same
// request may have changed already.
func (n *creation) addClaim(i int, sent *edit.Sent) error {
	incident := sent.IncidentID()
	var b *base
	at := -1
	for j := range n.changes {
		if n.changes[j].ID == incident {
			at, b = j, &base{version: data.Version{Body: n.changes[j].Body}, expect: n.changes[j].Expect}
		}
	}
	var err error
	if at < 0 {
		if b, err = n.baseOfIncident(incident); err != nil {
			return err
		}
	}
	last, err := n.lastClaim(incident)
	if err != nil {
		return err
	}
	id := edit.NewClaimID(incident, max(last, edit.LastClaim(b.version.Body)))
	t := &edit.Target{Collection: "claims", ID: id, Record: b.version.Body}
	e, err := t.Apply(sent.Unnamed())
	if err != nil {
		return err
	}
	n.features = append(n.features, id)
	if at >= 0 {
		n.changes[at].Body = e.Body
		return nil
	}
	n.changes = append(n.changes, n.change(e, b.expect))
	n.made = append(n.made, madeChange{e, i, false})
	return nil
}

// baseOfIncident returns the incident's record as a claim is added to it.
func (n *creation) baseOfIncident(incident string) (*base, error) {
	own := *n.writing
	own.collection = "incidents"
	b, err := own.base(incident)
	var gone *errGone
	if errors.Is(err, data.ErrNotFound) || errors.As(err, &gone) {
		var faults geo.Faults
		faults.Add("/properties/incident_id", incident, "is no incident", "write the id of the incident that the claim is about")
		return nil, faults.Err()
	}
	return b, err
}

// taken tells whether an id is had by a record that stands, is a draft, was
// redacted, or is made by this very request. That of a retracted record can be
// had again by who may publish.
func (n *creation) taken(kind data.Kind) func(id string) bool {
	return func(id string) bool {
		for _, c := range n.changes {
			if c.Kind == kind && c.ID == id {
				return true
			}
		}
		if _, err := n.s.data.Draft(kind, id); err == nil {
			return true
		}
		v, err := n.s.data.Record(kind, id)
		return err == nil && (v.Stands() || v.Operation == data.Redact || n.draft)
	}
}

// expectNew returns the version that a new record is made from: none, or that
// of the retraction.
func (n *creation) expectNew(kind data.Kind, id string) int {
	if v, err := n.s.data.Record(kind, id); err == nil && !n.draft {
		return v.Number
	}
	return 0
}

// placeCalled returns the id of the published place of that label.
func (n *creation) placeCalled(label string) string {
	col, err := n.s.data.Snapshot().Collection("places")
	if err != nil {
		return ""
	}
	field := col.Schema.Index("label")
	page, err := col.Items(n.c.Request.Context(), &snapshot.Query{Equal: []snapshot.Condition{{Field: field, Value: geo.StringValue(label)}}, Limit: 1})
	if err != nil || len(page.Hits) == 0 {
		return ""
	}
	return page.Hits[0].ID
}

// featuresOf returns the ids of the features that a receipt tells of.
func (w *writing) featuresOf(receipt data.Receipt) []string {
	var ids []string
	for _, done := range receipt.Changes {
		if done.Kind != w.kind {
			continue
		}
		if w.collection != "claims" {
			ids = append(ids, done.ID)
		} else if v, err := w.s.data.Record(done.Kind, done.ID); err == nil {
			ids = append(ids, edit.NewClaimID(done.ID, edit.LastClaim(v.Body)-1))
		}
	}
	return ids
}

// single tells whether one feature was sent, and made.
func (n *creation) single() bool { return !n.many && len(n.features) == 1 }

// created answers: 201 with the address of the single feature.
func (n *creation) created(receipt data.Receipt) error {
	c := n.c
	n.note(n.features[0], receipt)
	c.Header("Location", n.s.itemURL(c, n.collection, n.features[0]))
	if !n.prefersRepresentation() {
		c.Status(http.StatusCreated)
		c.Writer.WriteHeaderNow()
		return nil
	}
	body, err := n.representation(n.features[0])
	if err != nil {
		return err
	}
	n.s.write(c, http.StatusCreated, formatGeoJSON.mediaType, body)
	return nil
}

// list returns the answer for many: their ids and addresses.
func (n *creation) list() ([]byte, error) {
	doc := struct {
		Created []string      `json:"created"`
		Links   []ogcapi.Link `json:"links"`
	}{n.features, nil}
	for _, id := range n.features {
		doc.Links = append(doc.Links, ogcapi.Link{Href: n.s.itemURL(n.c, n.collection, id), Rel: "item", Type: formatGeoJSON.mediaType, Title: id})
	}
	return json.Marshal(doc)
}
