package mvt

import "hash/maphash"

// texts finds the texts that stand in a layer: open addressing, with a stamp in each slot,
// so that emptying it costs nothing. A layer of single features has some thousand texts,
// nearly all of them new; a map of strings took a tenth of the time that such a tile does.
type texts struct {
	seed  maphash.Seed
	slots []textSlot // a power of two of them
	count int
}

// textSlot is a text that stands in the values of the layer with that stamp.
type textSlot struct {
	stamp, hash uint32
	at, length  uint32 // in the values
	value       Value
}

const fewestSlots = 1 << 12

func newTexts() texts {
	return texts{seed: maphash.MakeSeed(), slots: make([]textSlot, fewestSlots)}
}

// slotOf returns the slot of a text, or the free one where it belongs, and its hash.
func (t *texts) slotOf(l *Layer, s string) (slot *textSlot, hash uint32) {
	hash = uint32(maphash.String(t.seed, s))
	for i := int(hash); ; i++ {
		slot = &t.slots[i&(len(t.slots)-1)]
		if slot.stamp != l.stamp || slot.hash == hash && string(l.values[slot.at:slot.at+slot.length]) == s {
			return slot, hash
		}
	}
}

// grow makes room for as many texts again.
func (t *texts) grow(stamp uint32) {
	before := t.slots
	t.slots = make([]textSlot, 2*len(before))
	for _, slot := range before {
		if slot.stamp != stamp {
			continue
		}
		i := int(slot.hash)
		for t.slots[i&(len(t.slots)-1)].stamp == stamp {
			i++
		}
		t.slots[i&(len(t.slots)-1)] = slot
	}
}

// text returns what stands for a text, which is no day that has a place in a table.
func (l *Layer) text(s string) Value {
	slot, hash := l.texts.slotOf(l, s)
	if slot.stamp == l.stamp {
		return slot.value
	}
	value := l.addText(s)
	*slot = textSlot{l.stamp, hash, uint32(len(l.values) - len(s)), uint32(len(s)), value}
	if l.texts.count++; l.texts.count > len(l.texts.slots)/2 {
		l.texts.grow(l.stamp)
	}
	return value
}
