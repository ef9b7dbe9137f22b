package server

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// While others write, each writer reads what it has written: the feature, in lists, and
// what it made of it since.
func TestWritersReadTheirOwn(t *testing.T) {
	d := writable(t, Config{})
	const writers, each = 8, 6
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				id, title := fmt.Sprintf("2010-seen-%d-%d", w, n), fmt.Sprintf("Shots %c of %c", 'a'+w, 'a'+n)
				body := strings.NewReplacer(`"type":"Feature"`, `"type":"Feature","id":"`+id+`"`, "Shots at Delta", title, `"place":"Delta","country":"XA"`, `"place_id":"alpha"`).Replace(newIncident)
				made := d.send("ann", "POST", incidentsPath, body)
				if made.status != http.StatusCreated {
					t.Errorf("%s: %d %s", id, made.status, made.body)
					return
				}
				location := made.header.Get("Location")
				if got := d.get(location); got.status != http.StatusOK || !strings.Contains(string(got.body), title) {
					t.Errorf("%s is made, and read as %d %.300s", id, got.status, got.body)
				}
				if got := d.get(incidentsPath + "?limit=1000&title=" + strings.ReplaceAll(title, " ", "%20")); !strings.Contains(string(got.body), id) {
					t.Errorf("%s is made, and not in the list: %d %.300s", id, got.status, got.body)
				}
				if got := d.send("ann", "PATCH", location, `{"properties":{"title":"Again `+title+`"}}`, "If-Match", made.header.Get("ETag")); got.status != http.StatusNoContent {
					t.Errorf("%s is changed from its first version: %d %s", id, got.status, got.body)
				}
				if got := d.get(location); !strings.Contains(string(got.body), "Again "+title) {
					t.Errorf("%s is changed, and read as %d %.300s", id, got.status, got.body)
				}
			}
		})
	}
	all.Wait()
}
