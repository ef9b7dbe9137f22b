package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/geo"
)

const (
	maxListeners = 1000             // of the stream of changes at once
	keptEvents   = 1024             // for those who come back
	heartbeat    = 15 * time.Second // between signs of life
	writeTime    = 10 * time.Second // that a listener has to take what is sent
	toldChanges  = 200              // of one event
)

// event is one revision of the dataset, as listeners get it.
type event struct {
	number uint64
	text   []byte // as it stands in the stream
}

// feed turns what is committed into events, while somebody listens. It is safe
// for concurrent use.
type feed struct {
	s *Server

	mu        sync.Mutex
	listeners int
	stop      context.CancelFunc
	stopped   chan struct{} // closed when the pump has ended
	events    []event       // the oldest first
	before    uint64        // the number of the revision before the first of events
	last      uint64        // that of the newest revision
	sequence  uint64        // up to which changes have been read
	changed   chan struct{} // closed and made anew with every event
}

// errTooMany says that as many listen as the service bears.
var errTooMany = fmt.Errorf("too many listen to changes: %w", data.ErrUnavailable)

// join counts a listener in, and starts the reading of changes for the first one.
func (f *feed) join() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listeners == maxListeners {
		return errTooMany
	}
	if f.listeners++; f.listeners > 1 {
		return nil
	}
	if f.changed == nil {
		now := f.s.data.Revision()
		f.changed, f.before, f.last, f.sequence = make(chan struct{}), now.Number, now.Number, now.Sequence
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.stop, f.stopped = cancel, make(chan struct{})
	go f.pump(ctx, f.stopped)
	return nil
}

// leave counts a listener out, and ends the reading with the last one.
func (f *feed) leave() {
	f.mu.Lock()
	f.listeners--
	last, stop, stopped := f.listeners == 0, f.stop, f.stopped
	if last {
		stop()
	}
	f.mu.Unlock()
	if last {
		<-stopped
	}
}

// pump reads changes and makes events of them until ctx ends.
func (f *feed) pump(ctx context.Context, stopped chan struct{}) {
	defer close(stopped)
	for {
		f.mu.Lock()
		after := f.sequence
		f.mu.Unlock()
		if f.s.data.Wait(ctx, after) != nil {
			return
		}
		if err := f.read(ctx, after); err != nil {
			if ctx.Err() == nil {
				f.s.log.Error("the changes cannot be read for those who listen", "error", err.Error())
			}
			return
		}
	}
}

// read makes an event of each revision after a sequence number. Drafts are none.
func (f *feed) read(ctx context.Context, after uint64) error {
	shown := f.s.data.Revision().Sequence // what is committed and not shown yet comes with the next
	var changes []data.Version
	flush := func() {
		if len(changes) > 0 {
			f.add(changes)
			changes = nil
		}
	}
	for v, err := range f.s.data.Changes(ctx, after) {
		if err != nil {
			return err
		}
		if v.Revision.Sequence > shown {
			break
		}
		if len(changes) > 0 && changes[0].Revision.Number != v.Revision.Number {
			flush()
		}
		if !v.Draft() {
			v.Body = nil
			changes = append(changes, v)
		}
	}
	flush()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sequence = max(f.sequence, shown)
	return nil
}

