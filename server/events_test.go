package server

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ear listens to the stream of changes.
type ear struct {
	t     *testing.T
	lines *bufio.Scanner
	end   context.CancelFunc
}

func (d *desk) listenTo(t *testing.T, lastID string) *ear {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.http.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := d.http.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); response.Body.Close() })
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/event-stream" || response.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the stream begins with %s %v", response.Status, response.Header)
	}
	e := &ear{t, bufio.NewScanner(response.Body), cancel}
	if first := e.next(); first["retry"] == "" {
		t.Fatalf("the stream begins with %v", first)
	}
	return e
}

// next returns the fields of the next event.
func (e *ear) next() map[string]string {
	e.t.Helper()
	fields := map[string]string{}
	for e.lines.Scan() {
		if e.lines.Text() == "" {
			return fields
		}
		name, value, _ := strings.Cut(e.lines.Text(), ":")
		fields[name] = strings.TrimSpace(value)
	}
	e.t.Fatalf("the stream ended with %v: %v", fields, e.lines.Err())
	return nil
}

func TestEvents(t *testing.T) {
	d := writable(t, Config{})
	live := d.listenTo(t, "")
	d.send("bob", "POST", incidentsPath, strings.Replace(draftBody, "2011-01-01-bobs", "2011-01-01-hidden", 1)).is(http.StatusCreated)
	d.send("ann", "PATCH", clashPath, `{"properties":{"title":"Clash near Alpha"}}`).is(http.StatusNoContent)
	d.send("ann", "DELETE", "/collections/incidents/items/2005-gamma", "").is(http.StatusNoContent)
	var got []string
	var ids []string
	for range 2 {
		e := live.next()
		var told struct {
			Revision uint64
			Changes  []struct{ Collection, ID, Operation string }
		}
		if err := json.Unmarshal([]byte(e["data"]), &told); err != nil || strconv.FormatUint(told.Revision, 10) != e["id"] || len(told.Changes) != 1 {
			t.Fatalf("event %v: %v", e, err)
		}
		ids = append(ids, e["id"])
		got = append(got, e["event"]+" "+told.Changes[0].Collection+" "+told.Changes[0].ID+" "+told.Changes[0].Operation)
	}
	if diff := cmp.Diff([]string{"change incidents 2001-02-03-alpha-clash published", "change incidents 2005-gamma retracted"}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if before, _ := strconv.Atoi(ids[0]); strconv.Itoa(before+1) != ids[1] {
		t.Errorf("the ids %v tell of a draft between them", ids)
	}

	again := d.listenTo(t, ids[0])
	if e := again.next(); e["id"] != ids[1] || e["event"] != "change" {
		t.Errorf("going on from %s: %v", ids[0], e)
	}
	for _, id := range []string{"0", "999999"} {
		if e := d.listenTo(t, id).next(); e["event"] != "reload" || e["id"] != ids[1] {
			t.Errorf("going on from %s: %v", id, e)
		}
	}

	// When nobody listens nothing is lost for those who come back.
	live.end()
	again.end()
	d.send("ann", "PATCH", clashPath, `{"properties":{"title":"Clash far from Alpha"}}`).is(http.StatusNoContent)
	back := d.listenTo(t, ids[1])
	if e := back.next(); e["event"] != "change" || !strings.Contains(e["data"], "alpha-clash") {
		t.Errorf("coming back: %v", e)
	}
	d.Stop()
	if e := back.next(); e["event"] != "bye" {
		t.Errorf("at the end: %v", e)
	}
}

// A stream outlives the time that other requests have.
func TestEventsHaveNoTimeout(t *testing.T) {
	d := writable(t, Config{Timeout: 1})
	e := d.listenTo(t, "")
	d.data.Snapshot()
	records := d.data.Revision().Number
	if records == 0 {
		t.Fatal("no revision")
	}
	d.Stop()
	if last := e.next(); last["event"] != "bye" {
		t.Errorf("got %v", last)
	}
}

func TestReadyzSaysWhetherChangesAreTaken(t *testing.T) {
	for _, tt := range []struct {
		s    *service
		want string
	}{{serve(t, invented), `"changes":false,"reason":"the dataset is read-only"`}, {writable(t, Config{}).service, `"changes":true}`}} {
		if a := tt.s.get("/readyz"); !strings.Contains(string(a.body), tt.want) {
			t.Errorf("%s, want %s", a.body, tt.want)
		}
	}
	d := writable(t, Config{})
	d.data.Freeze()
	if a := d.get("/readyz"); !strings.Contains(string(a.body), `"changes":false`) {
		t.Errorf("after Freeze: %s", a.body)
	}
	d.send("ann", "DELETE", clashPath, "").problem(http.StatusMethodNotAllowed, "method-not-allowed")
}
