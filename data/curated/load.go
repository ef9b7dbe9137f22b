package curated

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/format/geojson"
	"demarc/geo/format/strictjson"
)

// Load reads and checks the records in fsys, which has the form of this
// folder. The error is a *geo.InputError with every fault of every file, its
// place given as file:line:column. Reading the shipped records takes tens of
// milliseconds.
func Load(fsys fs.FS) (*data.Records, error) {
	l := &loader{fsys: fsys, home: map[string]home{}}
	l.records.Geometry = data.Shapes{}
	readList(l, "sources.json", "sources", &l.records.Sources, func(s *data.Source) string { return s.ID })
	readList(l, "parties.json", "parties", &l.records.Parties, func(p *data.Party) string { return p.ID })
	readList(l, "places.json", "places", &l.records.Places, func(p *data.Place) string { return p.ID })
	readList(l, "segments.json", "segments", &l.records.Segments, func(s *data.Segment) string { return s.ID })
	readList(l, "areas.json", "areas", &l.records.Areas, func(a *data.Area) string { return a.ID })
	l.incidents()
	l.shapes()
	if !l.unread { // what was not read would look like a broken reference
		l.validate()
	}
	if err := l.faults.Err(); err != nil {
		return nil, err
	}
	l.records.Sort()
	return &l.records, nil
}

// home is where a record stands: a file, and a JSON Pointer into it.
type home struct{ file, pointer string }

type loader struct {
	fsys    fs.FS
	records data.Records
	home    map[string]home // by list/id
	faults  geo.Faults
	unread  bool // a file could not be read
}

// read decodes a JSON file strictly: unknown and duplicate keys and bad UTF-8
// are faults. It tells whether the file could be read.
func (l *loader) read(file string, into any) bool {
	raw, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.faults.Add(file, "", "cannot be read: "+err.Error(), "a dataset has this file; see README.md")
		l.unread = true
		return false
	}
	if err := strictjson.Unmarshal(raw, into); err != nil {
		l.faults = append(l.faults, syntaxFault(file, raw, err))
		l.unread = true
		return false
	}
	return true
}

func readList[T any](l *loader, file, list string, into *[]T, id func(*T) string) {
	if !l.read(file, into) {
		return
	}
	for i := range *into {
		l.home[list+"/"+id(&(*into)[i])] = home{file, "/" + strconv.Itoa(i)}
	}
}

func (l *loader) incidents() {
	names, err := fs.Glob(l.fsys, "incidents/*.json")
	if err != nil || len(names) == 0 {
		l.faults.Add("incidents", "", "has no incident files", "put one incident a file into incidents/ID.json")
	}
	for _, file := range names {
		var in data.Incident
		if !l.read(file, &in) {
			continue
		}
		if want := in.ID + ".json"; path.Base(file) != want {
			l.fault(home{file, ""}, geo.Fault{Where: "/id", Found: in.ID, Problem: "is not the file's name", Mend: "name the file " + want})
		}
		l.home["incidents/"+in.ID] = home{file, ""}
		l.records.Incidents = append(l.records.Incidents, in)
	}
}

// shapes reads every GeoJSON file that a segment or an area names.
func (l *loader) shapes() {
	var names []string
	for _, s := range l.records.Segments {
		names = append(names, s.GeometryFile)
	}
	for _, a := range l.records.Areas {
		names = append(names, a.GeometryFile)
	}
	slices.Sort(names)
	for _, file := range slices.Compact(names) {
		raw, err := fs.ReadFile(l.fsys, file)
		if err != nil {
			l.faults.Add(file, "", "cannot be read: "+err.Error(), "mend geometry_file, or run `make data`")
			l.unread = true
			continue
		}
		features, err := geojson.DecodeCollection(raw)
		if err != nil {
			l.faults.Add(file, "", err.Error(), "mend the file, or run `make data`")
			l.unread = true
			continue
		}
		for _, f := range features {
			if _, taken := l.records.Geometry[f.ID]; taken {
				l.faults.Add(file, f.ID, "holds a feature whose id another one has", "give every shape an id of its own")
				l.unread = true
			}
			l.records.Geometry[f.ID] = f.Geometry
		}
	}
}

// validate holds the records to the domain's rules and says where in which
// file each breach stands.
func (l *loader) validate() {
	for _, f := range l.records.Validate() {
		l.fault(l.home[f.Record], f.Fault)
	}
}

// fault adds a fault whose Where is a pointer into the record at h.
func (l *loader) fault(h home, f geo.Fault) {
	raw, _ := fs.ReadFile(l.fsys, h.file)
	line, column := strictjson.Place(raw, h.pointer+f.Where)
	f.Problem = strings.TrimPrefix(f.Where, "/") + " " + f.Problem
	f.Where = fmt.Sprintf("%s:%d:%d", h.file, line, column)
	l.faults = append(l.faults, f)
}

// syntaxFault says where and why a file could not be decoded.
func syntaxFault(file string, raw []byte, err error) geo.Fault {
	f := geo.Fault{Problem: err.Error(), Mend: "mend the JSON; README.md has the form"}
	var fault *strictjson.Error
	if errors.As(err, &fault) {
		line, column := strictjson.LineColumn(raw, fault.Offset)
		f.Where, f.Found = fmt.Sprintf("%s:%d:%d", file, line, column), fault.Found
		f.Problem = strings.TrimPrefix(fault.Message(), "/")
	}
	return f
}
