// Package web holds the incident map as built by Vite into dist/, embedded in
// the program.
//
// Nouns: the shell (index.html, never cached by hash) and the assets
// (dist/assets, hashed names, immutable). The package imports nothing of ours
// and promises only the files; the server decides on headers. Before `make
// web` has run, dist holds nothing but .gitkeep and the map is absent.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist returns the built map, rooted at dist: "index.html" and "assets/...".
// An unbuilt map has no "index.html"; fs.Stat tells. The file system is
// read-only, never nil and safe for concurrent use.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // impossible: the directive above names the folder
	}
	return sub
}
