package importer

import (
	"errors"
	"slices"
	"strings"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/format/strictjson"
)

// Mapping says what the columns of a table, or the properties of features, mean.
// docs/import.md has its form, with an example.
type Mapping struct {
	Dataset Dataset `json:"dataset"`
	// Guarded says that an apostrophe before = + - @ guards text from spreadsheets,
	// as in our own CSV, and is taken away.
	Guarded  bool   `json:"guarded"`
	Theatre  Field  `json:"theatre"`
	ID       Field  `json:"id"` // without it a feature's own id
	Type     Field  `json:"type"`
	Start    Field  `json:"start"`
	End      Field  `json:"end"`
	DateForm string `json:"date_form"` // such as DD/MM/YY; YYYY-MM-DD and shorter without it
	Place    Field  `json:"place"`
	Country  Field  `json:"country"`
	Admin1   Field  `json:"admin1"`
	Admin2   Field  `json:"admin2"`
	Lon      Field  `json:"lon"` // without both, the feature's point
	Lat      Field  `json:"lat"`
	// Precision and UncertaintyKM say how well the place is known.
	Precision     Field        `json:"precision"`
	UncertaintyKM Field        `json:"uncertainty_km"`
	Occurrence    Field        `json:"occurrence"`
	Text          Field        `json:"text"` // what the dataset says, in its words
	Source        Field        `json:"source"`
	SourceURL     Field        `json:"source_url"`
	Parties       []PartyField `json:"parties"`
	Claims        []ClaimField `json:"claims"`
}

// Dataset is the publication that the file is. Its name makes its claims.
type Dataset struct {
	ID           string    `json:"id"`
	Publisher    string    `json:"publisher"`
	Title        string    `json:"title"`
	Date         data.Date `json:"date"`
	URL          string    `json:"url"`
	Lang         string    `json:"lang"`
	Licence      string    `json:"licence"`
	Claimant     string    `json:"claimant"`      // the publisher without it
	ClaimantType string    `json:"claimant_type"` // dataset without it
}

// Field is where a value comes from: a column's name, or an object with a column,
// what its words mean, and what is taken where it is empty.
type Field struct {
	Column string            `json:"column"`
	Words  map[string]string `json:"words"`
	Value  string            `json:"value"`
}

// UnmarshalJSON reads both forms.
func (f *Field) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return strictjson.Unmarshal(b, &f.Column)
	}
	type object Field
	return strictjson.Unmarshal(b, (*object)(f))
}

func (f *Field) given() bool { return f.Column != "" || f.Value != "" }

// PartyField is a party that a column names.
type PartyField struct {
	Name Field  `json:"name"`
	Kind Field  `json:"kind"`
	Role string `json:"role"`
}

// ClaimField is a figure that a column holds. Low and High are its bounds, where
// there are columns of them.
type ClaimField struct {
	Metric   string `json:"metric"`
	Value    Field  `json:"value"`
	Low      Field  `json:"low"`
	High     Field  `json:"high"`
	Of       *int   `json:"of"` // number in parties, from 0: whose people; all without it
	Status   string `json:"status"`
	Coverage string `json:"coverage"`
}

