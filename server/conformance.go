package server

// conformanceClasses are the classes that the service keeps.
func (s *Server) conformanceClasses() []string {
	const spec = "http://www.opengis.net/spec/"
	var classes []string
	for _, of := range []struct {
		standard string
		classes  []string
	}{
		{"ogcapi-common-1/1.0", []string{"core"}},
		{"ogcapi-common-2/1.0", []string{"collections"}},
		{"ogcapi-features-1/1.0", []string{"core", "oas30", "geojson", "html"}},
		{"ogcapi-features-2/1.0", []string{"crs"}},
		{"ogcapi-features-3/1.0", []string{"queryables", "queryables-query-parameters", "filter", "features-filter"}},
		{"ogcapi-features-5/1.0", []string{"schemas", "core-roles-features", "queryables", "sortables"}},
		{"ogcapi-features-8/0.0", []string{"sorting", "features-sorting"}}, // a draft, as its number says
		{"ogcapi-tiles-1/1.0", []string{"core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection", "datetime", "oas30", "mvt"}},
		{"tms/2.0", []string{"tilematrixset", "json-tilematrixset", "tilematrixsetlimits", "json-tilematrixsetlimits", "tilesetmetadata", "json-tilesetmetadata"}},
		{"cql2/1.0", []string{
			"cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
			"basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions", "array-functions",
			"property-property", "functions", "arithmetic",
			// QGIS sends S_INTERSECTS only to those who name the class as the drafts did.
			"basic-spatial-operators",
		}},
	} {
		for _, class := range of.classes {
			classes = append(classes, spec+of.standard+"/conf/"+class)
		}
	}
	if s.writable() {
		for _, class := range []string{"create-replace-delete", "update", "optimistic-locking-etags", "optimistic-locking-timestamps", "handling", "features"} {
			classes = append(classes, spec+"ogcapi-features-4/1.0/conf/"+class)
		}
	}
	return classes
}
