package gpkg

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"demarc/data"
)

// bulk gathers rows of a table, and inserts them some at a time: a statement costs
// more than a row.
type bulk struct {
	s *Store
	inserting
	args []driver.NamedValue
	// Where SQLite draws the keys, one after the other, drawn is that of the row before.
	draws bool
	drawn int64
}

// inserting is an INSERT up to its values, of which a row has width.
type inserting struct {
	insert string
	width  int
}

// insertText names the statement for so many rows.
type insertText struct {
	inserting
	rows int
}

// text returns the statement for so many rows. s.mu is held.
func (b *bulk) text(rows int) string {
	of := insertText{b.inserting, rows}
	text, ok := b.s.texts[of]
	if !ok {
		text = b.insert + " VALUES " + times(rows, "("+times(b.width, "?")+")")
		b.s.texts[of] = text
	}
	return text
}

// bulkRows is how many rows a statement has at the most. There is one for each number up
// to it, since beginning and ending one takes as long as some rows do.
const bulkRows = 32

func (b *bulk) add(ctx context.Context, row ...any) error {
	var err error
	if b.args, err = appendValues(b.args, row...); err != nil {
		return err
	}
	if len(b.args) < bulkRows*b.width {
		return nil
	}
	return b.flush(ctx)
}

// flush inserts what was gathered.
func (b *bulk) flush(ctx context.Context) error {
	for args := range slices.Chunk(b.args, bulkRows*b.width) {
		if err := b.insertRows(ctx, len(args)/b.width, args); err != nil {
			return err
		}
	}
	clear(b.args)
	b.args = b.args[:0]
	return nil
}

// insertRows inserts some rows, and sees that they have the keys that they should.
func (b *bulk) insertRows(ctx context.Context, rows int, args []driver.NamedValue) error {
	result, err := b.s.executeValues(ctx, b.text(rows), args)
	if err != nil || !b.draws {
		return err
	}
	b.drawn += int64(rows)
	key, err := result.LastInsertId()
	if err == nil && key != b.drawn {
		err = fmt.Errorf("%w: a row got the key %d where %d comes next: rows were taken out, or put in, by another program", data.ErrUnavailable, key, b.drawn)
	}
	return err
}

// times returns something n times, with commas.
func times(n int, of string) string { return strings.Repeat(of+", ", n-1) + of }

// flush inserts the rows that were gathered.
func (c *commit) flush(ctx context.Context) error {
	clear(c.unwritten)
	if err := c.versions.flush(ctx); err != nil {
		return err
	}
	return c.batches.flush(ctx)
}
