package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"

	"demarc/data"
	"demarc/data/layer"
	"demarc/data/snapshot"
	"demarc/data/store/gpkg"
	"demarc/geo"
)

// layerFlag is one --layer: a name, a file, and for a file of several layers
// which of them.
type layerFlag struct{ name, file, table string }

// parseLayers reads the values of --layer.
func parseLayers(values []string) (flags []layerFlag, faults geo.Faults) {
	var names []string
	for _, v := range values {
		name, file, ok := strings.Cut(v, "=")
		if !ok || file == "" {
			faults.Add("--layer", v, "does not name a layer and its file", "write --layer NAME=FILE, or NAME=FILE#LAYER")
			continue
		}
		f := layerFlag{name: name, file: file}
		if _, err := os.Stat(file); err != nil { // a file's own name may have a #
			if at := strings.LastIndexByte(file, '#'); at > 0 {
				f.file, f.table = file[:at], file[at+1:]
			}
		}
		names = append(names, name)
		flags = append(flags, f)
	}
	return flags, append(faults, snapshot.CheckLayerNames(names)...)
}

// readLayers reads the layers that --layer names. Its error, a
// *geo.InputError, has every fault of all of them.
func readLayers(ctx context.Context, values []string) ([]data.Layer, error) {
	flags, faults := parseLayers(values)
	var layers []data.Layer
	for _, f := range flags {
		l, err := f.read(ctx)
		switch found := faultsOf(err); {
		case err == nil:
			layers = append(layers, *l)
		case found != nil:
			faults = append(faults, found...)
		default:
			faults.Add(f.file, "", "cannot be read: "+err.Error(), "name a file that is there and may be read")
		}
	}
	return layers, faults.Err()
}

// read reads one layer. What a file is, its first bytes tell.
func (f *layerFlag) read(ctx context.Context) (*data.Layer, error) {
	begin, err := firstBytes(f.file)
	if err != nil {
		return nil, err
	}
	var faults geo.Faults
	switch {
	case bytes.HasPrefix(begin, []byte("SQLite format 3\x00")):
		return gpkg.ReadLayer(ctx, f.name, f.file, f.table)
	case f.table != "":
		faults.Add(f.file, f.table, "has no layers to choose from: it is no GeoPackage", "leave # and what follows out")
	default:
		content, err := os.ReadFile(f.file)
		if err != nil {
			return nil, err
		}
		if bytes.HasPrefix(begin, []byte("fgb\x03")) {
			return layer.ReadFlatGeobuf(f.name, f.file, content)
		}
		return layer.ReadGeoJSON(f.name, f.file, content)
	}
	return nil, faults.Err()
}

// firstBytes returns how a file begins.
func firstBytes(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	begin := make([]byte, 16)
	n, err := io.ReadFull(file, begin)
	if n == 0 && err != io.EOF {
		return nil, err // a folder
	}
	return begin[:n], nil
}
