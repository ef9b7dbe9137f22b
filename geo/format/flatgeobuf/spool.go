package flatgeobuf

import (
	"fmt"
	"os"
)

// spoolMemory is how many bytes are kept before they go to a file.
const spoolMemory = 4 << 20

// spool keeps bytes to be read again in another order: the last ones in memory,
// those before them in a temporary file, if there are so many.
type spool struct {
	dir  string   // of the file; the system's where it is empty
	file *os.File // nil while all fit into memory
	past int64    // how many bytes are in the file
	tail []byte   // what comes after them
	buf  []byte   // of read
}

// size returns how many bytes have been added.
func (s *spool) size() int64 { return s.past + int64(len(s.tail)) }

// add appends b.
func (s *spool) add(b []byte) error {
	s.tail = append(s.tail, b...)
	if len(s.tail) < spoolMemory {
		return nil
	}
	if s.file == nil {
		file, err := os.CreateTemp(s.dir, "demarc-*.fgb-part")
		if err != nil {
			return fmt.Errorf("put features aside: %w", err)
		}
		s.file = file
		// Unix keeps a file without a name until it is closed, so that nothing is
		// left behind by a crash. Elsewhere this fails, and free removes it.
		_ = os.Remove(file.Name())
	}
	n, err := s.file.WriteAt(s.tail, s.past)
	s.past += int64(n)
	if err != nil {
		return fmt.Errorf("put features aside: %w", err)
	}
	s.tail = s.tail[:0]
	return nil
}

// read returns the bytes from from to to, which were added by one call. They are
// the spool's, until the next call.
func (s *spool) read(from, to int64) ([]byte, error) {
	if from >= s.past {
		return s.tail[from-s.past : to-s.past], nil
	}
	if int64(cap(s.buf)) < to-from {
		s.buf = make([]byte, to-from)
	}
	s.buf = s.buf[:to-from]
	if _, err := s.file.ReadAt(s.buf, from); err != nil {
		return nil, fmt.Errorf("fetch a feature put aside: %w", err)
	}
	return s.buf, nil
}

// free gives the memory and the file back.
func (s *spool) free() {
	s.tail, s.buf = nil, nil
	if s.file != nil {
		name := s.file.Name()
		_ = s.file.Close()  // nobody reads what it could not write
		_ = os.Remove(name) // gone already on Unix
		s.file = nil
	}
}