// add tells the listeners of a revision.
func (f *feed) add(changes []data.Version) {
	type change struct {
		Collection string `json:"collection"`
		ID         string `json:"id"`
		Operation  string `json:"operation"`
		// where it was and where it is: west, south, east, north
		Before []float64 `json:"bbox_before,omitzero"`
		After  []float64 `json:"bbox_after,omitzero"`
	}
	told := struct {
		Revision uint64   `json:"revision"`
		At       string   `json:"at"`
		Changes  []change `json:"changes"`
		More     int      `json:"more,omitzero"` // changes that are not listed
	}{Revision: changes[0].Revision.Number, At: changes[0].Revision.At.UTC().Format(time.RFC3339), More: max(0, len(changes)-toldChanges)}
	for _, v := range changes[:min(len(changes), toldChanges)] {
		ch := change{Collection: string(v.Kind), ID: v.ID, Operation: operationWord(v.Operation)}
		if v.Reach != nil {
			ch.Before, ch.After = corners(v.Reach.Before), corners(v.Reach.After)
		}
		told.Changes = append(told.Changes, ch)
	}
	text := fmt.Appendf(nil, "id: %d\nevent: change\ndata: %s\n\n", told.Revision, appendJSON(nil, told))
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events = append(f.events, event{told.Revision, text})
	if over := len(f.events) - keptEvents; over > 0 {
		f.before = f.events[over-1].number
		f.events = slices.Delete(f.events, 0, over)
	}
	f.last = told.Revision
	close(f.changed)
	f.changed = make(chan struct{})
}

// corners returns a box as JSON says it, nil for an empty one.
func corners(b geo.BBox) []float64 {
	if b.IsEmpty() {
		return nil
	}
	return []float64{b.West, b.South, b.East, b.North}
}

// after returns the events after a revision, and what is closed when there are
// more. ok is false where some of them are not kept any more.
func (f *feed) after(number uint64) (events []event, more <-chan struct{}, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if number < f.before || number > f.last {
		return nil, f.changed, false
	}
	i, found := slices.BinarySearchFunc(f.events, number, func(e event, n uint64) int { return int(int64(e.number) - int64(n)) })
	if found {
		i++
	}
	return slices.Clone(f.events[i:]), f.changed, true
}

// newest returns the number of the newest revision.
func (f *feed) newest() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// events answers with the stream of changes to what is published, as server-sent
// events (HTML Living Standard §9.2). Last-Event-ID goes on from a revision; where
// that is too long ago, the event reload says that the client has to read anew.
func (s *Server) events(c *gin.Context) error {
	if err := readParams(c, nil).faults.Err(); err != nil {
		return err
	}
	out := &listener{c: c, control: http.NewResponseController(c.Writer)}
	header := c.Writer.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // proxies are not to keep it back
	if c.Request.Method == http.MethodHead {
		c.Status(http.StatusOK)
		c.Writer.WriteHeaderNow()
		return nil
	}
	if err := s.feed.join(); err != nil {
		return err
	}
	defer s.feed.leave()
	c.Status(http.StatusOK)
	s.listen(out, c.GetHeader("Last-Event-ID"))
	return nil
}

// listen sends events until the client is gone, too slow, or the service stops.
func (s *Server) listen(out *listener, lastID string) {
	at, err := strconv.ParseUint(lastID, 10, 64)
	if lastID == "" || err != nil {
		at = s.feed.newest()
	}
	if err := out.send(fmt.Appendf(nil, "retry: 3000\n: demarc %d\n\n", at)); err != nil {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		events, more, ok := s.feed.after(at)
		if !ok {
			at = s.feed.newest()
			events = []event{{at, fmt.Appendf(nil, "id: %d\nevent: reload\ndata: {\"revision\":%d}\n\n", at, at)}}
		}
		for _, e := range events {
			if out.send(e.text) != nil {
				return
			}
			at = e.number
		}
		select {
		case <-more:
		case <-beat.C:
			if out.send([]byte(": beat\n\n")) != nil {
				return
			}
		case <-out.c.Request.Context().Done():
			return
		case <-s.stopping:
			_ = out.send([]byte("event: bye\nretry: 2000\ndata: {}\n\n")) // it is going anyway
			return
		}
	}
}

// listener is one who listens.
type listener struct {
	c       *gin.Context
	control *http.ResponseController
}

// send writes, and fails where the listener does not take it in time.
func (l *listener) send(text []byte) error {
	err := l.control.SetWriteDeadline(time.Now().Add(writeTime))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := l.c.Writer.Write(text); err != nil {
		return err
	}
	return l.control.Flush()
}

// Stop ends what would not end by itself: the streams of changes. Other requests
// go on. It may be called once.
func (s *Server) Stop() { close(s.stopping) }
