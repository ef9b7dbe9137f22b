package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"demarc/data"
	"demarc/data/importer"
	"demarc/data/store/gpkg"
	"demarc/geo"
)

// read reads one file and gives its records to yield.
func (r *importRun) read(ctx context.Context, name string, yield func(importer.Item) error) (importer.Summary, error) {
	o := importer.Options{File: name, Theatre: r.cmd.Theatre, Release: r.cmd.Release, Mapping: r.mapping}
	p := newProgress(r.to.err, name)
	defer p.end()
	return readImport(ctx, name, r.cmd.Format, o, func(it importer.Item) error {
		p.step()
		return yield(it)
	})
}

// readImport reads a file in any of the formats.
func readImport(ctx context.Context, name, format string, o importer.Options, yield func(importer.Item) error) (importer.Summary, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return readRecordFolder(name, yield)
	}
	in, inner, err := openInput(name)
	if err != nil {
		return importer.Summary{}, err
	}
	defer in.Close()
	b := bufio.NewReaderSize(in, 64<<10)
	begin, err := b.Peek(64 << 10)
	if err != nil && err != io.EOF {
		return importer.Summary{}, fmt.Errorf("%s: %w", name, err)
	}
	is := formatOf(format, begin)
	if is == importer.GED && o.Release == "" {
		o.Release = releaseOf(inner)
	}
	if is != importer.GPKG {
		return importer.Read(ctx, is, b, o, yield)
	}
	if inner != filepath.Base(name) {
		var faults geo.Faults
		faults.Add(name, "", "is a GeoPackage in an archive", "unpack it first")
		return importer.Summary{}, faults.Err()
	}
	l, err := gpkg.ReadLayer(ctx, "import", name, "")
	if err != nil {
		return importer.Summary{}, err
	}
	return importer.ReadLayer(ctx, l, o, yield)
}

// openInput opens a file, unpacked, and returns the name that it has inside.
func openInput(name string) (io.ReadCloser, string, error) {
	begin, err := firstBytes(name)
	if err != nil {
		return nil, "", err
	}
	base := filepath.Base(name)
	switch {
	case bytes.HasPrefix(begin, []byte{0x1F, 0x8B}):
		f, err := os.Open(name)
		if err != nil {
			return nil, "", err
		}
		unzip, err := gzip.NewReader(f)
		if err != nil {
			return nil, "", fmt.Errorf("%s: %w", name, err)
		}
		return both{unzip, f}, strings.TrimSuffix(base, ".gz"), nil
	case bytes.HasPrefix(begin, []byte("PK\x03\x04")):
		archive, err := zip.OpenReader(name)
		if err != nil {
			return nil, "", fmt.Errorf("%s: %w", name, err)
		}
		if len(archive.File) != 1 {
			var faults geo.Faults
			faults.Add(name, "", fmt.Sprintf("is an archive of %d files", len(archive.File)), "unpack it, and name the file that is to be read")
			_ = archive.Close()
			return nil, "", faults.Err()
		}
		f, err := archive.File[0].Open()
		if err != nil {
			return nil, "", fmt.Errorf("%s: %w", name, err)
		}
		return both{f, archive}, archive.File[0].Name, nil
	}
	f, err := os.Open(name)
	return f, base, err
}

// both closes what is read and what that is read from.
type both struct {
	io.Reader
	io.Closer
}

// formatOf returns the format that is asked for, or that the beginning tells.
func formatOf(asked string, begin []byte) importer.Format {
	switch asked {
	case "auto":
	case "geojsonseq":
		return importer.GeoJSON
	default:
		return importer.Format(asked)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(begin, []byte("\xEF\xBB\xBF")), " \t\r\n\x1E")
	header, _, _ := bytes.Cut(text, []byte("\n"))
	has := func(column string) bool { return bytes.Contains(header, []byte(column)) }
	switch {
	case bytes.HasPrefix(begin, []byte("SQLite format 3\x00")):
		return importer.GPKG
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		if bytes.Contains(begin, []byte(`"claims_detail"`)) {
			return importer.Records
		}
		return importer.GeoJSON
	case has("event_id_cnty"):
		return importer.ACLED
	case has("type_of_violence") && has("where_prec"):
		return importer.GED
	}
	return importer.CSV
}

var inFileName = regexp.MustCompile(`(?i)ged(?:event)?[_-]?v?(\d\d)[_.]?(\d{1,2})(?:[_.](\d{1,2}))?\D*\.csv`)

// releaseOf returns the release that the name of a download tells, such as
// GEDEvent_v25_1.csv; empty where it tells none.
func releaseOf(name string) string {
	m := inFileName.FindStringSubmatch(name)
	switch {
	case m == nil:
		return ""
	case m[3] != "":
		return m[1] + "." + m[2] + "." + m[3]
	}
	return m[1] + "." + m[2]
}

// readRecordFolder gives the records of a folder in the form of data/curated, all
// that an incident may refer to before it.
func readRecordFolder(dir string, yield func(importer.Item) error) (importer.Summary, error) {
	records, err := loadFolder(dir)
	if err != nil {
		return importer.Summary{}, err
	}
	s := importer.Summary{Read: len(records.Incidents)}
	for record := range records.Each() {
		it := importer.Item{}
		it.Records = data.Records{}
		it.Records.Add(record)
		if err := yield(it); err != nil {
			return s, err
		}
	}
	return s, nil
}
