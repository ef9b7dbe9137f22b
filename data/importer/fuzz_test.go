package importer_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"demarc/data/importer"
	"demarc/geo"
)

// fuzz reads anything in a format: no panic, and what is yielded keeps the rules
// and stands on a line of the text.
func fuzz(f *testing.F, format importer.Format, o importer.Options, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := importer.Read(context.Background(), format, strings.NewReader(text), o, func(it importer.Item) error {
			if it.Line < 1 || it.Line > 1+strings.Count(text, "\n") {
				t.Errorf("line %d of %q", it.Line, text)
			}
			if format != importer.Records && len(it.Records.Validate()) > 0 {
				t.Errorf("%q gives records with faults: %v", text, it.Records.Validate())
			}
			return nil
		})
		var input *geo.InputError
		if err != nil && (!errors.As(err, &input) || len(input.Faults) == 0 || len(input.Faults) > 101) {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func FuzzGED(f *testing.F) {
	fuzz(f, importer.GED, importer.Options{File: "f", Theatre: "other", Release: "25.1"}, gedHeader+gedRow, gedHeader, "")
}

func FuzzACLED(f *testing.F) {
	fuzz(f, importer.ACLED, importer.Options{File: "f", Theatre: "other"}, acledHeader+acledRow, acledHeader)
}

func FuzzCSV(f *testing.F) {
	m, err := importer.ReadMapping("m", []byte(mapping))
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, importer.CSV, importer.Options{File: "f", Theatre: "other", Mapping: m}, surveyColumns+"A/1,shots,16/09/22,,X,70.5,39.9,w,O,R,3,2,5,20\n")
}

func FuzzGeoJSON(f *testing.F) {
	m, err := importer.ReadMapping("m", []byte(`{"dataset":{"id":"g","publisher":"G"},"type":{"value":"armed_clash"},"start":"d","place":"p","claims":[{"metric":"killed","value":"n","low":"l","high":"h"}]}`))
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, importer.GeoJSON, importer.Options{File: "f", Theatre: "other", Mapping: m},
		`{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[70.5,39.9]},"properties":{"d":"2022-09","p":"X","n":3,"l":1,"h":9}}`)
}

func FuzzRecords(f *testing.F) {
	fuzz(f, importer.Records, importer.Options{File: "f"},
		`{"type":"Feature","id":"a","geometry":null,"properties":{"id":"a","start":"2022-09-01","date_precision":"month","claims":1,"claims_detail":[],"place_detail":{"id":"p"},"sources_detail":[],"parties_detail":[{"party_id":"X"}]}}`)
}

func FuzzMapping(f *testing.F) {
	f.Add(mapping)
	f.Add(`{"date_form":"D.M.YYYY"}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := importer.ReadMapping("m", []byte(text))
		if (m == nil) == (err == nil) {
			t.Errorf("%q: %v, %v", text, m, err)
		}
	})
}
