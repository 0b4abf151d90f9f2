package stage

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// mark stands in what the stage tampers with where there is one: an accepted report.
const mark = `"kind":"plan.report.accepted/`

// published is the newest accepted report of a post's book, or its newest entry, of what others have read already: so they
// notice what is done to it and are never led astray by it.
func (s *Stage) published(ctx context.Context, p *Post, readers ...*Post) (index int64, entry []byte, err error) {
	name := p.BookName(circle)
	size, err := p.size(ctx, name)
	for _, q := range readers {
		if err == nil {
			var read int64
			read, err = q.size(ctx, name)
			size = min(size, read)
		}
	}
	if err != nil {
		return 0, nil, err
	}
	err = p.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := node.Entries(ctx, tx, name, 0, int(size))
		for i, e := range all {
			if bytes.Contains(e, []byte(mark)) || !bytes.Contains(entry, []byte(mark)) {
				index, entry = int64(i), e
			}
		}
		return err
	})
	if err == nil && entry == nil {
		err = refuse.New("stage.not-read-yet")
	}
	return index, entry, err
}

// size of a book as it stands at a post; 0 where it does not.
func (p *Post) size(ctx context.Context, name string) (size int64, err error) {
	err = p.Store.Read(ctx, func(tx *store.Tx) error {
		head, _, err := node.Head(ctx, tx, name)
		if errors.Is(err, node.ErrNoBook) {
			return nil
		}
		size = head.Size
		return err
	})
	return size, err
}

// minuteLater is an entry with one byte changed: the last digit of the minute at which it was said.
func minuteLater(entry []byte) []byte {
	const before = `"at":"2006-01-02T15:0`
	out := bytes.Clone(entry)
	if at := bytes.Index(out, []byte(`"at":"`)); at >= 0 {
		digit := &out[at+len(before)]
		if *digit++; *digit > '9' {
			*digit = '8'
		}
	}
	return out
}

// addressed is the part of a path below the tampered book's.
func addressed(r *http.Request) (path string, ok bool) {
	const below = "/book/" + circle + "/"
	if len(r.URL.Path) <= len(below) || r.URL.Path[:len(below)] != below {
		return "", false
	}
	return r.URL.Path[len(below):], true
}
