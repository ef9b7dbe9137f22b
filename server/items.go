package server

import (
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/geojson"
	"demarc/server/ogcapi"
)

// items answers a query on a collection (OGC 17-069r4 §7.15).
func (s *Server) items(c *gin.Context) error {
	id, err := pathParam(c, "collectionId")
	if err != nil {
		return err
	}
	if led, err := s.timeGate(c); led || err != nil {
		return err
	}
	snap, asOf, err := s.listed(c)
	if err != nil {
		return err
	}
	col, err := snap.Collection(id)
	if err != nil {
		return err
	}
	formats := s.lists
	p := s.readItemsParams(c, &col.Schema)
	f, err := p.format(c, formats)
	if err != nil {
		return err
	}
	query := p.readQuery(snap, col)
	p.asOf()
	p.state()
	view, hitsOnly, explained := p.view(&col.Schema, f), p.hitsOnly(), p.explained(f)
	if err := p.faults.Err(); err != nil {
		return err
	}
	c.Writer.Header()[contentCRSHeader] = view.contentCRS()
	if explained {
		c.Header("Cache-Control", "no-store") // the time it took is another each time
	} else if s.unchanged(c, snap.Revision(), f) {
		return nil
	}
	if f.name == formatGeoJSON.name && headAlone(c, f.mediaType) {
		return nil
	}
	view.ask(query, hitsOnly)
	began := time.Now()
	page, err := col.Items(c.Request.Context(), query)
	if err != nil {
		return err
	}
	defer page.Release()
	if explained {
		view.explain = explain(page, time.Since(began))
	}
	if hitsOnly {
		page = &snapshot.Page{Matched: page.Matched}
	}
	if f.name == formatGeoJSON.name && asOf == (knownOn{}) {
		links := listLinks{p.query, s.collectionURL(c, col.ID), col, page, view.formats(formats), f, p}
		return s.writeGeoJSON(c, view, col, query, page, links.append)
	}
	links := asOf.links(s.root(c), s.pageLinks(c, p, col, view.formats(formats), f, page))
	if f.name == formatHTML.name {
		return s.itemsPage(c, col, p.query.values(), query, page, links, asOf)
	}
	return s.writePage(c, view, col, query, page, append(links, licenceLinks(col)...))
}

// writePage answers with a page in a format for programs.
func (s *Server) writePage(c *gin.Context, v view, col *snapshot.Collection, q *snapshot.Query, page *snapshot.Page, links []ogcapi.Link) error {
	st, ok := streamOf(v.format, s.cfg.GeoPackage)
	if !ok {
		return s.writeGeoJSON(c, v, col, q, page, func(dst []byte) []byte { return appendLinks(dst, links) })
	}
	col, err := v.show(col, page.Hits)
	if err != nil {
		return err
	}
	return s.streamItems(c, st, v.crs, col, q, page, links)
}

// writeGeoJSON answers with a page in GeoJSON.
func (s *Server) writeGeoJSON(c *gin.Context, v view, col *snapshot.Collection, q *snapshot.Query, page *snapshot.Page, links func([]byte) []byte) error {
	col, err := v.show(col, page.Hits)
	if err != nil {
		return err
	}
	s.writeReused(c, v.format.mediaType, func(dst []byte) []byte {
		dst = s.featureCollection(dst, col, q, page, links)
		if v.explain != nil {
			dst = append(appendJSON(append(dst[:len(dst)-1], `,"explain":`...), v.explain), '}')
		}
		return dst
	})
	return nil
}

// pageLinks returns the links of a page: itself, its other formats, the
// neighbouring pages and the collection. Every parameter goes with them.
func (s *Server) pageLinks(c *gin.Context, p *params, col *snapshot.Collection, formats []format, f format, page *snapshot.Page) []ogcapi.Link {
	href := s.collectionURL(c, col.ID) + "/items"
	links := p.query.representations(href, formats, f)
	for _, neighbour := range []struct {
		rel, title string
		at         *snapshot.Cursor
	}{{"next", "Next page", page.Next}, {"prev", "Previous page", page.Prev}} {
		if neighbour.at != nil {
			onward := p.query.append([]byte(href), []string{"offset"}, parameter{"cursor", neighbour.at.Encode(p.selection(col))}) // a cursor is a place already
			links = append(links, ogcapi.Link{Href: string(onward), Rel: neighbour.rel, Type: f.mediaType, Title: neighbour.title})
		}
	}
	return append(links, ogcapi.Link{Href: strings.TrimSuffix(href, "/items"), Rel: "collection", Type: "application/json", Title: col.Title})
}

// featureCollection writes a page as GeoJSON. The features are encoded
// already; what is written here is what stands round them.
func (s *Server) featureCollection(body []byte, col *snapshot.Collection, q *snapshot.Query, page *snapshot.Page, links func([]byte) []byte) []byte {
	size := 4096
	for i := range page.Hits {
		size += len(page.Hits[i].JSON) + 32
	}
	body = slices.Grow(body, size)
	body = strconv.AppendInt(append(body, `{"type":"FeatureCollection","numberMatched":`...), int64(page.Matched), 10)
	body = strconv.AppendInt(append(body, `,"numberReturned":`...), int64(len(page.Hits)), 10)
	body = s.cfg.Now().UTC().AppendFormat(append(body, `,"timeStamp":"`...), time.RFC3339)
	body = appendAttribution(append(body, `","attribution":`...), col)
	body = links(append(body, `,"links":`...))
	body = append(body, `,"features":[`...)
	for i := range page.Hits {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendHit(body, &page.Hits[i], q.Near != nil)
	}
	return append(body, "]}"...)
}

