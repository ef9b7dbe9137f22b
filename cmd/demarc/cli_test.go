package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run this test program as demarc.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"demarc": main})
}

// TestCommandLine runs testdata/*.txtar. `make bless` writes again what they
// compare with. Besides testscript's own commands they have:
//
//	start [FLAG...]     starts `demarc serve` with the flags, waits until it tells its address, and sets $URL
//	get STATUS URL      asks for a URL, wants that status, and has the body as stdout
//	send SIGNAL         sends INT, TERM or HUP to the server
//	logged REGEXP       waits until the server has written a line that matches to standard error
//	occupy              listens on a port and sets $TAKEN
//	status CODE CMD...  runs a command that ends with that code
//	ended CODE          waits until the server has ended with that code, and has what it wrote as stdout and stderr
func TestCommandLine(t *testing.T) {
	records, err := filepath.Abs("../../server/testdata/records")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../docs/examples")
	if err != nil {
		t.Fatal(err)
	}
	collected, err := filepath.Abs(cmp.Or(os.Getenv("DEMARC_CORPUS"), "../../../shared/corpus"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Condition: func(cond string) (bool, error) {
			if cond != "corpus" {
				return false, fmt.Errorf("unknown condition %s", cond)
			}
			_, err := os.Stat(collected)
			return err == nil || os.Getenv("CI") == "true", nil // in CI the script fails without it
		},
		UpdateScripts: os.Getenv("DEMARC_BLESS") != "",
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, "RECORDS="+records, "EXAMPLES="+examples, "CORPUS="+collected)
			return os.CopyFS(filepath.Join(env.WorkDir, "records"), os.DirFS(records))
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"start": startCommand, "get": getCommand, "send": sendCommand, "logged": loggedCommand, "ended": endedCommand,
			"occupy": occupyCommand, "status": statusCommand,
		},
	})
}

// patience is how long a script waits for what must come; it is no bound that
// a test measures.
const patience = 4 * time.Minute

// running is a server that a script has started.
type running struct {
	cmd         *exec.Cmd
	out, errors transcript
	ended       chan struct{}
}

// transcript is what a program has written so far.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (w *transcript) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
	return w.text.Write(p)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// await waits until the text matches, and returns the match; "" when the
// program ends first.
func (r *running) await(w *transcript, pattern *regexp.Regexp) string {
	deadline := time.After(patience)
	for {
		if found := pattern.FindString(w.String()); found != "" {
			return found
		}
		select {
		case <-w.more:
		case <-r.ended:
			return pattern.FindString(w.String())
		case <-deadline:
			return ""
		}
	}
}

func startCommand(ts *testscript.TestScript, neg bool, args []string) {
	r := &running{ended: make(chan struct{})}
	r.out.more, r.errors.more = make(chan struct{}, 1), make(chan struct{}, 1)
	program, err := exec.LookPath("demarc")
	ts.Check(err)
	r.cmd = exec.Command(program, append([]string{"serve"}, args...)...)
	r.cmd.Dir = ts.MkAbs(".")
	r.cmd.Env = environWithoutSettings()
	for _, name := range []string{"DEMARC_LISTEN", "DEMARC_DATA", "DEMARC_LOG", "DEMARC_PUBLIC_URL", "DEMARC_TIMEOUT"} {
		if v := ts.Getenv(name); v != "" {
			r.cmd.Env = append(r.cmd.Env, name+"="+v)
		}
	}
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.errors
	ts.Check(r.cmd.Start())
	go func() {
		_ = r.cmd.Wait() // `ended` looks at how it ended
		close(r.ended)
	}()
	ts.Defer(func() {
		_ = r.cmd.Process.Kill() // it has ended already, unless the script failed
		<-r.ended
	})
	address := r.await(&r.out, addressInOutput)
	if address == "" {
		ts.Fatalf("demarc serve told no address:\n%s%s", &r.out, &r.errors)
	}
	ts.Setenv("URL", address)
	servers.Store(ts.Name(), r)
}

// servers are the running servers by the name of their script: a script's own
// values can only be set before it runs.
var servers sync.Map

func serverOf(ts *testscript.TestScript) *running {
	r, ok := servers.Load(ts.Name())
	if !ok {
		ts.Fatalf("no server was started")
	}
	return r.(*running)
}

func getCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: get STATUS URL")
	}
	response, err := http.Get(args[1])
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	_, _ = ts.Stdout().Write(body)
	if got := strconv.Itoa(response.StatusCode); got != args[0] {
		ts.Fatalf("%s: status %s, want %s\n%s", args[1], got, args[0], body)
	}
}

func sendCommand(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}
	ts.Check(serverOf(ts).cmd.Process.Signal(signals[args[0]]))
}

func loggedCommand(ts *testscript.TestScript, neg bool, args []string) {
	r := serverOf(ts)
	if r.await(&r.errors, regexp.MustCompile(args[0])) == "" {
		ts.Fatalf("nothing logged matches %s:\n%s", args[0], &r.errors)
	}
}

func endedCommand(ts *testscript.TestScript, neg bool, args []string) {
	r := serverOf(ts)
	select {
	case <-r.ended:
	case <-time.After(patience):
		ts.Fatalf("the server does not end")
	}
	_, _ = io.Copy(ts.Stdout(), strings.NewReader(r.out.String()))
	_, _ = io.Copy(ts.Stderr(), strings.NewReader(r.errors.String()))
	if got := strconv.Itoa(r.cmd.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("the server ended with %s, want %s\n%s", got, args[0], &r.errors)
	}
}

// statusCommand runs a command that is to end with that code.
func statusCommand(ts *testscript.TestScript, neg bool, args []string) {
	want := args[0]
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = strconv.Itoa(exit.ExitCode())
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s ended with %s, want %s", strings.Join(args[1:], " "), got, want)
	}
}

// occupyCommand listens on a port, so that nobody else can, and sets $TAKEN.
func occupyCommand(ts *testscript.TestScript, neg bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { listener.Close() })
	ts.Setenv("TAKEN", listener.Addr().String())
}
