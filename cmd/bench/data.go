package main

import (
	"bufio"
	"math"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"demarc/data/curated"
	"demarc/data/synth"
	"demarc/geo"
	"demarc/geo/index"
)

// incident is what the questions need to know of one.
type incident struct {
	id, kind    string
	first, last time.Time
	position    orb.Point
	located     bool
}

// dataset is the incidents, and the file that holds them as GeoJSON, one a line.
type dataset struct {
	file      string
	incidents []incident
	index     *index.Index
	lines     []orb.LineString
	linesFile string
	rnd       *rand.Rand
}

// questions is how many different ones each work has, asked in turn.
const questions = 300

func makeData(dir string, count int, seed uint64) (*dataset, error) {
	records, err := curated.Load(curated.Files())
	if err != nil {
		return nil, err
	}
	d := &dataset{
		file: filepath.Join(dir, "incidents.geojsonl"), linesFile: filepath.Join(dir, "lines.geojsonl"),
		rnd: rand.New(rand.NewPCG(seed, 0xbe7c)), incidents: make([]incident, count),
	}
	file, err := os.Create(d.file)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	source, edit := synth.New(records, seed), index.New().Edit()
	var line []byte
	for i := range d.incidents {
		in := source.Next()
		p, located := in.Position()
		d.incidents[i] = incident{in.ID(), in.Type, in.First, in.Last, p, located}
		if located {
			edit.Insert(uint32(i), geo.BBox{West: p[0], South: p[1], East: p[0], North: p[1]})
		}
		line = append(in.AppendGeoJSON(line[:0]), '\n')
		if _, err := w.Write(line); err != nil {
			return nil, err
		}
	}
	d.index = edit.Index()
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return d, d.makeLines()
}

