package gpkg

import (
	"context"
	"encoding/xml"
	"strings"
)

// gdalMetadata is the document in which GDAL keeps what a layer says of itself
// (ogr2ogr -mo LICENCE=…), found in files that QGIS and GDAL wrote.
type gdalMetadata struct {
	Items []struct {
		Key  string `xml:"key,attr"`
		Text string `xml:",chardata"`
	} `xml:"Metadata>MDI"`
}

// readMetadata takes over licence and attribution, where the file has the
// extension for metadata (annex F.8) and states them as GDAL does; and the
// columns' titles, where it has the extension for a schema (annex F.9).
func (r *layerReader) readMetadata(ctx context.Context) error {
	if err := r.readTitles(ctx); err != nil {
		return err
	}
	there, err := r.has(ctx, "gpkg_metadata_reference")
	if err != nil || !there {
		return err
	}
	rows, err := r.db.QueryContext(ctx, `SELECT m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference ref ON ref.md_file_id = m.id
		WHERE ref.reference_scope = 'geopackage' OR lower(ref.table_name) = lower(?) ORDER BY m.id`, r.table.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		var doc gdalMetadata
		if xml.Unmarshal([]byte(text), &doc) != nil {
			continue // some other kind of metadata
		}
		for _, item := range doc.Items {
			found[strings.ToUpper(item.Key)] = strings.TrimSpace(item.Text)
		}
	}
	licence := found["LICENCE"]
	if licence == "" {
		licence = found["LICENSE"]
	}
	r.b.Layer.SetLicence(licence, found["ATTRIBUTION"])
	return rows.Err()
}

// readTitles reads the titles of the columns, and which hold JSON.
func (r *layerReader) readTitles(ctx context.Context) error {
	there, err := r.has(ctx, "gpkg_data_columns")
	if err != nil || !there {
		return err
	}
	rows, err := r.db.QueryContext(ctx, `SELECT column_name, coalesce(title, name, ''), coalesce(mime_type, '') FROM gpkg_data_columns WHERE table_name = ?`, r.table.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, title, mime string
		if err := rows.Scan(&name, &title, &mime); err != nil {
			return err
		}
		for i := range r.columns {
			if r.columns[i].name == name {
				r.columns[i].title, r.columns[i].json = title, mime == "application/json"
			}
		}
	}
	return rows.Err()
}

// has tells whether the file has a table.
func (r *layerReader) has(ctx context.Context, name string) (there bool, err error) {
	err = r.db.QueryRowContext(ctx, `SELECT count(*) > 0 FROM sqlite_master WHERE name = ?`, name).Scan(&there)
	return there, err
}