// ReadMapping reads a mapping. The error is a *geo.InputError with every fault as
// file:line:column.
func ReadMapping(file string, text []byte) (*Mapping, error) {
	m := &Mapping{}
	s := &sink{o: Options{File: file, MaxFaults: 100}}
	err := strictjson.Unmarshal(text, m)
	var fault *strictjson.Error
	if errors.As(err, &fault) {
		line, _ := strictjson.LineColumn(text, fault.Offset)
		s.fault(line, strings.TrimPrefix(fault.Pointer, "/"), fault.Found, fault.Problem, "docs/import.md has the form of a mapping")
		return nil, s.faults.Err()
	}
	at := func(pointer, found, problem, mend string) {
		line, _ := strictjson.Place(text, pointer)
		s.fault(line, strings.TrimPrefix(pointer, "/"), found, problem, mend)
	}
	m.checkForm(at)
	if err := s.faults.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

// checkForm checks what can be checked without the file.
func (m *Mapping) checkForm(at func(pointer, found, problem, mend string)) {
	if slug(m.Dataset.ID) != m.Dataset.ID || m.Dataset.ID == "" {
		at("/dataset/id", m.Dataset.ID, "is not an id", "use lower-case letters, digits and single hyphens: it begins the ids of the records")
	}
	if m.Dataset.Publisher == "" {
		at("/dataset/publisher", "", "is missing", "say who publishes the dataset: its figures become claims of this name")
	}
	for pointer, f := range map[string]*Field{"/type": &m.Type, "/start": &m.Start, "/place": &m.Place} {
		if !f.given() {
			at(pointer, "", "is missing", `name the column, or write {"value": "..."} for all rows`)
		}
	}
	if (m.Lon.given()) != (m.Lat.given()) {
		at("/lon", "", "and lat do not stand together", "name the columns of both, or of neither")
	}
	if _, err := layoutOf(m.DateForm); err != nil {
		at("/date_form", m.DateForm, err.Error(), "write it of YYYY or YY, MM or MMM, DD, such as DD/MM/YYYY")
	}
	for i, c := range m.Claims {
		pointer := "/claims/" + string(rune('0'+i%10))
		if c.Of != nil && (*c.Of < 0 || *c.Of >= len(m.Parties)) {
			at(pointer, "", "is of a party that the mapping does not have", "count the parties from 0")
		}
		if !slices.ContainsFunc(data.Metrics(), func(t geo.Term) bool { return t.ID == c.Metric }) {
			at(pointer, c.Metric, "is not a metric", "docs/data-dictionary.md lists them, such as killed")
		}
	}
}

// fields returns every field that a mapping names.
func (m *Mapping) fields() []*Field {
	all := []*Field{&m.Theatre, &m.ID, &m.Type, &m.Start, &m.End, &m.Place, &m.Country, &m.Admin1, &m.Admin2, &m.Lon, &m.Lat,
		&m.Precision, &m.UncertaintyKM, &m.Occurrence, &m.Text, &m.Source, &m.SourceURL}
	for i := range m.Parties {
		all = append(all, &m.Parties[i].Name, &m.Parties[i].Kind)
	}
	for i := range m.Claims {
		all = append(all, &m.Claims[i].Value, &m.Claims[i].Low, &m.Claims[i].High)
	}
	return all
}

// check notes the columns that the mapping names and the file does not have, and
// what the file lacks otherwise; features bring an id and a point of their own.
func (m *Mapping) check(s *sink, columns []string, features bool) bool {
	before := len(s.faults) + s.untold
	for _, f := range m.fields() {
		if f.Column != "" && !slices.Contains(columns, f.Column) {
			s.fault(1, "", f.Column, "is a column of the mapping that the file does not have", "the file has "+strings.Join(columns, ", "))
		}
	}
	m.checkOwn(s, features)
	return len(s.faults)+s.untold == before
}

func (m *Mapping) checkOwn(s *sink, features bool) {
	if !features && !m.ID.given() {
		s.fault(0, "", "", "has no id that the mapping names", "map id to the column with the dataset's own id, so that the file can be imported again")
	}
	if !features && !m.Lon.given() {
		s.fault(0, "", "", "has no position that the mapping names", "map lon and lat to columns of degrees")
	}
}

// mapping returns the mapping, or notes that there is none for these columns.
func (s *sink) mapping(columns []string) *Mapping {
	if s.o.Mapping == nil && !s.o.Plain {
		mend := "write one after docs/import.md and name it with --map FILE"
		if len(columns) > 0 {
			mend += "; the columns are " + strings.Join(columns, ", ")
		}
		s.fault(0, "", "", "comes without a mapping, which says what its columns mean", mend)
	}
	return s.o.Mapping
}
