package server

import (
	"cmp"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// property is a line of a feature's table: a text, or features that it leads to.
type property struct {
	Name, Title, Text, Doc string
	Links                  []crumb
}

// itemBody is what the page of a single feature shows.
type itemBody struct {
	Collection *snapshot.Collection
	ID         string
	Properties []property
	Detail     any
	Before     string
	After      string
	JSON       string
	Metrics    []metricGroup // incidents
}

// itemPage answers with the page of a single feature.
func (s *Server) itemPage(c *gin.Context, snap *snapshot.Snapshot, col *snapshot.Collection, hit snapshot.Hit, detail any, links []ogcapi.Link, asOf knownOn, own *ownVersion) error {
	before, after := col.Neighbours(hit.ID)
	b := itemBody{Collection: col, ID: hit.ID, Detail: detail, JSON: s.itemURL(c, col.ID, hit.ID) + "?f=json",
		Before: s.neighbourURL(c, col.ID, before), After: s.neighbourURL(c, col.ID, after), Properties: s.properties(c, &col.Schema, hit.Values)}
	if col.Layer {
		unlinked(b.Properties)
	}
	name, mapURL := "item", ""
	switch d := detail.(type) {
	case *snapshot.IncidentDetail:
		name = "incident"
		b.Metrics = groupClaims(snap, d)
		mapURL = withParams(s.root(c)+"/", nil, "sel", hit.ID)
	case *snapshot.SingleClaim:
		mapURL = withParams(s.root(c)+"/", nil, "sel", hit.Values[col.Schema.Index("incident_id")].Text())
	case *snapshot.SingleParty: // no finer than they are known
		setText(b.Properties, "valid_from", d.Dates.Start.String())
		setText(b.Properties, "valid_to", d.Dates.End.String())
	case *snapshot.SegmentDetail:
		mapURL = withParams(s.root(c)+"/", nil, "seg", hit.ID)
	}
	return s.page(c, name, pageData{Title: headingOf(col, &hit), Links: links, AsOf: asOf, Mark: own.mark(), Body: b, MapURL: mapURL,
		Crumbs: append(collectionCrumbs(s.root(c)), crumb{s.collectionURL(c, col.ID) + "/items?f=html", col.Title})})
}

// headingOf returns what a feature is called on its page.
func headingOf(col *snapshot.Collection, hit *snapshot.Hit) string {
	value := func(name string) string {
		i := col.Schema.Index(name)
		return valueText(&col.Schema.Fields[i], hit.Values[i])
	}
	var heading string
	switch col.ID {
	case "incidents":
		heading = value("title")
	case "claims":
		heading = value("claimant") + ": “" + value("as_reported") + "” (" + strings.ToLower(value("metric")) + ")"
	case "segments", "areas", "parties":
		heading = value("name")
	case "places":
		heading = value("label")
	case "sources":
		heading = value("publisher")
		if title := value("title"); title != "" {
			heading += ": " + title
		}
	}
	return cmp.Or(strings.TrimSpace(heading), hit.ID)
}

// properties returns what is known of a feature, pairs of low and high as one.
func (s *Server) properties(c *gin.Context, sc *geo.Schema, values []geo.Value) []property {
	var out []property
	for i := range sc.Fields {
		f := &sc.Fields[i]
		p := property{Name: f.Name, Title: f.Title, Text: valueText(f, values[i]), Doc: f.Doc, Links: s.references(c, sc.Collection, f.Name, values[i].Text())}
		if family, ok := strings.CutSuffix(f.Name, "_low"); ok && isRange(sc, family) {
			p.Title, p.Text = columnTitle(sc, family)+", lowest to highest claim", cell(sc, values, family).Text
		} else if family, ok := strings.CutSuffix(f.Name, "_high"); ok && isRange(sc, family) {
			continue
		}
		if p.Text != "" {
			out = append(out, p)
		}
	}
	return out
}

// unlinked takes links to our features out: what a layer calls place_id is no
// place of ours.
func unlinked(properties []property) {
	for i := range properties {
		if properties[i].Name != "url" {
			properties[i].Links = nil
		}
	}
}

// setText sets the text of a property, where it is there.
func setText(properties []property, name, text string) {
	for i := range properties {
		if properties[i].Name == name {
			properties[i].Text = text
		}
	}
}

// isRange tells whether a family of figures stands as low and high; a layer may
// have either name for something else.
func isRange(sc *geo.Schema, family string) bool {
	return sc.Index(family) < 0 && sc.Index(family+"_low") >= 0 && sc.Index(family+"_high") >= 0
}

func (s *Server) neighbourURL(c *gin.Context, collection, id string) string {
	if id == "" {
		return ""
	}
	return s.itemURL(c, collection, id) + "?f=html"
}

// references returns links to the features that a property of a collection names.
func (s *Server) references(c *gin.Context, of, name, text string) []crumb {
	collection := ""
	switch name {
	case "incident_id":
		collection = "incidents"
	case "parent_id": // of the same kind
		collection = of
	case "parties", "affected_party", "claimant_party":
		collection = "parties"
	case "supersedes", "superseded_by", "contradicts", "repeats":
		collection = "claims"
	case "segment_id":
		collection = "segments"
	case "place_id":
		collection = "places"
	case "source_ids", "status_source":
		collection = "sources"
	case "url":
		if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
			return []crumb{{text, text}}
		}
	}
	if collection == "" || text == "" {
		return nil
	}
	var links []crumb
	for _, id := range strings.Split(text, "; ") { // as Value.Text joins a list
		if id == data.AllParties {
			return nil // is no party
		}
		links = append(links, crumb{s.itemURL(c, collection, id) + "?f=html", id})
	}
	return links
}

