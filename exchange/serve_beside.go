package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// besidePage is after how many bytes an answer of what lies beside entries ends.
const besidePage = 4 << 20

// besides answers what only neighbours read.
func besides(r *http.Request, tx *store.Tx, member, circle, name, path string) (file, error) {
	switch path {
	case "beside":
		return beside(r, tx, name)
	case "heads":
		return heads(r.Context(), tx, member, circle)
	}
	head, _, err := node.Head(r.Context(), tx, name)
	return file{body: fmt.Appendln(nil, head.Size), contentType: "text/plain; charset=utf-8"}, err
}

// beside answers the words of up to a bundle of entries, and the evidence of their causes.
func beside(r *http.Request, tx *store.Tx, name string) (file, error) {
	from, err := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64)
	count, err2 := strconv.Atoi(r.URL.Query().Get("count"))
	if err != nil || err2 != nil || from < 0 || count < 1 || count > book.TileWidth {
		return file{}, errNotHere
	}
	if _, _, err := node.Head(r.Context(), tx, name); err != nil {
		return file{}, err
	}
	body, given, err := besideFrom(r.Context(), tx, name, from, count)
	if err == nil && given == 0 {
		err = errNotHere
	}
	return file{contentType: "application/x-ndjson; charset=utf-8", body: body, count: given}, err
}

// besideFrom is what lies beside count entries, or beside as many as besidePage bytes hold, at least one.
func besideFrom(ctx context.Context, tx *store.Tx, name string, from int64, count int) (body []byte, given int, err error) {
	for given < count && len(body) < besidePage {
		few, err := node.Beside(ctx, tx, name, from+int64(given), min(16, count-given))
		if err != nil {
			return nil, 0, err
		}
		if len(few) == 0 {
			break
		}
		for _, one := range few {
			if len(body) >= besidePage {
				break
			}
			line, err := book.BesideBundle([]book.Beside{one})
			if err != nil {
				return nil, 0, err
			}
			body, given = append(body, line...), given+1
		}
	}
	return body, given, nil
}

// HeadSeen is the newest head of a book that a member holds.
type HeadSeen struct {
	Member     string `json:"member"` // whose book it is
	Checkpoint string `json:"checkpoint"`
}

// heads answers the newest heads of the circle's books as they stand here.
func heads(ctx context.Context, tx *store.Tx, member, circle string) (file, error) {
	all := []HeadSeen{}
	neighbours, err := region.Neighbours(ctx, tx, member, circle)
	if err != nil {
		return file{}, err
	}
	for _, m := range neighbours {
		_, checkpoint, err := node.Head(ctx, tx, m.Member+"/"+circle)
		if errors.Is(err, node.ErrNoBook) {
			continue
		}
		if err != nil {
			return file{}, err
		}
		all = append(all, HeadSeen{m.Member, string(checkpoint)})
	}
	body, err := json.Marshal(all)
	return file{body: append(body, '\n'), contentType: "application/json"}, err
}

func readHeads(body []byte) (all []HeadSeen, err error) {
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, fmt.Errorf("heads of a neighbour: %w", err)
	}
	return all, nil
}

// longestWait is how long a reader is kept waiting for news.
const longestWait = 25 * time.Second

// wait returns when the book is longer than the reader knows, or after longestWait; with errWaiting if the neighbour who asks has enough
// requests waiting here.
func (b Books) wait(r *http.Request, name, asking string) error {
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil || b.News == nil {
		return nil
	}
	done, err := b.News.wait(asking)
	if err != nil {
		return err
	}
	defer done()
	enough := time.NewTimer(longestWait)
	defer enough.Stop()
	elsewhere := time.NewTicker(time.Second) // another process over the same database may have written
	defer elsewhere.Stop()
	for {
		news := b.News.Next()
		if b.size(r.Context(), name) != after {
			return nil
		}
		select {
		case <-news:
		case <-elsewhere.C:
		case <-enough.C:
			return nil
		case <-b.Stopping:
			return nil
		case <-r.Context().Done():
			return nil
		}
	}
}

func (b Books) size(ctx context.Context, name string) (size int64) {
	_ = b.Node.Store.Read(ctx, func(tx *store.Tx) error {
		head, _, err := node.Head(ctx, tx, name)
		size = head.Size
		return err
	})
	return size
}
