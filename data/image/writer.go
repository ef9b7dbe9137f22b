package image

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
)

// Number is what arrays are of.
type Number interface {
	~uint8 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64
}

// The file: the magic, the pieces, the index, and at its end a trailer: where the
// index begins, and its SHA-256. The index has of each section its name, how many
// elements it has, and of each piece where it ends and its checksum. All numbers are
// little-endian.
const (
	magic     = "demarc image, form 1\n"
	trailer   = 8 + sha256.Size
	pieceSize = 1 << 20 // bytes of an array of numbers
	syncEvery = 64 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes a file. It is for one goroutine. After its first error, which each
// later call returns again, only Abort makes sense.
type Writer struct {
	ctx    context.Context
	path   string
	file   *os.File
	out    *bufio.Writer
	at     int64
	synced int64
	index  []byte
	buffer []byte
	err    error
}

// partOf is where a file is written until it is whole.
func partOf(path string) string { return path + ".part" }

// Create begins a file, which nobody sees at path before Commit. Its owner alone may
// read it. Writing ends with ctx.
func Create(ctx context.Context, path string) (*Writer, error) {
	if err := removed(partOf(path)); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(partOf(path), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := &Writer{ctx: ctx, path: path, file: f, out: bufio.NewWriterSize(f, pieceSize)}
	w.write([]byte(magic))
	return w, nil
}

// Remove removes the file, and what is left of one that was not written to its end,
// for good when it returns nil.
func Remove(path string) error {
	gone := 0
	for _, name := range []string{path, partOf(path)} {
		switch err := os.Remove(name); {
		case err == nil:
			gone++
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	if gone == 0 {
		return nil
	}
	return syncFolder(path)
}

// removed sees to it that there is no such file.
func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolder makes the names in the folder of a file last.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func (w *Writer) write(b []byte) {
	if w.err == nil {
		w.err = w.ctx.Err()
	}
	if w.err != nil {
		return
	}
	_, w.err = w.out.Write(b)
	w.at += int64(len(b))
	if w.err == nil && w.at-w.synced > syncEvery { // bit by bit, so that no sync of others waits for all of it
		w.synced = w.at
		w.err = errors.Join(w.out.Flush(), w.file.Sync())
	}
}

// section begins a section of n elements in so many pieces.
func (w *Writer) section(name string, n, pieces int) {
	w.index = append(binary.AppendUvarint(w.index, uint64(len(name))), name...)
	w.index = binary.AppendUvarint(w.index, uint64(n))
	w.index = binary.AppendUvarint(w.index, uint64(pieces))
	w.index = binary.AppendUvarint(w.index, uint64(w.at))
}

// piece writes a piece of the section begun last.
func (w *Writer) piece(b []byte) {
	w.write(b)
	w.index = binary.AppendUvarint(w.index, uint64(len(b)))
	w.index = binary.LittleEndian.AppendUint32(w.index, crc32.Checksum(b, castagnoli))
}

// Bytes writes a section that is read as a whole.
func (w *Writer) Bytes(name string, b []byte) error {
	w.section(name, len(b), 1)
	w.piece(b)
	return w.err
}

// Numbers writes a section of the n numbers that at returns.
func Numbers[T Number](w *Writer, name string, n int, at func(i int) T) error {
	size := sizeOf[T]()
	per := pieceSize / size
	w.section(name, n, (n+per-1)/per)
	for first := 0; first < n; first += per {
		b := w.buffer[:0]
		for i := first; i < min(first+per, n); i++ {
			b = appendNumber(b, size, uint64(at(i)))
		}
		w.piece(b)
		w.buffer = b
	}
	return w.err
}

// Texts writes a section of the n texts that at returns, so many in a piece; a piece
// may have 4 GB.
func (w *Writer) Texts(name string, n, per int, at func(i int) string) error {
	w.section(name, n, (n+per-1)/per)
	for first := 0; first < n; first += per {
		many := min(per, n-first)
		b := append(w.buffer[:0], make([]byte, 4*many)...)
		for i := range many {
			b = append(b, at(first+i)...)
			binary.LittleEndian.PutUint32(b[4*i:], uint32(len(b)-4*many))
		}
		w.piece(b)
		w.buffer = b
	}
	return w.err
}

// Commit makes the file be there, for good when it returns nil.
func (w *Writer) Commit() error {
	begin := w.at
	sum := sha256.Sum256(w.index)
	w.write(w.index)
	w.write(binary.LittleEndian.AppendUint64(nil, uint64(begin)))
	w.write(sum[:])
	if w.err == nil {
		w.err = errors.Join(w.out.Flush(), w.file.Sync())
	}
	if w.err == nil {
		w.err = w.file.Close()
	}
	if w.err == nil {
		w.err = os.Rename(partOf(w.path), w.path)
	}
	if w.err != nil {
		return w.Abort(fmt.Errorf("write %s: %w", filepath.Base(w.path), w.err))
	}
	return syncFolder(w.path)
}

// Abort removes what was written, and returns why.
func (w *Writer) Abort(why error) error {
	_ = w.file.Close() // it may be closed already
	return errors.Join(why, removed(partOf(w.path)))
}

// sizeOf returns how many bytes a number takes.
func sizeOf[T Number]() int { return binary.Size(T(0)) }

// appendNumber appends the low bytes of x.
func appendNumber(b []byte, size int, x uint64) []byte {
	switch size {
	case 1:
		return append(b, byte(x))
	case 2:
		return binary.LittleEndian.AppendUint16(b, uint16(x))
	case 4:
		return binary.LittleEndian.AppendUint32(b, uint32(x))
	}
	return binary.LittleEndian.AppendUint64(b, x)
}
