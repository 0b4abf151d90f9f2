package exchange

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Skew lets a remote believe that the neighbour's clock is ahead of ours.
func Skew(r *Remote, d time.Duration) { r.ahead.Store(int64(d)) }

// Named is the first file that the words of an entry name.
func (b Books) Named(ctx context.Context, name, index string) (Attachment, error) {
	i, err := strconv.ParseInt(index, 10, 64)
	if err != nil {
		return Attachment{}, err
	}
	return b.named(ctx, name, i, 0)
}

// SignAt signs a request of a remote at some time.
func SignAt(r *Remote, req *http.Request, at time.Time) error {
	keys, err := r.keys()
	if err != nil {
		return err
	}
	return r.Signer.sign(req, r.Origin, at, keys[0])
}
