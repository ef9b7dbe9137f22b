package tile

import (
	"demarc/geo"
	"demarc/geo/format/mvt"
)

// reading is what the single features of a drawing have of one tag.
type reading struct {
	codes     []uint32    // by feature
	values    []geo.Value // by feature, where the field has too many codes for known
	known     []written   // by code
	name, day key
}

// written is how a value is written in a layer, if the stamp is the drawing's.
type written struct {
	stamp     uint32
	null      bool
	text, day mvt.Value
}

// key is the key of an attribute in a layer, once it has one.
type key struct {
	mvt.Key
	known bool
}

func (b *brush) keyOf(k *key, name string) mvt.Key {
	if !k.known {
		*k = key{b.layer.Key(name), true}
	}
	return k.Key
}

// mostKnown is up to how many codes of a field a brush has a table for.
const mostKnown = 1 << 14

// tells tells whether a tag is written at the drawing's level.
func (d *drawing) tells(t *tag) bool {
	return !(d.level > whole && t.isText || d.level == bare && t.name != "id")
}

// read reads what the features in the brush's slots have of every tag.
func (d *drawing) read() {
	b := d.brush
	if len(b.readings) < len(d.tags) {
		b.readings = append(b.readings, make([]reading, len(d.tags)-len(b.readings))...)
	}
	b.ids, b.codes, b.values = d.col.AppendIDs(b.ids[:0], b.slots), b.codes[:0], b.values[:0]
	b.near += touch(b.ids)
	for i := range d.tags {
		t, r := &d.tags[i], &b.readings[i]
		if r.codes, r.values = nil, nil; !d.tells(t) {
			continue
		}
		if t.codes > mostKnown {
			from := len(b.values)
			if t.isID {
				for _, id := range b.ids {
					b.values = append(b.values, geo.StringValue(id))
				}
			} else {
				b.values = d.col.AppendValues(b.values, t.field, b.slots)
				b.near += touchAll(b.values[from:])
			}
			r.values = b.values[from:]
			continue
		}
		if len(r.known) < t.codes {
			r.known = make([]written, t.codes)
		}
		from := len(b.codes)
		b.codes = d.col.AppendCodes(b.codes, t.field, b.slots)
		r.codes = b.codes[from:]
	}
}

// touch looks at every text, so that the processor waits for many of them at once and
// not for each when it is written. It returns a number that means nothing.
func touch(texts []string) (sum int) {
	for _, text := range texts {
		if text != "" {
			sum += int(text[0])
		}
	}
	return sum
}

// touchAll is touch for those of the values that are texts.
func touchAll(values []geo.Value) (sum int) {
	for i := range values {
		if text, ok := values[i].Str(); ok && text != "" {
			sum += int(text[0])
		}
	}
	return sum
}

// tagSingle writes the attributes of the i-th of the features that were read.
func (d *drawing) tagSingle(i int) {
	for at := range d.tags {
		t, r := &d.tags[at], &d.readings[at]
		var w *written
		switch {
		case r.codes != nil:
			if w = &r.known[r.codes[i]]; w.stamp != d.stamp {
				*w = d.written(t, d.col.Decode(t.field, r.codes[i]))
			}
		case r.values != nil:
			one := d.written(t, r.values[i])
			w = &one
		default:
			continue
		}
		if w.null {
			continue
		}
		if !(d.level > whole && t.isOfText) {
			d.layer.TagWith(d.keyOf(&r.name, t.name), w.text)
		}
		if t.day != "" {
			d.layer.TagWith(d.keyOf(&r.day, t.day), w.day)
		}
	}
}

// written returns how a value of a tag is written.
func (d *drawing) written(t *tag, v geo.Value) written {
	w := written{stamp: d.stamp, null: v.IsNull()}
	if w.null {
		return w
	}
	if !(d.level > whole && t.isOfText) {
		w.text = d.layer.Value(v)
	}
	if t.day != "" {
		w.day = d.layer.Int(int64(dayOf(v)))
	}
	return w
}

// mergedKeys are the keys of merged features.
type mergedKeys struct {
	count   key
	dates   [2][2]key // start and end, as text and as number
	figures [maxFigures][2]key
	words   [maxWords]key
}

// tagMerged writes the attributes of merged features: how many they are, the range
// of their days, of each figure the lowest low and the highest high, the worst of
// each grade, and of which kind they are where all are of one.
func (d *drawing) tagMerged(c *cell) {
	l, keys, fields := d.layer, &d.merged, d.col.Schema.Fields
	l.TagWith(d.keyOf(&keys.count, "count"), l.Int(int64(c.count)))
	if d.roles.dated() {
		for i, names := range [2][2]string{{"start", "start_day"}, {"end", "end_day"}} {
			if day := c.days[i]; day != noDay {
				l.TagWith(d.keyOf(&keys.dates[i][0], names[0]), l.Day(int64(day)))
				l.TagWith(d.keyOf(&keys.dates[i][1], names[1]), l.Int(int64(day)))
			}
		}
	}
	for i, f := range d.roles.figures {
		for end, field := range [2]int{f.low, f.high} {
			if n := c.figures[i][end]; n != noDay {
				l.TagWith(d.keyOf(&keys.figures[i][end], fields[field].Name), l.Int(int64(n)))
			}
		}
	}
	for i := range len(d.roles.grades) + len(d.roles.kinds) {
		if word := c.words[i]; word < mixed {
			f, w := &fields[d.roles.word(i)], &d.words[i][word]
			if w.stamp != d.stamp {
				*w = written{stamp: d.stamp, text: l.Text(f.Enum[word].ID)}
			}
			l.TagWith(d.keyOf(&keys.words[i], f.Name), w.text)
		}
	}
}
