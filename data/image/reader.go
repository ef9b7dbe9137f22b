package image

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"runtime"
	"sync"
)

// ErrDamaged says that a file does not have its checksums, or is none of ours.
var ErrDamaged = errors.New("it is damaged, or of another form")

// Reader reads a file. It is safe for concurrent use.
type Reader struct {
	file     *os.File
	sections map[string]section
	buffers  sync.Pool
}

type section struct {
	n      int
	pieces []piece
}

type piece struct {
	at  int64
	len int
	sum uint32
}

// Open opens a file and checks its index. The error is one of the file system's, or
// ErrDamaged.
func Open(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r := &Reader{file: f, sections: map[string]section{}}
	r.buffers.New = func() any { return new([]byte) }
	if err := r.readIndex(); err != nil {
		_ = f.Close() // the first error tells more
		return nil, err
	}
	return r, nil
}

// Close ends the reading. What was read stays good.
func (r *Reader) Close() error { return r.file.Close() }

// readIndex reads and checks the index.
func (r *Reader) readIndex() error {
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	begin := make([]byte, len(magic))
	end := make([]byte, trailer)
	if info.Size() < int64(len(begin)+len(end)) {
		return fmt.Errorf("%w: it is cut short", ErrDamaged)
	}
	if _, err := r.file.ReadAt(begin, 0); err != nil {
		return err
	}
	if _, err := r.file.ReadAt(end, info.Size()-trailer); err != nil {
		return err
	}
	from, to := int64(binary.LittleEndian.Uint64(end)), info.Size()-trailer
	if string(begin) != magic || from < int64(len(magic)) || from > to {
		return fmt.Errorf("%w: it has no index", ErrDamaged)
	}
	index := make([]byte, to-from)
	if _, err := r.file.ReadAt(index, from); err != nil {
		return err
	}
	if sum := sha256.Sum256(index); !bytes.Equal(sum[:], end[8:]) {
		return fmt.Errorf("%w: its index does not have its checksum", ErrDamaged)
	}
	for at := 0; at < len(index); { // it has its checksum, so it is as it was written
		at += r.readSection(index[at:])
	}
	return nil
}

// readSection reads a section of the index, and returns how long that is.
func (r *Reader) readSection(b []byte) int {
	at := 0
	number := func() int {
		x, n := binary.Uvarint(b[at:])
		at += n
		return int(x)
	}
	length := number()
	name := string(b[at : at+length])
	at += length
	s := section{n: number()}
	s.pieces = make([]piece, number())
	where := int64(number())
	for i := range s.pieces {
		p := piece{at: where, len: number(), sum: binary.LittleEndian.Uint32(b[at:])}
		at += 4
		where += int64(p.len)
		s.pieces[i] = p
	}
	r.sections[name] = s
	return at
}

// section returns a section, which must be there.
func (r *Reader) section(name string) (section, error) {
	s, ok := r.sections[name]
	if !ok {
		return s, fmt.Errorf("%w: it has no section %s", ErrDamaged, name)
	}
	return s, nil
}

// Len returns how many elements a section has, 0 where there is none.
func (r *Reader) Len(name string) int { return r.sections[name].n }

// each reads the pieces of a section, by all processors where they are many, and
// gives each to do, for the time of the call.
func (r *Reader) each(name string, s section, do func(i int, b []byte) error) error {
	const run = 8 // pieces that one worker takes at a time
	runs := (len(s.pieces) + run - 1) / run
	errs := make([]error, runs)
	one := func(at int) {
		buffer := r.buffers.Get().(*[]byte)
		defer r.buffers.Put(buffer)
		for i := at * run; i < min((at+1)*run, len(s.pieces)) && errs[at] == nil; i++ {
			p := s.pieces[i]
			if cap(*buffer) < p.len {
				*buffer = make([]byte, max(p.len, pieceSize))
			}
			b := (*buffer)[:p.len]
			if _, err := r.file.ReadAt(b, p.at); err != nil {
				errs[at] = fmt.Errorf("read section %s: %w", name, err)
			} else if crc32.Checksum(b, castagnoli) != p.sum {
				errs[at] = fmt.Errorf("%w: piece %d of section %s does not have its checksum", ErrDamaged, i, name)
			} else {
				errs[at] = do(i, b)
			}
		}
	}
	workers := min(runs, runtime.GOMAXPROCS(0))
	jobs := make(chan int, runs)
	for at := range runs {
		jobs <- at
	}
	close(jobs)
	var wait sync.WaitGroup
	for range workers - 1 {
		wait.Go(func() {
			for at := range jobs {
				one(at)
			}
		})
	}
	for at := range jobs {
		one(at)
	}
	wait.Wait()
	return errors.Join(errs...)
}

// Bytes returns a section that was written as a whole.
func (r *Reader) Bytes(name string) ([]byte, error) {
	s, err := r.section(name)
	if err != nil {
		return nil, err
	}
	var out []byte
	err = r.each(name, s, func(_ int, b []byte) error {
		out = bytes.Clone(b)
		return nil
	})
	return out, err
}

// Array returns a section of numbers, which must have been written as such of the
// same type.
func Array[T Number](r *Reader, name string) ([]T, error) {
	s, err := r.section(name)
	if err != nil {
		return nil, err
	}
	out := make([]T, s.n)
	per := pieceSize / sizeOf[T]()
	err = r.each(name, s, func(i int, b []byte) error {
		to := out[min(i*per, len(out)):min((i+1)*per, len(out))]
		if len(b) != len(to)*sizeOf[T]() {
			return fmt.Errorf("%w: section %s is of other numbers", ErrDamaged, name)
		}
		readNumbers(to, b)
		return nil
	})
	return out, err
}

func readNumbers[T Number](to []T, b []byte) {
	switch sizeOf[T]() {
	case 1:
		for i := range to {
			to[i] = T(b[i])
		}
	case 2:
		for i := range to {
			to[i] = T(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case 4:
		for i := range to {
			to[i] = T(binary.LittleEndian.Uint32(b[4*i:]))
		}
	default:
		for i := range to {
			to[i] = T(binary.LittleEndian.Uint64(b[8*i:]))
		}
	}
}

// Pieces gives the texts of a section to do, piece by piece, several at a time: all
// of a piece as one text, and where each of them ends in it.
func (r *Reader) Pieces(name string, per int, do func(i int, all string, ends []uint32)) error {
	s, err := r.section(name)
	if err != nil {
		return err
	}
	return r.each(name, s, func(i int, b []byte) error {
		many := min(per, s.n-i*per)
		if many <= 0 || len(b) < 4*many {
			return fmt.Errorf("%w: section %s is of other texts", ErrDamaged, name)
		}
		ends := make([]uint32, many)
		readNumbers(ends, b)
		for j, last := 0, uint32(0); j < many; j++ {
			if ends[j] < last || int(ends[j]) > len(b)-4*many {
				return fmt.Errorf("%w: section %s is of other texts", ErrDamaged, name)
			}
			last = ends[j]
		}
		do(i, string(b[4*many:]), ends)
		return nil
	})
}

// Strings returns the texts of a section.
func (r *Reader) Strings(name string, per int) ([]string, error) {
	out := make([]string, r.Len(name))
	err := r.Pieces(name, per, func(i int, all string, ends []uint32) {
		start := uint32(0)
		for j, end := range ends {
			out[i*per+j] = all[start:end]
			start = end
		}
	})
	return out, err
}
