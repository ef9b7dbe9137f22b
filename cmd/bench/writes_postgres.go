package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Three sets of tables: what the least careful would do; the same with the indexes that
// its questions need, by place, on the globe, by day, by type and day; and the job that
// demarc does, which keeps every version, and claims that can be asked for.
const (
	bareTables = `create table bare (id text primary key, doc jsonb not null, geom geometry(Point, 4326));
		create index on bare using gist (geom)`
	bareInsert = `insert into bare values ($1, $2::jsonb, st_setsrid(st_makepoint($3, $4), 4326))`

	askedTables = `create table asked (id text primary key, day date not null, type text not null, doc jsonb not null, geom geometry(Point, 4326));
		create index on asked using gist (geom);
		create index on asked using gist ((geom::geography));
		create index on asked (day);
		create index on asked (type, day)`
	askedInsert = `insert into asked select $1, left((doc->>'start') || '-01-01', 10)::date, doc->>'type', doc, st_setsrid(st_makepoint($3, $4), 4326)
		from (select $2::jsonb as doc) d`

	keptTables = `create table versions (sequence bigint generated always as identity primary key, id text not null, number int not null,
			operation text not null, at timestamptz not null default now(), author text not null, body jsonb not null, sum bytea not null);
		create unique index on versions (id, number);
		create table incidents (id text primary key, doc jsonb not null, geom geometry(Point, 4326));
		create index on incidents using gist (geom);
		create table claims (id text primary key, incident_id text not null, doc jsonb not null, geom geometry(Point, 4326));
		create index on claims (incident_id);
		create index on claims using gist (geom)`
	keptInsert = `with r as (select $2::jsonb as doc, st_setsrid(st_makepoint($3, $4), 4326) as geom),
		v as (insert into versions (id, number, operation, author, body, sum) select $1, 1, 'put', 'bench', doc, sha256(convert_to($2::text, 'UTF8')) from r),
		i as (insert into incidents select $1, doc, geom from r)
		insert into claims select c->>'id', $1, c, geom from r, jsonb_array_elements(case jsonb_typeof(doc->'claims') when 'array' then doc->'claims' else '[]' end) c`
)

// startTables starts PostgreSQL with the sets of tables and as many incidents in
// each as stand before.
func startTables(ctx context.Context, dir string, p *pool) ([]*sink, func(), error) {
	pid, dsn, end, err := startPostgres(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	if err := p.fillTables(ctx, dsn); err != nil {
		end()
		return nil, nil, fmt.Errorf("fill PostgreSQL: %w", err)
	}
	dial := func(sql string) func(context.Context) (writer, error) {
		return func(ctx context.Context) (writer, error) {
			conn, err := pgx.Connect(ctx, dsn)
			return &inserter{conn, sql, p}, err
		}
	}
	return []*sink{
		{name: "PostgreSQL, INSERT", share: "of INSERT", doc: "primary key, jsonb, geometry with GiST", process: pid, dial: dial(bareInsert)},
		{name: "PostgreSQL, INSERT, five indexes", share: "of INSERT, five indexes", doc: "and by place on the globe, by day, by type and day", process: pid, dial: dial(askedInsert)},
		{name: "PostgreSQL, the same job", doc: "one statement: the version with its sum, the incident, its claims", process: pid, dial: dial(keptInsert)},
	}, end, nil
}

func (p *pool) fillTables(ctx context.Context, dsn string) error {
	conn, err := connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "create extension postgis; "+strings.Join([]string{bareTables, askedTables, keptTables}, "; ")); err != nil {
		return err
	}
	const part = 2000
	for from := 0; from < len(p.before); from += part {
		var batch pgx.Batch
		for _, r := range p.before[from:min(from+part, len(p.before))] {
			if r.Kind != "incidents" {
				continue
			}
			body, err := r.Encode()
			if err != nil {
				return err
			}
			for _, insert := range []string{bareInsert, askedInsert, keptInsert} {
				batch.Queue(insert, r.ID(), string(body), 70.0+float64(from%100)/100, 40.0)
			}
		}
		if err := conn.SendBatch(ctx, &batch).Close(); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, "vacuum analyze")
	return err
}

// inserter writes by a prepared statement.
type inserter struct {
	conn *pgx.Conn
	sql  string
	p    *pool
}

func (w *inserter) write(ctx context.Context, i int) error {
	a := w.p.added(i)
	var lon, lat any
	if a.position != nil {
		lon, lat = a.position[0], a.position[1]
	}
	_, err := w.conn.Exec(ctx, w.sql, a.id, string(a.record), lon, lat)
	return err
}

func (w *inserter) close() { _ = w.conn.Close(context.Background()) }
