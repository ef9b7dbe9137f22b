package server

import (
	"slices"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// Lists and single features in GeoJSON write their links as they go: what stands here
// gives the bytes that appendLinks gives of pageLinks, representations and
// licenceLinks, without the texts in between.

// appendMore appends text to the JSON string that ends the buffer.
func appendMore(dst []byte, text string) []byte {
	end := len(dst) - 1 // where the quotation mark is
	dst = geo.AppendJSONString(dst[:end], text)
	copy(dst[end:], dst[end+1:])
	return dst[:len(dst)-1]
}

// appendLink appends the members of a link behind its address, and what ends it.
func appendLink(dst []byte, rel, mediaType, title string) []byte {
	dst = geo.AppendJSONString(append(dst, `,"rel":`...), rel)
	dst = geo.AppendJSONString(append(dst, `,"type":`...), mediaType)
	return append(geo.AppendJSONString(append(dst, `,"title":`...), title), '}')
}

// appendRepresentations appends the links of representations, with a comma behind
// each.
func (q query) appendRepresentations(dst []byte, href string, formats []format, this format) []byte {
	// All addresses differ in one value: the first is written, the others are copies.
	at := slices.IndexFunc(q, func(p parameter) bool { return p.name >= "f" })
	if at < 0 {
		at = len(q)
	}
	head := len(dst)
	dst = geo.AppendJSONString(append(dst, `{"href":`...), href)
	dst = q[:at].appendInJSON(dst[:len(dst)-1], nil, parameter{name: "f"})
	tail := len(dst)
	for _, p := range q[at:] {
		if p.name != "f" {
			dst = appendEscaped(append(appendEscaped(append(dst, `\u0026`...), p.name), '='), p.value)
		}
	}
	written := len(dst)
	dst = slices.Grow(dst, (written-head+128)*len(formats))
	for i := range formats {
		f := &formats[i]
		dst = append(append(append(dst, dst[head:tail]...), f.name...), dst[tail:written]...)
		dst = append(dst, '"')
		if f.mediaType == this.mediaType {
			dst = append(dst, `,"rel":"self"`...)
		} else {
			dst = append(dst, `,"rel":"alternate"`...)
		}
		dst = geo.AppendJSONString(append(dst, `,"type":`...), f.mediaType)
		if f.mediaType == this.mediaType {
			dst = append(dst, `,"title":"This document"`...)
		} else {
			dst = appendMore(append(dst, `,"title":"This document as "`...), f.title)
		}
		dst = append(dst, "},"...)
	}
	return append(dst[:head], dst[written:]...)
}

// appendLicences appends the links of licenceLinks, with a comma before each.
func appendLicences(dst []byte, col *snapshot.Collection) []byte {
	for i := range col.Rights {
		r := &col.Rights[i]
		if r.URL == "" {
			continue // the file of a layer names none
		}
		dst = geo.AppendJSONString(append(dst, `,{"href":`...), r.URL)
		dst = geo.AppendJSONString(append(dst, `,"rel":"license","type":"text/html","title":`...), r.Licence)
		dst = append(appendMore(appendMore(dst, ": "), r.Covers), '}')
	}
	return dst
}

// listLinks are the links of a page of a collection in GeoJSON.
type listLinks struct {
	query   query
	href    string // of the collection
	col     *snapshot.Collection
	page    *snapshot.Page
	formats []format
	this    format
	choice  *params
}

// append appends them as an array.
func (l *listLinks) append(dst []byte) []byte {
	dst = append(dst, '[')
	dst = l.query.appendRepresentations(dst, l.href+"/items", l.formats, l.this)
	if l.page.Next != nil {
		dst = l.appendNeighbour(dst, "next", "Next page", l.page.Next)
	}
	if l.page.Prev != nil {
		dst = l.appendNeighbour(dst, "prev", "Previous page", l.page.Prev)
	}
	dst = geo.AppendJSONString(append(dst, `{"href":`...), l.href)
	dst = appendLink(dst, "collection", "application/json", l.col.Title)
	return append(appendLicences(dst, l.col), ']')
}

func (l *listLinks) appendNeighbour(dst []byte, rel, title string, at *snapshot.Cursor) []byte {
	var room, selected [512]byte
	cursor := at.AppendText(room[:0], l.choice.appendSelection(selected[:0], l.col))
	dst = appendMore(geo.AppendJSONString(append(dst, `{"href":`...), l.href), "/items")
	dst = l.query.appendInJSON(dst[:len(dst)-1], pageless, parameter{"cursor", string(cursor)})
	return append(appendLink(append(dst, '"'), rel, l.this.mediaType, title), ',')
}

// pageless is what a link to a page goes without: a cursor is a place already.
var pageless = []string{"offset"}

// itemLinks are the links of a single feature in GeoJSON.
type itemLinks struct {
	query   query
	href    string // of the collection
	item    string
	col     *snapshot.Collection
	formats []format
	this    format
	more    []ogcapi.Link // behind that to the collection
}

// append appends them as an array.
func (l *itemLinks) append(dst []byte) []byte {
	dst = l.query.appendRepresentations(append(dst, '['), l.item, l.formats, l.this)
	dst = geo.AppendJSONString(append(dst, `{"href":`...), l.href)
	dst = appendLink(dst, "collection", "application/json", l.col.Title)
	if len(l.more) > 0 {
		dst = append(dst, ',')
		mark := len(dst)
		dst = appendLinks(dst, l.more) // in brackets, which this does without
		copy(dst[mark:], dst[mark+1:])
		dst = dst[:len(dst)-2]
	}
	return append(appendLicences(dst, l.col), ']')
}

// appendAttribution appends the text of attribution as a JSON string.
func appendAttribution(dst []byte, col *snapshot.Collection) []byte {
	dst = append(dst, `""`...)
	for i := range col.Rights {
		text, known := col.Rights[i].Attribution, false
		for j := range i {
			known = known || col.Rights[j].Attribution == text
		}
		if known {
			continue
		}
		if i > 0 {
			dst = appendMore(dst, " · ")
		}
		dst = appendMore(dst, text)
	}
	return dst
}