// metricGroup is what is claimed about one metric of an incident.
type metricGroup struct {
	Title  string
	Range  string
	State  string
	Claims []claimLine
}

// claimLine is one claim as the page of its incident shows it.
type claimLine struct {
	snapshot.ClaimDetail
	Affected, Who, Said, Verified, Became string
	Struck                                bool
}

// groupClaims puts an incident's claims together by metric, those of figures
// first, and within a metric by whose people are counted and when it was said.
func groupClaims(snap *snapshot.Snapshot, d *snapshot.IncidentDetail) []metricGroup {
	schema := claimTerms(snap)
	byMetric := map[string][]claimLine{}
	for _, cl := range d.Claims {
		byMetric[cl.Metric] = append(byMetric[cl.Metric], claimLine{
			ClaimDetail: cl, Affected: snap.PartyName(cl.AffectedParty), Said: cl.ClaimedOn.String(),
			Who: schema["claimant_type"][cl.Claimant.Type], Verified: schema["verification"][cl.Verification],
			Became: schema["status_flag"][cl.StatusFlag], Struck: cl.StatusFlag != "current",
		})
	}
	figures := map[string]snapshot.FigureDetail{}
	for _, f := range d.Figures {
		figures[f.Family] = f
	}
	var groups []metricGroup
	for metric, lines := range byMetric {
		slices.SortStableFunc(lines, func(a, b claimLine) int {
			return cmp.Or(cmp.Compare(a.Claim.AffectedParty, b.Claim.AffectedParty), a.ClaimedOn.First().Compare(b.ClaimedOn.First()))
		})
		g := metricGroup{Title: schema["metric"][metric], Claims: lines}
		if f, ok := figures[metric]; ok {
			g.Range, g.State = rangeText(ptrText(f.Low), ptrText(f.High)), f.State
		}
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b metricGroup) int {
		return cmp.Or(cmp.Compare(b.State, a.State)*boolInt((a.State == "") != (b.State == "")), cmp.Compare(a.Title, b.Title))
	})
	return groups
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func ptrText(x *float64) string {
	if x == nil {
		return ""
	}
	return fmt.Sprint(*x)
}

// claimTerms returns the words of each vocabulary of claims, by field.
func claimTerms(snap *snapshot.Snapshot) map[string]map[string]string {
	out := map[string]map[string]string{}
	col, err := snap.Collection("claims")
	if err != nil {
		return out
	}
	for i := range col.Schema.Fields {
		f := &col.Schema.Fields[i]
		if len(f.Enum) > 0 {
			out[f.Name] = map[string]string{}
			for _, t := range f.Enum {
				out[f.Name][t.ID] = t.Title
			}
		}
	}
	return out
}

// pageFuncs are the functions that the templates use.
func pageFuncs() template.FuncMap {
	return template.FuncMap{
		// short is the part of a claim's id after that of its incident
		"short": func(id string) string { return id[strings.LastIndexByte(id, '.')+1:] },
		// day is the day of an RFC 3339 instant
		"day": func(instant string) string { day, _, _ := strings.Cut(instant, "T"); return day },
		// moment is an RFC 3339 instant of UTC for people
		"moment": func(instant string) string { return strings.NewReplacer("T", ", ", "Z", " UTC").Replace(instant) },
		"upper":  upperFirst,
		"words":  func(s string) string { return strings.ReplaceAll(s, "_", " ") },
		"item": func(root, collection, id string) string {
			return root + "/collections/" + collection + "/items/" + url.PathEscape(id) + "?f=html"
		},
		"where": whereText,
		"kind":  func(v any) string { return strings.TrimPrefix(fmt.Sprintf("%T", v), "*snapshot.") },
	}
}
