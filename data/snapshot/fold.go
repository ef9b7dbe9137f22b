package snapshot

import (
	"hash/maphash"

	"demarc/geo"
)

// fold makes one part of the rows of several parts that live. It goes by columns:
// what a dictionary has is looked at once a value and not once a row, and what is
// written already is copied. Its cost grows with the rows; the result is that of
// newPart with their items.
type fold struct {
	schema *geo.Schema
	views  []*view
	n      int
	from   []uint16 // of each row of the result, which view it is taken from,
	rows   []uint32 // and which row there
}

// foldOf returns what lives in the views as one part.
func foldOf(by crew, schema *geo.Schema, views []*view) *part {
	f := &fold{schema: schema, views: views}
	f.merge()
	p := &part{schema: schema, n: uint32(f.n), columns: make([]column, len(schema.Fields)), orders: &orders{}, seed: maphash.MakeSeed(), identified: true}
	jobs := []func(){
		func() { p.ids = f.texts(func(p *part) *texts { return &p.ids }); p.linkIDs() },
		func() { p.keys = f.texts(func(p *part) *texts { return &p.keys }) },
		func() { p.records = f.texts(func(p *part) *texts { return &p.records }) },
		func() { p.times = f.times() },
		func() { p.sites = f.sites(by) },
	}
	for i := range p.columns {
		jobs = append(jobs, func() { p.columns[i] = f.column(i) })
	}
	if f.n <= fewRows {
		by = 1
	}
	by.do(len(jobs), func(i int) { jobs[i]() })
	for _, v := range views {
		p.identified = p.identified && v.identified
	}
	p.encode(by, encodedRoom, func(dst []byte, row uint32) []byte {
		if e := f.views[f.from[row]].encoded.Load(); e != nil {
			return append(dst, e.of(f.rows[row])...)
		}
		return p.written(dst, row)
	})
	return p
}

// merge brings the rows into the order of their keys, those of a view as they stand
// there.
func (f *fold) merge() {
	for i, v := range f.views {
		rows := v.living()
		if i == 0 {
			f.from, f.rows = make([]uint16, len(rows)), rows
			continue
		}
		from, all := make([]uint16, 0, len(f.rows)+len(rows)), make([]uint32, 0, len(f.rows)+len(rows))
		at := 0
		for _, row := range rows {
			key := v.keys.at(row)
			for ; at < len(f.rows) && f.views[f.from[at]].keys.at(f.rows[at]) <= key; at++ {
				from, all = append(from, f.from[at]), append(all, f.rows[at])
			}
			from, all = append(from, uint16(i)), append(all, row)
		}
		f.from, f.rows = append(from, f.from[at:]...), append(all, f.rows[at:]...)
	}
	f.n = len(f.rows)
}

// texts returns the texts of the rows; none where no part has them.
func (f *fold) texts(of func(*part) *texts) texts {
	lists := make([]*texts, len(f.views))
	for i, v := range f.views {
		if lists[i] = of(v.part); v.n > 0 && len(lists[i].blocks) == 0 {
			return texts{}
		}
	}
	return newTexts(f.n, func(row int) string { return lists[f.from[row]].at(f.rows[row]) })
}

func (f *fold) times() times {
	t := times{from: make([]int64, f.n), to: make([]int64, f.n)}
	for i, row := range f.rows {
		of := &f.views[f.from[i]].times
		t.from[i], t.to[i] = of.from[row], of.to[row]
	}
	t.measure()
	return t
}

// codes translates codes of the rows, most the greatest of them: to has the new one
// of each code in a view.
func (f *fold) codes(of func(*part) *codes, to [][]uint32, most uint32) codes {
	lists := make([]*codes, len(f.views))
	for i, v := range f.views {
		lists[i] = of(v.part)
	}
	all := newCodes(f.n, most)
	for i, row := range f.rows {
		from := f.from[i]
		all.set(i, to[from][lists[from].at(row)])
	}
	return all
}

// use makes those codes 1 that the rows of a view have.
func (f *fold) use(of func(*part) *codes, used [][]uint32) {
	lists := make([]*codes, len(f.views))
	for i, v := range f.views {
		lists[i] = of(v.part)
	}
	for i, row := range f.rows {
		from := f.from[i]
		used[from][lists[from].at(row)] = 1
	}
}
