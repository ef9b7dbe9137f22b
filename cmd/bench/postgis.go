package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// startPostGIS starts PostgreSQL with PostGIS in a folder of its own and loads
// the incidents, indexed as a careful operator would. The error is
// exec.ErrNotFound where it is not installed.
func startPostGIS(ctx context.Context, dir string, d *dataset) (*target, func(), error) {
	pid, dsn, end, err := startPostgres(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	begin := time.Now()
	if err := load(ctx, dsn, d); err != nil {
		end()
		return nil, nil, fmt.Errorf("load PostGIS: %w", err)
	}
	fmt.Fprintf(os.Stderr, "PostGIS has loaded and indexed after %.1f s\n", time.Since(begin).Seconds())
	return &target{"PostGIS (SQL)", pid, func(w *work) bool { return w.sql != "" },
		func(ctx context.Context, w *work) (connection, error) {
			conn, err := pgx.Connect(ctx, dsn)
			if err != nil {
				return nil, err
			}
			return &pgConnection{conn, w}, nil
		}}, end, nil
}

// startPostgres starts PostgreSQL in a folder below dir, without tables. The error
// is exec.ErrNotFound where it, or PostGIS, is not installed.
func startPostgres(ctx context.Context, dir string) (pid int, dsn string, end func(), err error) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	control, _ := filepath.Glob("/usr/share/postgresql/*/extension/postgis.control")
	if len(folders) == 0 || len(control) == 0 {
		return 0, "", nil, fmt.Errorf("postgresql with postgis: %w", exec.ErrNotFound)
	}
	slices.Reverse(folders)
	home := filepath.Join(dir, "postgres")
	if err := os.Mkdir(home, 0o700); err != nil {
		return 0, "", nil, err
	}
	as, err := asPostgres(dir, home)
	if err != nil {
		return 0, "", nil, err
	}
	initialise := exec.CommandContext(ctx, filepath.Join(folders[0], "initdb"), "-D", home+"/data", "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	initialise.SysProcAttr, initialise.Dir = as, home
	if out, err := initialise.CombinedOutput(); err != nil {
		return 0, "", nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	serve := exec.Command(filepath.Join(folders[0], "postgres"), "-D", home+"/data", "-k", home, "-c", "listen_addresses=",
		"-c", "shared_buffers=2GB", "-c", "work_mem=64MB", "-c", "maintenance_work_mem=1GB", "-c", "max_connections=200",
		"-c", "max_wal_size=8GB", "-c", "random_page_cost=1.1", "-c", "jit=off", "-c", "synchronous_commit=on")
	serve.SysProcAttr, serve.Dir = as, home
	if err := serve.Start(); err != nil {
		return 0, "", nil, err
	}
	end = func() {
		_ = serve.Process.Signal(syscall.SIGINT)
		_ = serve.Wait()
	}
	return serve.Process.Pid, "host=" + home + " user=bench dbname=postgres plan_cache_mode=force_custom_plan", end, nil
}

// asPostgres returns as whom PostgreSQL has to run, which refuses to be root, and
// makes the folders accessible to that user.
func asPostgres(dir, home string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(home, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, os.Chmod(dir, 0o711)
}

// connect waits until PostgreSQL answers.
func connect(ctx context.Context, dsn string) (*pgx.Conn, error) {
	var conn *pgx.Conn
	var err error
	for range 200 {
		if conn, err = pgx.Connect(ctx, dsn); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return conn, err
}

func load(ctx context.Context, dsn string, d *dataset) error {
	conn, err := connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `create extension postgis;
		create table incidents (id text, type text, start date, "end" date, killed_high int, props json, doc text, geom geometry(Point, 4326));
		create table lines (id text, doc text, geom geometry(LineString, 4326))`); err != nil {
		return err
	}
	if err := copyLines(ctx, conn, d.file, "incidents", func(f *feature) []any {
		return []any{f.ID, f.Properties.Type, day(f.Properties.Start), day(f.Properties.End), f.Properties.KilledHigh, string(f.raw), shape(f.Geometry)}
	}, "id", "type", "start", "end", "killed_high", "props", "doc"); err != nil {
		return err
	}
	if err := copyLines(ctx, conn, d.linesFile, "lines", func(f *feature) []any { return []any{f.ID, shape(f.Geometry)} }, "id", "doc"); err != nil {
		return err
	}
	for _, sql := range []string{
		`update lines set geom = st_setsrid(st_geomfromgeojson(doc), 4326)`,
		`create table t as select id, type, start, "end", killed_high, props, st_setsrid(st_geomfromgeojson(doc), 4326)::geometry(Point,4326) as geom from incidents order by id`,
		`drop table incidents`, `alter table t rename to incidents`, `alter table incidents add primary key (id)`,
		`create index on incidents using gist (geom)`, `create index on incidents using gist ((geom::geography))`,
		`create index on incidents (start)`, `create index on incidents (type, start)`, `create index on lines (id)`, `vacuum analyze`,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// feature is what PostGIS is told of an incident or a line.
type feature struct {
	ID         string          `json:"id"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties struct {
		Type       string `json:"type"`
		Start      string `json:"start"`
		End        string `json:"end"`
		KilledHigh int    `json:"killed_high"`
	} `json:"-"`
	Raw json.RawMessage `json:"properties"`
	raw []byte
}

// shape returns the geometry's text, nil for null.
func shape(g json.RawMessage) any {
	if string(g) == "null" {
		return nil
	}
	return string(g)
}

func day(s string) any {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return nil
	}
	return t
}

// copyLines copies the features of a file, one a line, into a table.
func copyLines(ctx context.Context, conn *pgx.Conn, name, table string, row func(*feature) []any, columns ...string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	_, err = conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		if !lines.Scan() {
			return nil, lines.Err()
		}
		var f feature
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(f.Raw, &f.Properties); err != nil {
			return nil, err
		}
		f.raw = f.Raw
		return row(&f), nil
	}))
	return err
}
