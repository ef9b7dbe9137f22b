package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// TilePath returns where a tile is published: tile/<level>/<number>, with
// .p/<width> for one that is not full (c2sp.org/tlog-tiles). A width of 0 or
// TileWidth is a full one.
func TilePath(level int, number int64, width int) string {
	return "tile/" + strconv.Itoa(level) + "/" + numberPath(number, width)
}

// EntriesPath returns where a bundle of leaves is published.
func EntriesPath(number int64, width int) string { return "tile/entries/" + numberPath(number, width) }

// numberPath writes 1234067 as x001/x234/067.
func numberPath(number int64, width int) string {
	s := fmt.Sprintf("%03d", number%1000)
	for number >= 1000 {
		number /= 1000
		s = fmt.Sprintf("x%03d/%s", number%1000, s)
	}
	if width != 0 && width != TileWidth {
		s += ".p/" + strconv.Itoa(width)
	}
	return s
}

// ParsePath reads what stands behind tile/ in a path: a level, -1 for entries, a
// number and a width. ok is false for what TilePath and EntriesPath do not write.
func ParsePath(path string) (level int, number int64, width int, ok bool) {
	first, rest, _ := strings.Cut(path, "/")
	level = -1
	if first != "entries" {
		n, err := strconv.ParseUint(first, 10, 6)
		if err != nil {
			return 0, 0, 0, false
		}
		level = int(n)
	}
	width = TileWidth
	digits, partial, isPartial := strings.Cut(rest, ".p/")
	if isPartial {
		n, err := strconv.ParseUint(partial, 10, 8)
		if err != nil || n == 0 {
			return 0, 0, 0, false
		}
		width = int(n)
	}
	for part := range strings.SplitSeq(digits, "/") {
		n, err := strconv.ParseUint(strings.TrimPrefix(part, "x"), 10, 10)
		if err != nil || number > 1e12 {
			return 0, 0, 0, false
		}
		number = number*1000 + int64(n)
	}
	want := TilePath(level, number, width)
	if level < 0 {
		want = EntriesPath(number, width)
	}
	return level, number, width, "tile/"+path == want
}

// AppendEntry appends a leaf to a bundle: two bytes of length, and the leaf.
func AppendEntry(bundle, leaf []byte) ([]byte, error) {
	if len(leaf) > 0xFFFF {
		return nil, fmt.Errorf("a leaf of %d bytes does not fit into a bundle", len(leaf))
	}
	return append(binary.BigEndian.AppendUint16(bundle, uint16(len(leaf))), leaf...), nil
}

// Entries returns the leaves of a bundle.
func Entries(bundle []byte) ([][]byte, error) {
	var leaves [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
			return leaves, errors.New("the bundle ends within a leaf")
		}
		n := 2 + int(binary.BigEndian.Uint16(bundle))
		leaves, bundle = append(leaves, bundle[2:n]), bundle[n:]
	}
	return leaves, nil
}
