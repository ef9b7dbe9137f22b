package gpkg_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"demarc/data/store/gpkg"
)

// One bit that is flipped in any version, its leaf, its salt, a tile of the log, a
// batch or a token is found by Verify, which names the row.
func TestVerifyFindsEveryBit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	closed(t, path, "original")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	st, err := gpkg.Open(t.Context(), path, sourcesTable())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 7))
	for _, tt := range []struct{ table, key, column, sample string }{
		{"demarc_versions", "sequence", "body", "body IS NOT NULL"},
		{"demarc_versions", "sequence", "salt", "salt IS NOT NULL AND sequence % 5 = 0"},
		{"demarc_versions", "sequence", "entry", "entry IS NOT NULL AND sequence % 5 = 2"},
		{"demarc_versions", "sequence", "author", "sequence % 97 = 0"},
		{"demarc_versions", "sequence", "sum", "sequence % 89 = 0"},
		{"demarc_tiles", "id", "hashes", "1"},
		{"demarc_batches", "first", "digest", "first % 37 = 0"},
		{"demarc_tokens", "rowid", "role", "1"},
		{"demarc_state", "rowid", "value", "name = 'last'"},
	} {
		for _, key := range keysOf(t, db, tt.table, tt.key, tt.sample) {
			var before []byte
			if err := db.QueryRow(fmt.Sprintf("SELECT CAST(%s AS BLOB) FROM %s WHERE %s = ?", tt.column, tt.table, tt.key), key).Scan(&before); err != nil {
				t.Fatal(err)
			}
			after := append([]byte(nil), before...)
			if len(after) == 0 {
				after = []byte("x")
			}
			bits := 8
			if asText := tt.column == "author" || tt.column == "digest" || tt.column == "role" || tt.column == "value"; asText {
				bits = 7 // so that it stays text
			}
			after[random.IntN(len(after))] ^= 1 << random.IntN(bits)
			set := fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ?", tt.table, tt.column, tt.key)
			value := func(b []byte) any {
				if tt.column == "author" || tt.column == "digest" || tt.column == "role" || tt.column == "value" {
					return string(b)
				}
				return b
			}
			if _, err := db.Exec(set, value(after), key); err != nil {
				t.Fatal(err)
			}
			if err := st.Verify(t.Context()); err == nil || !strings.Contains(err.Error(), tt.table) {
				t.Errorf("%s of row %d of %s was flipped: %v", tt.column, key, tt.table, err)
			}
			if _, err := db.Exec(set, value(before), key); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := st.Verify(t.Context()); err != nil {
		t.Errorf("put back as it was: %v", err)
	}
}

func keysOf(t *testing.T, db *sql.DB, table, key, sample string) (keys []int64) {
	t.Helper()
	rows, err := db.Query(fmt.Sprintf("SELECT %s FROM %s WHERE %s", key, table, sample))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var k int64
		if err := rows.Scan(&k); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		t.Fatalf("no row of %s where %s", table, sample)
	}
	return keys
}
