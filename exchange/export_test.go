package exchange

import (
	"net/http"
	"time"
)

// Skew lets a remote believe that the neighbour's clock is ahead of ours.
func Skew(r *Remote, d time.Duration) { r.ahead.Store(int64(d)) }

// SignAt signs a request of a remote at some time.
func SignAt(r *Remote, req *http.Request, at time.Time) error {
	return r.Signer.sign(req, r.Origin, at)
}