// appendHit writes a feature, with its distance where one was asked for.
func appendHit(body []byte, h *snapshot.Hit, withDistance bool) []byte {
	if !withDistance {
		return append(body, h.JSON...)
	}
	body = append(body, h.JSON[:h.PropertiesEnd]...)
	if body[len(body)-1] != '{' { // without properties asked for there are none before it
		body = append(body, ',')
	}
	body = append(body, `"distance_m":`...)
	body = geojson.AppendProperty(body, geo.NumberValue(roundMetres(h.Metres)))
	return append(body, h.JSON[h.PropertiesEnd:]...)
}

// roundMetres returns a distance to the millimetre.
func roundMetres(m float64) float64 { return math.Round(m*1000) / 1000 }

// appendJSON appends a value that encoding/json always can write.
func appendJSON(dst []byte, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only for a broken document type of ours
	}
	return append(dst, b...)
}

// item answers with one feature (§7.16): its flat properties and, for those
// who look at it alone, all that its record holds.
func (s *Server) item(c *gin.Context) error {
	collectionID, err := pathParam(c, "collectionId")
	if err != nil {
		return err
	}
	id, err := pathParam(c, "featureId")
	if err != nil {
		return err
	}
	if led, err := s.timeGate(c); led || err != nil {
		return err
	}
	snap, asOf, err := s.known(c)
	if err != nil {
		return err
	}
	col, err := snap.Collection(collectionID)
	if err != nil {
		return err
	}
	own, err := s.ownVersion(c, collectionID, id, asOf)
	if err != nil {
		return err
	}
	if own != nil && own.snap != nil {
		snap = own.snap
		if col, err = snap.Collection(collectionID); err != nil {
			return err
		}
	}
	written, err := col.Written(id)
	if err != nil {
		return err
	}
	formats := own.formats()
	p, view, done, err := s.itemView(c, snap, own, formats)
	if err != nil || done {
		return err
	}
	f := view.format
	base := s.collectionURL(c, col.ID)
	at := itemLinks{p.query, base, base + "/items/" + url.PathEscape(id), col, formats, f, nil}
	if own != nil {
		at.more = append(at.more, ogcapi.Link{Href: at.item + "/revisions", Rel: "version-history", Type: "application/json", Title: "All versions"})
	}
	if own != nil && !own.version.Draft() {
		at.more = append(at.more, inHeader(c, s.proofLinks(c, at.item, own.version.Number))...)
	}
	plain := f.name == formatGeoJSON.name && view.crs == crs.CRS84
	if plain && asOf == (knownOn{}) {
		return s.writeItem(c, snap, col, id, &written, at.append, own)
	}
	return s.itemOtherwise(c, snap, asOf, own, view, at, id)
}

// itemOtherwise answers with a feature in another form than GeoJSON in CRS84, or of
// another day.
func (s *Server) itemOtherwise(c *gin.Context, snap *snapshot.Snapshot, asOf knownOn, own *ownVersion, v view, at itemLinks, id string) error {
	col, f := at.col, v.format
	links := at.query.representations(at.item, at.formats, f)
	links = append(links, ogcapi.Link{Href: at.href, Rel: "collection", Type: "application/json", Title: col.Title})
	links = asOf.links(s.root(c), append(links, at.more...))
	hit, err := col.Feature(id)
	if err != nil {
		return err
	}
	if f.name == formatHTML.name {
		return s.itemPage(c, snap, col, hit, snap.Detail(col.ID, id), links, asOf, own)
	}
	shown := []snapshot.Hit{hit}
	if _, err := v.show(col, shown); err != nil {
		return err
	}
	links = append(links, licenceLinks(col)...)
	if hit = shown[0]; f.name == formatJSONFG.name {
		return s.itemJSONFG(c, v.crs, col, hit, links)
	}
	return s.writeItem(c, snap, col, id, &hit, func(dst []byte) []byte { return appendLinks(dst, links) }, own)
}

// writeItem answers with a feature in GeoJSON.
func (s *Server) writeItem(c *gin.Context, snap *snapshot.Snapshot, col *snapshot.Collection, id string, hit *snapshot.Hit, links func([]byte) []byte, own *ownVersion) error {
	if headAlone(c, formatGeoJSON.mediaType) {
		return nil
	}
	detail, err := s.detail(c.Request.Context(), snap, col, id)
	if err != nil {
		return err
	}
	s.writeReused(c, formatGeoJSON.mediaType, func(dst []byte) []byte {
		return wholeFeature(dst, col, hit, detail, links, own.members())
	})
	return nil
}

// wholeFeature writes a feature with what only its own page has: detail is of
// detailOf.
func wholeFeature(body []byte, col *snapshot.Collection, hit *snapshot.Hit, detail []byte, links func([]byte) []byte, members []byte) []byte {
	body = slices.Grow(body, hit.PropertiesEnd+len(detail)+len(members)+2048)
	body = append(append(body, hit.JSON[:hit.PropertiesEnd]...), detail...)
	body = appendAttribution(append(body, `},"attribution":`...), col)
	body = append(body, `,"links":`...)
	if links == nil { // it is to be changed, and not shown
		body = append(body, "null"...)
	} else {
		body = links(body)
	}
	return append(append(body, members...), '}')
}
