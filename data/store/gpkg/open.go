package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"demarc/geo"
)

// open opens a GeoPackage for reading. It makes no file beside it: one that no
// other program writes at the moment is read as it lies there.
func open(ctx context.Context, file string) (*sql.DB, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	options := "?mode=ro"
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		options += "&immutable=1"
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+options)
	if err != nil {
		return nil, err
	}
	return db, errors.Join(db.PingContext(ctx))
}

// table is one of the tables that a GeoPackage offers (§1.1.3, gpkg_contents).
type table struct {
	name, kind, title, description string
}

// tables returns the tables of features and of rows without geometry.
func tables(ctx context.Context, db *sql.DB) ([]table, error) {
	rows, err := db.QueryContext(ctx, `SELECT table_name, data_type, coalesce(identifier,''), coalesce(description,'')
		FROM gpkg_contents WHERE data_type IN ('features','attributes') ORDER BY table_name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []table
	for rows.Next() {
		var t table
		if err := rows.Scan(&t.name, &t.kind, &t.title, &t.description); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// choose returns the table asked for, or the only one there is.
func choose(all []table, file, name string) (*table, error) {
	var faults geo.Faults
	var names []string
	for i := range all {
		if all[i].name == name || name == "" && len(all) == 1 {
			return &all[i], nil
		}
		names = append(names, all[i].name)
	}
	there := "the layers there are: " + strings.Join(names, ", ")
	switch {
	case len(all) == 0:
		faults.Add(file, "", "has no layer of features", "name a GeoPackage with one")
	case name == "":
		faults.Add(file, "", fmt.Sprintf("has %d layers", len(all)), "name one as NAME=FILE#LAYER; "+there)
	default:
		faults.Add(file, name, "has no layer of this name", there)
	}
	return nil, faults.Err()
}

// quoted returns a name as SQL takes it (SQLite, "SQLite Keywords").
func quoted(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
