package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"sync"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/ledger"
	"demarc/data/snapshot"
	"demarc/geo"
)

// notedLog is a log that notes the newest version of each record, whose proof and
// content an audit checks: of these the features can be made that the service has to
// show.
type notedLog struct {
	*remoteLog
	mu     sync.Mutex
	newest map[[2]string]notedVersion
}

type notedVersion struct {
	number int
	stands bool
	record []byte
}

// Evidence is ledger.Log's.
func (n *notedLog) Evidence(ctx context.Context, collection, id string, number int) (ledger.Evidence, error) {
	e, err := n.remoteLog.Evidence(ctx, collection, id, number)
	if err != nil {
		return e, err
	}
	leaf, err := ledger.ParseLeaf(e.Entry)
	if err != nil {
		return e, nil // the audit says so
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if at := [2]string{collection, id}; number > n.newest[at].number {
		n.newest[at] = notedVersion{number, leaf.Kind == ledger.Publish || leaf.Kind == ledger.Correct, e.Record}
	}
	return e, nil
}

// snapshot returns what the service has to show.
func (n *notedLog) snapshot() (*snapshot.Snapshot, error) {
	records := &data.Records{Geometry: data.Shapes{}}
	for at, v := range n.newest {
		if !v.stands {
			continue
		}
		r, err := data.DecodeRecord(data.Kind(at[0]), v.record)
		if err != nil {
			return nil, fmt.Errorf("%s/%s, version %d: %w", at[0], at[1], v.number, err)
		}
		records.Add(r)
	}
	return snapshot.New(records)
}

// features compares every feature that the service shows, in its lists and by
// itself, with the one that the records make, and returns how many there are. The
// error is a *geo.InputError.
func (n *notedLog) features(ctx context.Context) (int, error) {
	want, err := n.snapshot()
	if err != nil {
		return 0, err
	}
	c := &comparing{log: n.remoteLog, want: want}
	count := 0
	for _, col := range want.Collections() {
		if err := c.list(ctx, col); err != nil {
			return 0, err
		}
		count += col.Len()
	}
	return count, c.faults.Err()
}

// comparing is one comparison at work.
type comparing struct {
	log    *remoteLog
	want   *snapshot.Snapshot
	mu     sync.Mutex
	faults geo.Faults
}

const maxCompared = 100 // faults, before a comparison ends

var errManyOthers = errors.New("there are too many faults to go on")

func (c *comparing) add(where, found, problem string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults.Add(where, found, problem, "ask who runs the service, and keep what it answers")
}

// list reads a collection page by page, and each feature by itself.
func (c *comparing) list(ctx context.Context, col *snapshot.Collection) error {
	seen := map[string]bool{}
	items := "/collections/" + url.PathEscape(col.ID) + "/items"
	for next := items + "?f=json&limit=1000"; next != ""; {
		var page struct {
			NumberMatched int
			Features      []json.RawMessage
			Links         []struct{ Rel, Href string }
		}
		body, err := c.log.get(ctx, next)
		if err == nil {
			err = json.Unmarshal(body, &page)
		}
		if err != nil {
			c.add(next, "", "cannot be read: "+err.Error())
			break
		}
		if page.NumberMatched != col.Len() {
			c.add(items, fmt.Sprint(page.NumberMatched), fmt.Sprintf("is not the number of features that the records make, %d", col.Len()))
		}
		for _, f := range page.Features {
			id := c.feature(col, items, f, false)
			seen[id] = true
		}
		next = ""
		for _, l := range page.Links {
			if _, query, ok := strings.Cut(l.Href, "?"); ok && l.Rel == "next" && len(page.Features) > 0 {
				next = items + "?" + query
			}
		}
		if len(c.faults) >= maxCompared {
			return errors.Join(c.faults.Err(), errManyOthers)
		}
	}
	return c.singles(ctx, col, items, seen)
}

// singles reads each feature of a collection by itself, and says which of them the
// list did not have.
func (c *comparing) singles(ctx context.Context, col *snapshot.Collection, items string, listed map[string]bool) error {
	page, err := col.Items(ctx, &snapshot.Query{Limit: max(1, col.Len()), NoJSON: true, NoValues: true})
	if err != nil {
		return err
	}
	work := make(chan string)
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for id := range work {
				address := items + "/" + url.PathEscape(id)
				body, err := c.log.get(ctx, address+"?f=json")
				if err != nil {
					c.add(address, "", "cannot be read: "+err.Error())
					continue
				}
				c.feature(col, address, body, true)
			}
		})
	}
	for _, h := range page.Hits {
		if !listed[h.ID] {
			c.add(items, h.ID, "is published, and not in the list")
		}
		work <- h.ID
	}
	close(work)
	readers.Wait()
	return ctx.Err()
}

// feature compares a feature with that of the records, and returns its id. where is
// the address that it came from.
func (c *comparing) feature(col *snapshot.Collection, where string, raw json.RawMessage, whole bool) string {
	var told struct{ ID string }
	if err := json.Unmarshal(raw, &told); err != nil {
		c.add(where, "", "has a feature that cannot be read: "+err.Error())
		return ""
	}
	name := where
	if !whole {
		name += ", feature " + told.ID
	}
	hit, err := col.Feature(told.ID)
	if err != nil {
		c.add(name, told.ID, "is no feature that the records make")
		return told.ID
	}
	made := append([]byte(nil), hit.JSON[:hit.PropertiesEnd]...)
	if whole {
		detail, err := json.Marshal(c.want.Detail(col.ID, told.ID))
		if err == nil && len(detail) > len("{}") && detail[0] == '{' {
			made = append(append(made, ','), detail[1:len(detail)-1]...)
		}
	}
	made = append(made, "}}"...)
	differ, err := edit.Diff(made, ofRecords(raw))
	if err != nil {
		c.add(name, "", "cannot be compared: "+err.Error())
	} else if len(differ) == 0 && !sameValues(made, ofRecords(raw)) {
		c.add(name, "", "is not written as the records make it")
	}
	for _, d := range differ {
		c.add(name+", "+strings.Join(d.Where, "/"), d.After, fmt.Sprintf("is not what the records make, %.80q", d.Before))
	}
	return told.ID
}

// ofRecords returns a feature without what no record tells: links, and the words
// beside it.
func ofRecords(raw json.RawMessage) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return raw
	}
	for _, name := range []string{"links", "attribution", "bbox"} {
		delete(members, name)
	}
	out, err := json.Marshal(members)
	if err != nil {
		return raw
	}
	return out
}

// sameValues tells whether two documents have the same members and values.
func sameValues(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
