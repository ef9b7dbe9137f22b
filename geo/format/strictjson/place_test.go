package strictjson

import "testing"

func TestPlace(t *testing.T) {
	const doc = "{\n  \"a\": 1,\n  \"ү\": \"x\", \"list\": [10,\n    {\"b/c\": {\"~\": null}}, []],\n  \"a b\" : {}\n}\n"
	for pointer, want := range map[string][2]int{
		"":                  {1, 1},
		"/a":                {2, 3},
		"/ү":                {3, 3},
		"/list":             {3, 13}, // characters, not bytes
		"/list/0":           {3, 22},
		"/list/1":           {4, 5},
		"/list/1/b~1c":      {4, 6},
		"/list/1/b~1c/~0":   {4, 14},
		"/list/2":           {4, 27},
		"/a b":              {5, 3},
		"/missing":          {1, 1},
		"/list/1/missing":   {4, 5},
		"/list/9/x/y":       {3, 13},
		"no pointer at all": {1, 1},
	} {
		if line, column := Place([]byte(doc), pointer); line != want[0] || column != want[1] {
			t.Errorf("Place(%q) = %d:%d, want %d:%d", pointer, line, column, want[0], want[1])
		}
	}
	if line, column := Place(nil, "/a"); line != 1 || column != 1 {
		t.Errorf("in nothing: %d:%d, want 1:1", line, column)
	}
	if line, column := Place([]byte("{\n \"a\": 1,\n \"b\": x}"), "/b"); line != 3 || column != 2 {
		t.Errorf("before a syntax error: %d:%d, want 3:2", line, column)
	}
}

func TestLineColumn(t *testing.T) {
	for offset, want := range map[int][2]int{-1: {1, 1}, 0: {1, 1}, 1: {1, 2}, 2: {2, 1}, 4: {2, 2}, 5: {2, 3}, 99: {2, 3}} {
		if line, column := LineColumn([]byte("a\nүb"), offset); line != want[0] || column != want[1] {
			t.Errorf("offset %d is %d:%d, want %d:%d", offset, line, column, want[0], want[1])
		}
	}
}
