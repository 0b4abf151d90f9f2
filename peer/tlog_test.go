package peer

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
)

func hashes(in [][]byte) []tlog.Hash {
	out := make([]tlog.Hash, len(in))
	for i, h := range in {
		out[i] = tlog.Hash(h)
	}
	return out
}

func slices(in []tlog.Hash) [][]byte {
	var out [][]byte
	for _, h := range in {
		out = append(out, h[:])
	}
	return out
}

// tileReader is what the Go checksum database's client asks of a server; its paths differ by the height only.
type tileReader struct{ s site }

func (tileReader) Height() int                     { return 8 }
func (tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		res, err := http.Get(r.s.url + path)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s, %v", path, res.Status, err)
		}
		out = append(out, body)
	}
	return out, nil
}

// prove lets the checksum database's client verify the tiles against the signed root and prove an entry from them.
func (s site) prove(checkpoint []byte) error {
	v, err := note.NewVerifier(s.vkey)
	if err != nil {
		return err
	}
	head, err := book.OpenCheckpoint(checkpoint, v.Name(), v)
	if err != nil {
		return err
	}
	tree := tlog.Tree{N: head.Size, Hash: head.Root}
	reader := tlog.TileHashReader(tree, tileReader{s})
	for _, index := range []int64{0, head.Size / 2, head.Size - 1} {
		proof, err := tlog.ProveRecord(head.Size, index, reader)
		if err != nil {
			return err
		}
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, head.Size, head.Root, index, leaf[0]); err != nil {
			return err
		}
	}
	return nil
}

func TestChecksumDatabaseClient(t *testing.T) {
	for _, size := range sizes {
		s := writeBook(t, size)
		checkpoint := get(t, s.url+"checkpoint")
		if err := s.prove(checkpoint); err != nil {
			t.Errorf("size %d: %v", size, err)
		}
		bad := s.tampered(t, "tile/0/", func(b []byte) []byte { b[0] ^= 1; return b })
		if bad.prove(checkpoint) == nil {
			t.Errorf("size %d: a changed tile was not noticed", size)
		}
	}
}

func TestChecksumDatabaseClientReadsARunningNode(t *testing.T) {
	s := running(t)
	if err := s.prove(get(t, s.url+"checkpoint")); err != nil {
		t.Error(err)
	}
}
