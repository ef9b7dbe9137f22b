package snapshot

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"demarc/data/image"
	"demarc/geo"
)

// errUnimaged says that a part has what images have no form for.
var errUnimaged = errors.New("features with versions, or with other places than positions, have no image")

// partImaged is what an image says of a part beside its arrays.
type partImaged struct {
	Rows       int
	Records    bool // whether there are packed records
	Identified bool
	Columns    []columnImaged
}

// columnImaged is what an image says of a column beside its arrays.
type columnImaged struct {
	Coded, Text bool
	Kind        wordKind
}

// partWriter writes the image of a view, without what is dead in it.
type partWriter struct {
	w    *image.Writer
	v    *view
	name string
	rows []uint32 // those that are written; nil for all
}

func (p *partWriter) len() int {
	if p.rows == nil {
		return int(p.v.n)
	}
	return len(p.rows)
}

// row returns which row of the view stands at row i of the image.
func (p *partWriter) row(i int) uint32 {
	if p.rows == nil {
		return uint32(i)
	}
	return p.rows[i]
}

func (p *partWriter) write() error {
	v := p.v
	if v.next != nil {
		return errUnimaged
	}
	about := partImaged{Rows: p.len(), Records: !v.records.none(), Identified: v.identified}
	errs := []error{p.texts("ids", &v.ids), p.texts("keys", &v.keys)}
	if about.Records {
		errs = append(errs, p.texts("records", &v.records))
	}
	errs = append(errs,
		image.Numbers(p.w, p.name+"from", p.len(), func(i int) int64 { return v.times.from[p.row(i)] }),
		image.Numbers(p.w, p.name+"to", p.len(), func(i int) int64 { return v.times.to[p.row(i)] }),
		p.sites())
	for i := range v.schema.Fields {
		c := v.column(i)
		about.Columns = append(about.Columns, columnImaged{Coded: c.coded, Text: !c.coded && c.words == nil, Kind: c.kind})
		errs = append(errs, p.column(fmt.Sprintf("column %d ", i), c))
	}
	b, err := json.Marshal(about)
	if err = errors.Join(append(errs, err)...); err != nil {
		return err
	}
	return p.w.Bytes(p.name+"part", b)
}

func (p *partWriter) texts(name string, t *texts) error {
	return p.w.Texts(p.name+name, p.len(), blockRows, func(i int) string { return t.at(p.row(i)) })
}

// codes writes codes below count, of which those that no row has are left out: it
// returns those that are kept, in their order. The greatest stays what it is, the one
// behind them.
func (p *partWriter) codes(name string, c *codes, count uint32) (kept []uint32, err error) {
	used := make([]uint32, count+1)
	for i := range p.len() {
		used[c.at(p.row(i))] = 1
	}
	for code := range count {
		if used[code] == 1 {
			used[code] = uint32(len(kept))
			kept = append(kept, code)
		}
	}
	used[count] = uint32(len(kept))
	switch n := p.len(); widthOf(used[count]) {
	case 1:
		err = image.Numbers(p.w, p.name+name, n, func(i int) uint8 { return uint8(used[c.at(p.row(i))]) })
	case 2:
		err = image.Numbers(p.w, p.name+name, n, func(i int) uint16 { return uint16(used[c.at(p.row(i))]) })
	default:
		err = image.Numbers(p.w, p.name+name, n, func(i int) uint32 { return used[c.at(p.row(i))] })
	}
	return kept, err
}

// widthOf returns how many bytes codes take of which none is greater than most.
func widthOf(most uint32) int {
	switch {
	case most < 1<<8:
		return 1
	case most < 1<<16:
		return 2
	}
	return 4
}

func (p *partWriter) column(name string, c *column) error {
	if c.coded {
		kept, err := p.codes(name+"codes", &c.codes, c.nullCode())
		if err != nil {
			return err
		}
		var b []byte
		return p.w.Texts(p.name+name+"values", len(kept), blockRows, func(i int) string {
			b = appendImaged(b[:0], c.dict[kept[i]])
			return string(b)
		})
	}
	null := func(i int) bool { row := p.row(i); return c.null[row/64]>>(row%64)&1 == 1 }
	err := image.Numbers(p.w, p.name+name+"null", (p.len()+63)/64, func(at int) (word uint64) {
		for i := 64 * at; i < min(64*(at+1), p.len()); i++ {
			if null(i) {
				word |= 1 << (i % 64)
			}
		}
		return word
	})
	if c.words != nil {
		return errors.Join(err, image.Numbers(p.w, p.name+name+"words", p.len(), func(i int) uint64 { return c.words[p.row(i)] }))
	}
	return errors.Join(err, p.texts(name+"text", &c.text))
}

func (p *partWriter) sites() error {
	s := &p.v.sites
	kept, err := p.codes("sites", &s.codes, s.none())
	if err != nil {
		return err
	}
	for _, site := range kept {
		if _, ok := s.shapes[site].(orb.Point); !ok {
			return errUnimaged
		}
	}
	at := func(axis int) func(i int) uint64 {
		return func(i int) uint64 { return math.Float64bits(s.shapes[kept[i]].(orb.Point)[axis]) }
	}
	return errors.Join(image.Numbers(p.w, p.name+"lon", len(kept), at(0)), image.Numbers(p.w, p.name+"lat", len(kept), at(1)))
}

// partReader reads the image of a part.
type partReader struct {
	r    *image.Reader
	name string
	p    *part
}

