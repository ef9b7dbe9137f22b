package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/valyala/fasthttp"
)

// target is a server to measure.
type target struct {
	name string
	// process is the pid whose CPU time counts, with that of its children.
	process int
	// asks tells whether the target can answer the work's questions.
	asks func(w *work) bool
	// dial opens a connection for the work, which one goroutine uses.
	dial func(ctx context.Context, w *work) (connection, error)
}

// connection sends question i and returns the size of the answer.
type connection interface {
	ask(i int) (size int, err error)
	close()
}

// httpConnection keeps one connection open.
type httpConnection struct {
	base     string
	client   *fasthttp.HostClient
	requests []*fasthttp.Request
	turning  []string // the paths in which turn stands
	answer   *fasthttp.Response
}

// turn stands in a path for a day that is another one each time, so that no answer is
// one that the server has kept.
const turn = "DAY"

// turns counts the questions with a turn.
var turns atomic.Int64

func nextTurn() string {
	return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(turns.Add(1))).Format(time.DateOnly)
}

// dialHTTP returns how to ask the server at base, with a path a question.
func dialHTTP(base string, path func(w *work, i int) string) func(context.Context, *work) (connection, error) {
	return func(_ context.Context, w *work) (connection, error) {
		host := strings.TrimPrefix(base, "http://")
		c := &httpConnection{base: base, client: &fasthttp.HostClient{Addr: host, MaxConns: 1, ReadTimeout: time.Minute, MaxIdleConnDuration: time.Minute}, answer: &fasthttp.Response{}}
		for i := range w.questions {
			r := &fasthttp.Request{}
			r.SetRequestURI(base + path(w, i))
			c.requests = append(c.requests, r)
			if strings.Contains(path(w, i), turn) {
				c.turning = append(c.turning, path(w, i))
			}
		}
		return c, nil
	}
}

func (c *httpConnection) ask(i int) (int, error) {
	if len(c.turning) > 0 {
		c.requests[i].SetRequestURI(c.base + strings.ReplaceAll(c.turning[i], turn, nextTurn()))
	}
	if err := c.client.Do(c.requests[i], c.answer); err != nil {
		return 0, err
	}
	if status := c.answer.StatusCode(); status != http.StatusOK && status != http.StatusNoContent {
		return 0, fmt.Errorf("%s: %d %.300s", c.requests[i].URI(), status, c.answer.Body())
	}
	return len(c.answer.Body()), nil
}

func (c *httpConnection) close() { c.client.CloseIdleConnections() }

// pgConnection asks by a prepared statement.
type pgConnection struct {
	conn *pgx.Conn
	work *work
}

func (c *pgConnection) ask(i int) (int, error) {
	rows, err := c.conn.Query(context.Background(), c.work.sql, c.work.questions[i].sql...)
	if err != nil {
		return 0, err
	}
	size := 0
	for rows.Next() {
		size += len(rows.RawValues()[0])
	}
	return size, rows.Err()
}

func (c *pgConnection) close() { _ = c.conn.Close(context.Background()) }

// start starts every server that takes part, demarc first and the ceiling last.
// closeAll ends those that it started.
func (o *options) start(ctx context.Context, dir string, d *dataset) (targets []*target, closeAll func(), err error) {
	var ends []func()
	closeAll = func() {
		for _, end := range ends {
			end()
		}
	}
	sizes := &sizes{of: map[string][]int{}}
	begin := time.Now()
	process, base, end, err := startChild(ctx, dir, "http://", o.demarc, "serve", "--listen", "127.0.0.1:0", "--log", "json",
		"--layer", "incidents1m="+d.file, "--layer", "lines="+d.linesFile)
	if err != nil {
		return nil, closeAll, err
	}
	ends = append(ends, end)
	fmt.Fprintf(os.Stderr, "demarc answers after %.1f s\n", time.Since(begin).Seconds())
	targets = append(targets, &target{"demarc", process, func(*work) bool { return true },
		sizes.learn(dialHTTP(base, func(w *work, i int) string { return w.questions[i].fill(w.path) }))})

	if !o.postgis {
		fmt.Fprintln(os.Stderr, "PostGIS does not take part: -postgis=false")
	} else if pg, end, err := startPostGIS(ctx, dir, d); err == nil {
		targets, ends = append(targets, pg), append(ends, end)
	} else if !errors.Is(err, exec.ErrNotFound) {
		return nil, closeAll, err
	} else {
		fmt.Fprintln(os.Stderr, "PostGIS does not take part:", err)
	}
	others, err := o.others()
	if err != nil {
		return nil, closeAll, err
	}
	targets = append(targets, others...)

	self, err := os.Executable()
	if err != nil {
		return nil, closeAll, err
	}
	process, base, end, err = startChild(ctx, dir, "http://", self, ceilingCommand)
	if err != nil {
		return nil, closeAll, err
	}
	ends = append(ends, end)
	targets = append(targets, &target{"ceiling", process, func(*work) bool { return true },
		dialHTTP(base, func(w *work, i int) string { return "/bytes/" + strconv.Itoa(sizes.get(w.name, i)) })})
	return targets, closeAll, nil
}

