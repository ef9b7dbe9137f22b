package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"demarc/data/ledger"
)

// maxAnswer is the greatest answer of a service that is read, in bytes.
const maxAnswer = 64 << 20

// remoteLog is the log of a running service. It is a ledger.Log.
type remoteLog struct {
	base string // without a slash at the end
	key  string
}

// openRemoteLog returns the log of the service at an address. Without a key it is
// the one that the service shows.
func openRemoteLog(ctx context.Context, address, key string) (*remoteLog, error) {
	at, err := url.Parse(address)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the address of a service: give it as https://host", address)
	}
	l := &remoteLog{strings.TrimSuffix(address, "/"), key}
	if key != "" {
		return l, nil
	}
	var about struct {
		PublicKey string `json:"public_key"`
	}
	if err := l.json(ctx, "/log", &about); err != nil {
		return nil, err
	}
	l.key = about.PublicKey
	return l, nil
}

// get reads a resource of the service, at the pace that the service asks for.
func (l *remoteLog) get(ctx context.Context, path string) ([]byte, error) {
	for {
		body, wait, err := l.getOnce(ctx, path)
		if wait == 0 {
			return body, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// longest is how long a service may ask to wait.
const longest = time.Minute

// getOnce is get without waiting: it returns how long to wait before the request is
// sent again, 0 where it was answered.
func (l *remoteLog) getOnce(ctx context.Context, path string) ([]byte, time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.base+path, nil)
	if err != nil {
		return nil, 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if response.StatusCode == http.StatusTooManyRequests {
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds >= 0 {
			return nil, min(longest, max(time.Duration(seconds)*time.Second, time.Second/10)), nil
		}
	}
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s%s answers %s", l.base, path, response.Status)
	}
	return body, 0, err
}

func (l *remoteLog) json(ctx context.Context, path string, into any) error {
	body, err := l.get(ctx, path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s%s: %w", l.base, path, err)
	}
	return nil
}

// PublicKey is ledger.Log's.
func (l *remoteLog) PublicKey() string { return l.key }

// Checkpoint is ledger.Log's.
func (l *remoteLog) Checkpoint(ctx context.Context) ([]byte, error) {
	return l.get(ctx, "/log/checkpoint")
}

// Tile is ledger.Log's.
func (l *remoteLog) Tile(ctx context.Context, level int, number int64, width int) ([]byte, error) {
	path := ledger.TilePath(level, number, width)
	if level < 0 {
		path = ledger.EntriesPath(number, width)
	}
	return l.get(ctx, "/log/"+path)
}

// Evidence is ledger.Log's.
func (l *remoteLog) Evidence(ctx context.Context, collection, id string, number int) (ledger.Evidence, error) {
	var told struct {
		Index      int64    `json:"index"`
		Size       int64    `json:"size"`
		Leaf       string   `json:"leaf"`
		Hashes     [][]byte `json:"hashes"`
		Checkpoint string   `json:"checkpoint"`
		Salt       []byte   `json:"salt"`
		Record     *string  `json:"record"`
	}
	path := "/collections/" + url.PathEscape(collection) + "/items/" + url.PathEscape(id) + "/revisions/" + strconv.Itoa(number) + "/proof"
	if err := l.json(ctx, path, &told); err != nil {
		return ledger.Evidence{}, err
	}
	e := ledger.Evidence{Proof: ledger.Proof{Leaf: told.Index, Size: told.Size}, Entry: []byte(told.Leaf), Salt: told.Salt, Checkpoint: []byte(told.Checkpoint)}
	if told.Record != nil {
		e.Record = []byte(*told.Record)
	}
	for _, h := range told.Hashes {
		if len(h) != len(ledger.Hash{}) {
			return e, fmt.Errorf("%s%s has a hash of %d bytes", l.base, path, len(h))
		}
		e.Hashes = append(e.Hashes, ledger.Hash(h))
	}
	return e, nil
}

// remote checks the log of a running service.
func (cmd *verifyCmd) remote(ctx context.Context, to streams) error {
	if cmd.PutBack {
		return errors.New("--put-back is for a store: name it with --store, and no address")
	}
	log, err := openRemoteLog(ctx, cmd.URL, cmd.Key)
	if err != nil {
		return err
	}
	if cmd.Key == "" {
		fmt.Fprintf(to.out, "the key is the one that the service shows; note it, and give it as --key from the next time on:\n%s\n", log.key)
	}
	noted := &notedLog{remoteLog: log, newest: map[[2]string]notedVersion{}}
	seen, err := ledger.Audit(ctx, noted)
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "no faults: %d versions in the log %s, the content of each but %d that were removed; its root is %v\n", seen.Size, seen.Origin, seen.Removed, seen.Root)
	features, err := noted.features(ctx)
	if err != nil {
		return cmd.meanwhile(ctx, log, seen.Size, err)
	}
	fmt.Fprintf(to.out, "no faults: %d features, each in its list and by itself, are what the records in the log make\n", features)
	return nil
}

// meanwhile tells of changes that the service took while it was read: what differs
// then need be no fault.
func (cmd *verifyCmd) meanwhile(ctx context.Context, log *remoteLog, size int64, faults error) error {
	signed, err := log.Checkpoint(ctx)
	if err != nil {
		return errors.Join(faults, err)
	}
	at, err := ledger.ReadCheckpoint(signed, log.key)
	if err == nil && at.Size != size {
		err = fmt.Errorf("the service took %d changes meanwhile, which make a difference too: verify again", at.Size-size)
	}
	return errors.Join(faults, err)
}
