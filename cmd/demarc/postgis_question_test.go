package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// question asks what an analyst asks: the deadly incidents of a week within 10 km of
// a segment, in text, in JSON and of PostGIS on the same records, for every segment.
func question(t *testing.T, db *postgis, base string, incidents, segments []feature) {
	const inText = `dwithin(geometry, feature('segments','%s'), 10000) AND T_INTERSECTS(INTERVAL(start,end), INTERVAL('2022-09-14','2022-09-17')) AND killed_high > 0`
	const inJSON = `{"op":"and","args":[
		{"op":"dwithin","args":[{"property":"geometry"},{"op":"feature","args":["segments","%s"]},10000]},
		{"op":"t_intersects","args":[{"interval":[{"property":"start"},{"property":"end"}]},{"interval":["2022-09-14","2022-09-17"]}]},
		{"op":">","args":[{"property":"killed_high"},0]}]}`
	var rows [][]string
	for _, f := range incidents {
		var killed *int
		if err := json.Unmarshal(f.Properties["killed_high"], &killed); err != nil {
			t.Fatalf("killed_high of %s: %v", f.ID, err)
		}
		row := []string{f.ID, textOf(f, "start"), textOf(f, "end"), ""}
		if killed != nil {
			row[3] = fmt.Sprint(*killed)
		}
		rows = append(rows, row)
	}
	db.run(t, `CREATE TABLE incident (id text, first text, last text, killed_high text);`)
	db.load(t, "incident", rows)
	want := map[string][]string{}
	for _, row := range db.query(t, `SELECT s.id, i.id FROM feature s JOIN feature i ON s.collection = 'segments' AND i.collection = 'incidents'
		JOIN incident r ON r.id = i.id
		WHERE ST_DWithin(i.geom::geography, s.geom::geography, 10000)
		AND nullif(r.first, '')::date <= '2022-09-17' AND nullif(r.last, '')::date >= '2022-09-14' AND nullif(r.killed_high, '')::int > 0`) {
		want[row[0]] = append(want[row[0]], row[1])
	}
	found := 0
	for _, s := range segments {
		var answers [2][]string
		for i, filter := range []string{fmt.Sprintf(inText, s.ID), fmt.Sprintf(inJSON, s.ID)} {
			q := url.Values{"filter": {filter}, "filter-lang": {[]string{"cql2-text", "cql2-json"}[i]}}
			got, _ := fetchItems(t, base, "incidents", q.Encode())
			answers[i] = sortedIDs(got, nil)
		}
		slices.Sort(want[s.ID])
		if !slices.Equal(answers[0], want[s.ID]) || !slices.Equal(answers[0], answers[1]) {
			t.Errorf("segment %s: in text %v, in JSON %v, PostGIS %v", s.ID, answers[0], answers[1], want[s.ID])
		}
		found += len(answers[0])
	}
	t.Logf("%s: %d segments, %d incidents, text = JSON = PostGIS", strings.ReplaceAll(inText, "'%s'", "ID"), len(segments), found)
	if found == 0 {
		t.Error("no incident was found: nothing was compared")
	}
}
