package layer

import (
	"fmt"
	"strconv"
	"time"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/flatgeobuf"
)

// ReadFlatGeobuf makes a layer of a FlatGeobuf file. A feature's id is its value
// in the column "id", where all have one of their own there; else its number in
// the file, from 1 on. Coordinates are transformed to CRS84 from those that
// geo/crs knows; columns of bytes are left out. The error, a *geo.InputError,
// names every fault as file:feature. All of the file is in memory.
func ReadFlatGeobuf(name, file string, content []byte) (*data.Layer, error) {
	r := &flatGeobufReader{b: NewBuilder(name, file)}
	f, err := flatgeobuf.Open(content)
	if err != nil {
		r.b.Fault("", "", err.Error(), mendFlatGeobuf)
		return r.b.Build()
	}
	r.describe(f)
	err = f.Each(func(number, _ int, ft geo.Feature, err error) {
		place := "feature " + strconv.Itoa(number)
		if err != nil {
			r.b.Fault(place, "", err.Error(), mendFlatGeobuf)
			return
		}
		r.places, r.rows = append(r.places, place), append(r.rows, ft)
	})
	if err != nil {
		r.b.Fault("", "", err.Error(), mendFlatGeobuf)
	}
	r.add(f.Columns)
	return r.b.Build()
}

const mendFlatGeobuf = "write the file again, as ogr2ogr new.fgb old.fgb does of one that GDAL reads"

// flatGeobufReader reads one file; what its columns of times and of JSON are is
// known when all features are seen.
type flatGeobufReader struct {
	b      *Builder
	places []string
	rows   []geo.Feature
}

// describe takes over what the file says of itself.
func (r *flatGeobufReader) describe(f *flatgeobuf.File) {
	l := &r.b.Layer
	l.Title, l.Description = f.Title, f.Description
	if l.Title == "" {
		l.Title = f.Name
	}
	if f.UnknownCRS != "" {
		r.b.Fault("", f.UnknownCRS, "is in a coordinate reference system that is not known here",
			"convert it with ogr2ogr -t_srs EPSG:4326, or use one of "+fmt.Sprint(crs.All()))
	}
}

// add adds the columns that become fields, and then the features.
func (r *flatGeobufReader) add(columns []flatgeobuf.Column) {
	ids := r.ids(columns)
	var kept []int
	for i := range columns {
		c := &columns[i]
		if c.Binary {
			continue
		}
		t := c.Type
		switch t {
		case geo.DateTime:
			t = r.settle(i)
		case geo.StringList:
			t = geo.String // as it is written
		}
		r.b.AddField(c.Name, c.Title, t)
		r.b.Layer.Schema.Fields[len(kept)].Doc = c.Description
		kept = append(kept, i)
	}
	for i := range r.rows {
		row := &r.rows[i]
		values := make([]geo.Value, len(kept))
		for to, from := range kept {
			values[to] = row.Values[from]
		}
		r.b.Add(r.places[i], geo.Feature{ID: ids[i], Geometry: row.Geometry, Values: values})
	}
	for to, from := range kept {
		if columns[from].Type == geo.StringList {
			r.b.AsLists(to)
		}
	}
}

// ids returns the features' ids.
func (r *flatGeobufReader) ids(columns []flatgeobuf.Column) []string {
	ids := make([]string, len(r.rows))
	for i := range columns {
		if columns[i].Name != "id" || columns[i].Type != geo.String && columns[i].Type != geo.Integer {
			continue
		}
		taken := map[string]bool{"": true}
		for j := range r.rows {
			ids[j] = r.rows[j].Values[i].Text()
			taken[ids[j]] = true
		}
		if len(taken) == len(ids)+1 {
			return ids
		}
	}
	for i := range ids {
		ids[i] = strconv.Itoa(i + 1)
	}
	return ids
}

// settle returns the type that all values of a column of times have, and makes
// them so. FlatGeobuf has one type for days and instants; what is neither stays
// the text that it is.
func (r *flatGeobufReader) settle(i int) geo.Type {
	var seen column
	for _, row := range r.rows {
		if text, ok := row.Values[i].Str(); ok {
			seen.kinds[typeOfText(timeText(text))] = true
		}
	}
	t := seen.typ()
	switch {
	case seen.kinds == column{}.kinds:
		return geo.DateTime // null everywhere
	case t != geo.Date && t != geo.DateTime:
		return geo.String
	}
	for _, row := range r.rows {
		if text, ok := row.Values[i].Str(); ok {
			row.Values[i], _ = valueAs(timeText(text), t) // as it was seen
		}
	}
	return t
}

// timeText returns a text as JSON. Instants without a zone are in UTC, and parts
// of a second are dropped, as in GeoPackages.
func timeText(text string) []byte {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return geo.DateTimeValue(at).AppendJSON(nil)
		}
	}
	return geo.AppendJSONString(nil, text)
}