// others reads the other servers that the operator has started.
func (o *options) others() ([]*target, error) {
	if o.targets == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(o.targets)
	if err != nil {
		return nil, err
	}
	var list []struct {
		Name    string            `json:"name"`
		Process int               `json:"process"`
		Base    string            `json:"base"`
		Works   map[string]string `json:"works"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", o.targets, err)
	}
	var all []*target
	for _, t := range list {
		all = append(all, &target{t.Name, t.Process, func(w *work) bool { return t.Works[w.name] != "" },
			dialHTTP(t.Base, func(w *work, i int) string { return w.questions[i].fill(t.Works[w.name]) })})
	}
	return all, nil
}

// startChild starts a program and waits until it prints an address that begins
// with prefix.
func startChild(ctx context.Context, dir, prefix, program string, args ...string) (pid int, address string, end func(), err error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	if strings.Contains(program, "/") && !strings.HasPrefix(program, "/") {
		wd, err := os.Getwd()
		if err != nil {
			return 0, "", nil, err
		}
		cmd.Path = wd + "/" + program
		cmd.Err = nil
	}
	log, err := os.Create(dir + "/" + strconv.FormatInt(time.Now().UnixNano(), 36) + ".log")
	if err != nil {
		return 0, "", nil, err
	}
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return 0, "", nil, err
	}
	end = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if i := strings.Index(lines.Text(), prefix); i >= 0 {
			address, _, _ = strings.Cut(lines.Text()[i:], " ")
			return cmd.Process.Pid, address, end, nil
		}
	}
	end()
	said, _ := os.ReadFile(log.Name())
	return 0, "", nil, fmt.Errorf("%s does not say where it listens:\n%.2000s", program, said)
}

// sizes remembers how large demarc's answers are, for the ceiling to write as much.
type sizes struct {
	mu sync.Mutex
	of map[string][]int
}

func (s *sizes) get(work string, i int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.of[work]; i < len(known) && known[i] > 0 {
		return known[i]
	}
	return 1000
}

type learning struct {
	connection
	s    *sizes
	work string
}

// learn notes the size of every answer.
func (s *sizes) learn(dial func(context.Context, *work) (connection, error)) func(context.Context, *work) (connection, error) {
	return func(ctx context.Context, w *work) (connection, error) {
		c, err := dial(ctx, w)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.of[w.name] == nil {
			s.of[w.name] = make([]int, len(w.questions))
			return &learning{c, s, w.name}, nil // the first is the survey, which asks one after the other
		}
		return c, nil
	}
}

func (l *learning) ask(i int) (int, error) {
	size, err := l.connection.ask(i)
	l.s.mu.Lock()
	l.s.of[l.work][i] = size
	l.s.mu.Unlock()
	return size, err
}

const ceilingCommand = "ceiling"

// ceiling answers /bytes/N with N bytes from memory until the process ends.
func ceiling() error {
	body := make([]byte, 16<<20)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("ceiling on http://%s \n", listener.Addr())
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/bytes/"))
		if err != nil || n < 0 || n > len(body) {
			http.Error(w, "write /bytes/N", http.StatusBadRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Length", strconv.Itoa(n))
		_, _ = w.Write(body[:n])
	}))
}
