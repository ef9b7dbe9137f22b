package cql2_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/cql2"
)

// wasmScript answers each line, a filter in text as a JSON string, with the filter in
// JSON as cql2-wasm (developmentseed/cql2-rs) reads it.
const wasmScript = `
import * as cql2 from 'cql2-wasm';
import readline from 'node:readline';
const plain = (k, v) => v instanceof Map ? Object.fromEntries(v) : v;
for await (const line of readline.createInterface({input: process.stdin})) {
  try {
    const json = cql2.parseText(JSON.parse(line)).to_json();
    console.log(typeof json === 'string' ? json : JSON.stringify(json, plain));
  } catch (e) { console.log(JSON.stringify({error: String(e)})); }
}`

// startWasm installs cql2-wasm and returns a function that asks it.
func startWasm(t *testing.T) func(filters []string) []any {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		missing(t, "node with npm")
	}
	dir := t.TempDir()
	install := exec.Command("../../.ci/retry", "npm", "install", "--no-audit", "--no-fund", "--prefix", dir, "cql2-wasm@0.5.0-rc1")
	if msg, err := install.CombinedOutput(); err != nil {
		t.Logf("%s", msg)
		missing(t, "npm package cql2-wasm")
	}
	script := filepath.Join(dir, "ask.mjs")
	if err := os.WriteFile(script, []byte(wasmScript), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(filters []string) []any {
		var in, out bytes.Buffer
		enc := json.NewEncoder(&in)
		for _, f := range filters {
			if err := enc.Encode(f); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command("node", "--experimental-wasm-modules", "--no-warnings", script)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, os.Stderr
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		var answers []any
		for lines := bufio.NewReader(&out); ; {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				return answers
			}
			var answer any
			if err := json.Unmarshal(line, &answer); err != nil {
				t.Fatal(err)
			}
			answers = append(answers, answer)
		}
	}
}

// asStandard turns what cql2-wasm writes in its own way into CQL2 JSON: it has -5 as
// -1 * 5, BBOX(…) as a function, and the temporal functions in lower case.
func asStandard(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = asStandard(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = asStandard(v[k])
		}
		args, _ := v["args"].([]any)
		switch op := v["op"]; op {
		case "*":
			if n, ok := args[1].(float64); ok && args[0] == -1.0 {
				return -n
			}
		case "bbox":
			return map[string]any{"bbox": args}
		case "a_containedby":
			v["op"] = "a_containedBy"
		case "t_finishedby", "t_metby", "t_overlappedby", "t_startedby":
			v["op"] = strings.TrimSuffix(op.(string), "by") + "By"
		}
	}
	return v
}

// misread tells which filters cql2-wasm 0.5.0-rc1 reads wrongly or not at all, and
// why.
func misread(e cql2.Expr) (why string) {
	var between, and bool
	var walk func(e cql2.Expr)
	walk = func(e cql2.Expr) {
		switch e := e.(type) {
		case cql2.And:
			and = true
		case cql2.Between:
			between = true
		case cql2.In:
			if len(e.List) == 1 {
				why = "it has the list of one member as that member"
			}
		case cql2.Call:
			if e.Name != strings.ToLower(e.Name) {
				why = "it writes names of functions in lower case"
			}
		case cql2.Number:
			if s := e.String(); strings.Contains(s, "E") || len(s) > 15 {
				why = "it ends at an exponent, and has integers as float64"
			}
		case cql2.String:
			if strings.ContainsAny(string(e), `'\`) {
				why = "it leaves escapes in the text"
			}
		case cql2.Array:
			for _, elem := range e.Elems {
				if _, literal := elem.(cql2.String); !literal {
					why = "it knows arrays of some literals only"
				}
			}
			if len(e.Elems) < 2 {
				why = "it knows arrays of two elements or more"
			}
		case cql2.Geometry:
			if geo.BBoxOf(e.Shape).IsEmpty() {
				why = "it does not know EMPTY"
			}
		}
		for _, c := range cql2.Children(e) {
			walk(c)
		}
	}
	walk(e)
	if between && and {
		why = "it loses what follows a BETWEEN and AND"
	}
	return why
}

// TestAgreesWithCQL2RS reads filters with an independent implementation too.
func TestAgreesWithCQL2RS(t *testing.T) {
	ask := startWasm(t)
	var filters []string
	for _, s := range examples(t, "text", ".txt") {
		filters = append(filters, s)
	}
	b, err := os.ReadFile(filepath.Join(corpus(t, "ats"), "predicates.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		filters = append(filters, strings.Split(row, "\t")[3])
	}
	compareWithWasm(t, ask, "the examples and the ATS's predicates", filters, nil, cql2.WithAnyProperty())

	drawn := rapid.Custom(func(t *rapid.T) cql2.Expr { return drawFilter(t, 3) })
	filters = filters[:0]
	for seed := range 2000 {
		filters = append(filters, cql2.Format(drawn.Example(seed)))
	}
	compareWithWasm(t, ask, "drawn filters", filters, testSchema())
}

// compareWithWasm asks that both read the filters as the same trees, but those that
// cql2-wasm misreads.
func compareWithWasm(t *testing.T, ask func([]string) []any, what string, filters []string, sc *geo.Schema, opts ...cql2.Option) {
	t.Helper()
	agreed := 0
	misreadings := map[string]int{}
	for i, answer := range ask(filters) {
		want, err := cql2.ParseText(filters[i], sc, opts...)
		if err != nil {
			t.Errorf("%s: %v", filters[i], err)
			continue
		}
		b, err := json.Marshal(asStandard(answer))
		if err != nil {
			t.Fatal(err)
		}
		got, err := cql2.ParseJSON(b, sc, opts...)
		switch why := misread(want); {
		case err == nil && reflect.DeepEqual(got, want):
			agreed++
		case why != "":
			misreadings[why]++
		case err != nil:
			t.Errorf("%s\ncql2-wasm: %s\n%v", filters[i], b, err)
		default:
			t.Errorf("%s\nours      %s\ncql2-wasm %s", filters[i], cql2.FormatJSON(want), cql2.FormatJSON(got))
		}
	}
	t.Logf("cql2-wasm agrees on %s: %d/%d; else %v", what, agreed, len(filters), misreadings)
}
