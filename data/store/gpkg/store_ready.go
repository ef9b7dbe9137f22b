package gpkg

import (
	"bytes"

	"demarc/data"
	"demarc/data/background"
	"demarc/data/ledger"
	"demarc/data/store"
)

// blinded is what a body is published with: the log tells its sum with the salt.
type blinded struct {
	body       []byte // that it was made of
	salt       []byte
	commitment string
	used       bool // by a version; guarded by the store's mu
}

func blind(body []byte) (*blinded, error) {
	salt := ledger.NewSalt()
	commitment, err := ledger.Commitment(salt, body)
	return &blinded{body: body, salt: salt, commitment: commitment}, err
}

// of tells whether it was made of the body.
func (b *blinded) of(body []byte) bool { return b != nil && bytes.Equal(b.body, body) }

// Ready is store.Readier's: what the log needs to know of a body, which costs more than its
// row.
func (s *Store) Ready(body []byte) any {
	made, err := blind(body)
	if err != nil {
		return nil // the commit says it
	}
	return made
}

// blindAll blinds the bodies that a group publishes and that were not made ready, on all
// processors and before the turn.
func blindAll(g *store.Group) (map[*data.Change]*blinded, error) {
	var all []*data.Change
	for i := range g.Batches {
		for j := range g.Batches[i].Changes {
			ch := &g.Batches[i].Changes[j]
			if made, _ := ch.Ready.(*blinded); ch.Operation == data.Put && !made.of(ch.Body) {
				all = append(all, ch)
			}
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	made, errs := make([]*blinded, len(all)), make([]error, len(all))
	background.Each(background.Processors()-3, len(all), background.Go, func(i int) {
		made[i], errs[i] = blind(all[i].Body)
	})
	out := make(map[*data.Change]*blinded, len(all))
	for i, ch := range all {
		if errs[i] != nil {
			return nil, errs[i]
		}
		out[ch] = made[i]
	}
	return out, nil
}

// blinding returns what a change publishes a body with. Nothing is taken twice, nor for
// another body than it was made of: who knows two versions with one salt could tell
// whether they say the same.
func (c *commit) blinding(ch *data.Change, body []byte) (*blinded, error) {
	made, ok := c.blinded[ch]
	if !ok {
		made, _ = ch.Ready.(*blinded)
	}
	if !made.of(body) || made.used { // also of what was a draft, or is retracted
		var err error
		if made, err = blind(body); err != nil {
			return nil, err
		}
	}
	made.used = true
	return made, nil
}

var _ store.Readier = (*Store)(nil)