// readPart reads a part.
func readPart(r *image.Reader, name string, schema *geo.Schema) (*part, error) {
	var about partImaged
	b, err := r.Bytes(name + "part")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &about); err != nil || len(about.Columns) != len(schema.Fields) {
		return nil, fmt.Errorf("%w: its collections have other fields (%w)", image.ErrDamaged, err)
	}
	x := &partReader{r, name, &part{schema: schema, n: uint32(about.Rows), identified: about.Identified, orders: &orders{},
		columns: make([]column, len(schema.Fields))}}
	jobs := []func() error{
		func() error {
			err := x.texts("ids", &x.p.ids)
			if err == nil {
				x.p.linkIDs()
			}
			return err
		},
		x.sites,
		x.times,
		func() error { return x.texts("keys", &x.p.keys) },
	}
	if about.Records {
		jobs = append(jobs, func() error { return x.texts("records", &x.p.records) })
	}
	for i := range x.p.columns {
		jobs = append(jobs, func() error {
			return x.column(&x.p.columns[i], about.Columns[i], &schema.Fields[i], fmt.Sprintf("column %d ", i))
		})
	}
	errs := make([]error, len(jobs))
	everyone().do(len(jobs), func(i int) { errs[i] = jobs[i]() })
	return x.p, errors.Join(errs...)
}

func (x *partReader) texts(name string, to *texts) error {
	n := x.r.Len(x.name + name)
	if n != int(x.p.n) {
		return fmt.Errorf("%w: %s%s has %d rows, not %d", image.ErrDamaged, x.name, name, n, x.p.n)
	}
	to.blocks = make([]textBlock, (n+blockRows-1)/blockRows)
	return x.r.Pieces(x.name+name, blockRows, func(i int, all string, ends []uint32) { to.blocks[i] = textBlock{all, ends} })
}

func (x *partReader) times() (err error) {
	t := &x.p.times
	if t.from, err = image.Array[int64](x.r, x.name+"from"); err != nil {
		return err
	}
	if t.to, err = image.Array[int64](x.r, x.name+"to"); err != nil {
		return err
	}
	t.measure()
	return nil
}

// codes reads codes, of which none is greater than most.
func (x *partReader) codes(name string, most uint32) (c codes, err error) {
	switch widthOf(most) {
	case 1:
		c.b8, err = image.Array[uint8](x.r, x.name+name)
	case 2:
		c.b16, err = image.Array[uint16](x.r, x.name+name)
	default:
		c.b32, err = image.Array[uint32](x.r, x.name+name)
	}
	if err == nil && c.len() != int(x.p.n) {
		err = fmt.Errorf("%w: %s%s has %d rows, not %d", image.ErrDamaged, x.name, name, c.len(), x.p.n)
	}
	return c, err
}

func (x *partReader) column(c *column, about columnImaged, f *geo.Field, name string) (err error) {
	*c = column{field: f, rows: int(x.p.n), coded: about.Coded, kind: about.Kind, lazy: &lazyColumn{}}
	if c.coded {
		values, err := x.r.Strings(x.name+name+"values", blockRows)
		if err != nil {
			return err
		}
		c.dict = make([]geo.Value, len(values))
		for i, v := range values {
			c.dict[i] = readImaged(v)
		}
		c.rankDict()
		c.writeAhead()
		c.codes, err = x.codes(name+"codes", c.nullCode())
		return err
	}
	c.name = nameOf(f)
	if c.null, err = image.Array[uint64](x.r, x.name+name+"null"); err != nil {
		return err
	}
	if about.Text {
		return x.texts(name+"text", &c.text)
	}
	c.words, err = image.Array[uint64](x.r, x.name+name+"words")
	return err
}

func (x *partReader) sites() error {
	lon, err := image.Array[uint64](x.r, x.name+"lon")
	if err != nil {
		return err
	}
	lat, err := image.Array[uint64](x.r, x.name+"lat")
	if err != nil {
		return err
	}
	s := &x.p.sites
	s.shapes = make([]orb.Geometry, len(lon))
	const run = 1 << 14
	everyone().do((len(lon)+run-1)/run, func(at int) {
		for i := at * run; i < min((at+1)*run, len(lon)); i++ {
			s.shapes[i] = orb.Point{math.Float64frombits(lon[i]), math.Float64frombits(lat[i])}
		}
	})
	if s.codes, err = x.codes("sites", s.none()); err != nil {
		return err
	}
	s.rows = s.codes.invert(len(s.shapes) + 1)
	s.measure(everyone())
	if s.areWrittenAhead() {
		s.writeAhead()
	}
	return nil
}

// appendImaged appends a value: a letter for what it is, and what it says.
func appendImaged(b []byte, v geo.Value) []byte {
	if s, ok := v.Str(); ok {
		return append(append(b, 's'), s...)
	}
	if list, ok := v.List(); ok {
		b = append(b, 'l')
		for _, s := range list {
			b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
		}
		return b
	}
	bits, kind := wordOf(v)
	return binary.LittleEndian.AppendUint64(append(b, '0'+byte(kind)), bits)
}

// readImaged returns the value.
func readImaged(s string) geo.Value {
	switch s[0] {
	case 's':
		return geo.StringValue(s[1:])
	case 'l':
		var list []string
		for b := []byte(s[1:]); len(b) > 0; {
			n, size := binary.Uvarint(b)
			list = append(list, string(b[size:size+int(n)]))
			b = b[size+int(n):]
		}
		return geo.ListValue(list)
	}
	return wordKind(s[0] - '0').value(binary.LittleEndian.Uint64([]byte(s[1:])))
}
