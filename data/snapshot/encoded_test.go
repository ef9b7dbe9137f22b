package snapshot

import (
	"runtime"
	"testing"
	"time"

	"demarc/geo"
)

func numbered(n int) *part {
	schema := &geo.Schema{Fields: []geo.Field{{Name: "n", Type: geo.Integer}}}
	items := make([]item, n)
	for i := range items {
		id := geo.IntValue(int64(i)).Text()
		items[i] = item{feature: geo.Feature{ID: id, Values: []geo.Value{geo.IntValue(int64(i))}}, key: id}
	}
	return partOf(everyone(), schema, items)
}

func TestEncodedFeaturesAreThoseOfTheColumns(t *testing.T) {
	p := numbered(3 * blockRows / 2)
	if p.encoded.Load() == nil {
		t.Fatal("there was no room")
	}
	for row := range p.n {
		want, _ := p.compose(nil, row)
		if got := p.encoded.Load().of(row); string(got) != string(want) {
			t.Fatalf("row %d is %s, want %s", row, got, want)
		}
	}
}

func TestEncodedFeaturesKeepToTheirRoom(t *testing.T) {
	p, few, much := numbered(2000), &room{}, &room{}
	few.left.Store(1000)
	p.encoded.Store(nil)
	if p.encode(everyone(), few); p.encoded.Load() != nil || few.left.Load() != 1000 {
		t.Errorf("features were kept without room for them, %d bytes left of 1000", few.left.Load())
	}
	const most = 1 << 20
	much.left.Store(most)
	p.encode(everyone(), much)
	if taken := most - much.left.Load(); p.encoded.Load() == nil || taken < 2000*60 || taken > 2000*100 {
		t.Errorf("2000 features of 80 bytes took %d", taken)
	}
	p = nil
	for range 6000 { // what is not looked at any more gives its room back
		runtime.GC()
		if much.left.Load() == most {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d of %d bytes are left", much.left.Load(), int64(most))
}
