package basemap

import (
	"testing"

	"github.com/paulmach/orb"
)

// Nothing on the background runs between two of the three states: the three are one
// area, and no edge between regions is in the files of two of them.
func TestNoLineBetweenTheThreeStates(t *testing.T) {
	layers, err := Layers()
	if err != nil {
		t.Fatal(err)
	}
	type edge [2]orb.Point
	drawnBy := map[edge]string{}
	for _, l := range layers {
		switch l.Name {
		case "land":
			var ids []string
			for _, f := range l.Features {
				ids = append(ids, f.ID)
			}
			if len(ids) != 3 || ids[0] != "neighbours" || ids[1] != "three-states" || ids[2] != "outer-border" {
				t.Errorf("land has %v, want one area for the three states", ids)
			}
		case "regions":
			for _, f := range l.Features {
				lines, _ := f.Geometry.(orb.MultiLineString) // the others are names
				for _, line := range lines {
					for i := 1; i < len(line); i++ {
						a, b := line[i-1], line[i]
						for _, e := range []edge{{a, b}, {b, a}} {
							if other, ok := drawnBy[e]; ok && other != f.ID {
								t.Fatalf("%v–%v is drawn by %s and by %s: a border between two states", a, b, other, f.ID)
							}
						}
						drawnBy[edge{a, b}] = f.ID
					}
				}
			}
		}
	}
	if len(drawnBy) < 1000 {
		t.Errorf("%d edges between regions, want thousands", len(drawnBy))
	}
}

// What is schematic says so, and nothing else does.
func TestSchematicRivers(t *testing.T) {
	layers, err := Layers()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"isfara": true, "kofarnihon": true, "khojabakirgan": true}
	for _, l := range layers {
		if l.Name != "rivers" {
			continue
		}
		i := l.Schema.Index("schematic")
		if i < 0 {
			t.Fatal("rivers have no field schematic")
		}
		for _, f := range l.Features {
			if got, _ := f.Values[i].Bool(); got != want[f.ID] {
				t.Errorf("%s: schematic = %v, want %v", f.ID, got, want[f.ID])
			}
		}
	}
}