// makeLines draws lines of 20 to 60 vertices through the incidents, which stand
// for stretches of a border.
func (d *dataset) makeLines() error {
	var b strings.Builder
	for i := range 100 {
		p := d.some().position
		angle, line := d.rnd.Float64()*2*math.Pi, orb.LineString{p}
		for range 20 + d.rnd.IntN(40) {
			angle += d.rnd.NormFloat64() * 0.4
			p = orb.Point{p[0] + 0.003*math.Cos(angle), p[1] + 0.003*math.Sin(angle)}
			line = append(line, p)
		}
		d.lines = append(d.lines, line)
		b.WriteString(`{"type":"Feature","id":"` + strconv.Itoa(i) + `","geometry":{"type":"LineString","coordinates":[`)
		for j, p := range line {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString("[" + number(p[0]) + "," + number(p[1]) + "]")
		}
		b.WriteString(`]},"properties":{"name":"line ` + strconv.Itoa(i) + "\"}}\n")
	}
	return os.WriteFile(d.linesFile, []byte(b.String()), 0o600)
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// some returns one of the located incidents.
func (d *dataset) some() *incident {
	for {
		if in := &d.incidents[d.rnd.IntN(len(d.incidents))]; in.located {
			return in
		}
	}
}

// boxWith returns a box around an incident that holds about low to high others.
func (d *dataset) boxWith(low, high int) geo.BBox {
	for {
		p, half := d.some().position, 0.3*math.Sqrt(d.rnd.Float64())
		for range 30 {
			b := geo.BBox{West: p[0] - half, South: p[1] - half, East: p[0] + half, North: p[1] + half}
			n := 0
			d.index.Search(b, func(uint32) bool { n++; return n <= high })
			switch {
			case n > high:
				half *= 0.7
			case n < low:
				half *= 1.25
			default:
				return b
			}
		}
	}
}

// star returns a polygon of 200 vertices whose box is b.
func (d *dataset) star(b geo.BBox) orb.Polygon {
	centre := orb.Point{(b.West + b.East) / 2, (b.South + b.North) / 2}
	var ring orb.Ring
	for i := range 200 {
		angle, r := float64(i)/200*2*math.Pi, 0.5*(0.75+0.25*math.Sin(float64(i)))
		ring = append(ring, orb.Point{centre[0] + r*(b.East-b.West)*math.Cos(angle), centre[1] + r*(b.North-b.South)*math.Sin(angle)})
	}
	return orb.Polygon{append(ring, ring[0])}
}

// question is one request, in each of the languages.
type question struct {
	values map[string]string // for templates
	sql    []any             // the arguments of the work's statement
}

// work is a kind of question.
type work struct {
	name, doc string
	path      string // template for demarc
	sql       string // for PostGIS
	questions []question
}

// works returns the kinds of questions that the name selects.
func (d *dataset) works(name *regexp.Regexp) []*work {
	const row = `json_build_object('type','Feature','id',id,'geometry',st_asgeojson(geom)::json,'properties',props)::text`
	page := func(from string) string {
		return "select coalesce(string_agg(" + row + ", ','), '') from (select * from incidents where " + from + ") t"
	}
	const items = "/collections/incidents1m/items"
	const alongLine = "st_dwithin(geom::geography, (select l.geom::geography from lines l where l.id = $1), 2000)"
	const inBox = "geom && st_makeenvelope($1,$2,$3,$4,4326)"
	all := []*work{
		{name: "box", doc: "a box of 100 to 1000 incidents, the first 100", path: items + "?bbox={minx},{miny},{maxx},{maxy}&limit=100", sql: page(inBox + " limit 100")},
		{name: "filter", doc: "a box of 1000 to 10,000, a year and a type, the first 100",
			path: items + "?bbox={minx},{miny},{maxx},{maxy}&datetime={from}/{to}&type={type}&limit=100",
			sql:  page(inBox + ` and "end" >= $5 and start <= $6 and type = $7 limit 100`)},
		{name: "id", doc: "one by its id", path: items + "/{id}", sql: page("id = $1")},
		{name: "nearest", doc: "the 10 nearest, on the ellipsoid", path: items + "?near={lon},{lat}&limit=10",
			sql: page("geom is not null order by geom::geography <-> st_setsrid(st_makepoint($1,$2),4326)::geography limit 10")},
		{name: "along", doc: "within 2 km of a line of 20 to 60 vertices, the first 100", path: items + "?filter=dwithin(geometry,feature(%27lines%27,%27{line}%27),2000)&limit=100",
			sql: page(alongLine + " limit 100")},
		{name: "closest", doc: "the same, the nearest 100, nearest first", path: items + "?near=lines/{line}&within=2km&limit=100",
			sql: page(alongLine + " order by geom::geography <-> (select l.geom::geography from lines l where l.id = $1) limit 100")},
		{name: "polygon", doc: "in a polygon of 200 vertices with about 100 to 1000 incidents", path: items + "?filter=S_INTERSECTS(geometry,{wkt})&limit=1000",
			sql: page("st_intersects(geom, st_geomfromtext($1,4326)) limit 1000")},
	}
	const tiles = "/collections/incidents1m/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt"
	mvt := func(and string) string {
		return `select st_asmvt(m,'incidents',4096,'geom') from (select st_asmvtgeom(st_transform(geom,3857), st_tileenvelope($1::int,$2::int,$3::int)) as geom,
			id, type, start::text as start, killed_high from incidents where geom && st_transform(st_tileenvelope($1::int,$2::int,$3::int),4326)` + and + `) m`
	}
	for _, z := range []int{6, 10, 12} {
		all = append(all,
			&work{name: "tile" + strconv.Itoa(z), doc: "a vector tile of level " + strconv.Itoa(z), path: tiles, sql: mvt("")},
			&work{name: "cold" + strconv.Itoa(z), doc: "a vector tile of level " + strconv.Itoa(z) + " up to a day that nobody has asked for, after all incidents",
				path: tiles + "&datetime=../" + turn, sql: mvt(" and start <= date '2100-01-01'")})
	}
	var chosen []*work
	for _, w := range all {
		if !name.MatchString(w.name) {
			continue
		}
		for range questions {
			w.questions = append(w.questions, d.ask(w.name))
		}
		chosen = append(chosen, w)
	}
	return chosen
}

// ask makes up one question of the named work.
func (d *dataset) ask(name string) question {
	box := func(b geo.BBox) question {
		return question{map[string]string{"minx": number(b.West), "miny": number(b.South), "maxx": number(b.East), "maxy": number(b.North)},
			[]any{b.West, b.South, b.East, b.North}}
	}
	switch name {
	case "box":
		return box(d.boxWith(100, 1000))
	case "filter":
		q, in := box(d.boxWith(1000, 10_000)), d.some()
		from := in.first.AddDate(0, -6, 0)
		to := from.AddDate(1, 0, 0)
		q.values["from"], q.values["to"], q.values["type"] = from.Format(time.DateOnly), to.Format(time.DateOnly), in.kind
		q.sql = append(q.sql, from, to, in.kind)
		return q
	case "id":
		in := &d.incidents[d.rnd.IntN(len(d.incidents))]
		return question{map[string]string{"id": in.id}, []any{in.id}}
	case "nearest":
		p := d.some().position
		lon, lat := p[0]+d.rnd.NormFloat64()*0.05, p[1]+d.rnd.NormFloat64()*0.05
		return question{map[string]string{"lon": number(lon), "lat": number(lat)}, []any{lon, lat}}
	case "along", "closest":
		line := strconv.Itoa(d.rnd.IntN(len(d.lines)))
		return question{map[string]string{"line": line}, []any{line}}
	case "polygon":
		text := wkt.MarshalString(d.star(d.boxWith(150, 1300)))
		return question{map[string]string{"wkt": url.QueryEscape(text)}, []any{text}}
	}
	z, _ := strconv.Atoi(strings.TrimLeft(name, "tilecod"))
	p, n := d.some().position, math.Exp2(float64(z))
	x := int((p[0] + 180) / 360 * n)
	lat := p[1] * math.Pi / 180
	y := int((1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * n)
	return question{map[string]string{"z": strconv.Itoa(z), "x": strconv.Itoa(x), "y": strconv.Itoa(y)}, []any{z, x, y}}
}

// fill puts the question's values into a template.
func (q *question) fill(template string) string {
	for name, value := range q.values {
		template = strings.ReplaceAll(template, "{"+name+"}", value)
	}
	return template
}
