package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/books"
)

// mountExchange serves the opened books to anyone, all books to whoever may read them here, and to each recognised
// member those of its circles; it cosigns what they show, and follows them.
func (a *app) mountExchange(o appOptions) error {
	n := a.folder.Node
	news := &exchange.News{}
	n.AfterCommit(news.Tell)
	books := exchange.Books{
		Node: n, Attached: attached, Open: exchange.OpenTo(o.openBooks...), News: news, Stopping: a.stopping, Neighbour: exchange.ByNeighbour(n),
		Allowed: func(r *http.Request, _ string) bool { return web.May(r.Context(), region.BookRead) },
		Failed: func(r *http.Request, err error) {
			a.log.ErrorContext(r.Context(), "a book could not be read", "circle", r.PathValue("circle"), "error", err)
		},
	}
	if o.clock == nil { // what is spoilt on the demonstration's stage is to be seen
		books.Kept = &exchange.Kept{}
	}
	for _, pattern := range exchange.Patterns {
		a.site.Handle(pattern, region.Public, passing(books))
	}
	a.site.Handle(exchange.WitnessPattern, region.Public, passing(exchange.NewWitness(n, a.log)))
	a.follower = &exchange.Follower{
		Node: n, Signer: exchange.Signer{Origin: n.Origin, Keys: n.RequestKeys}, Client: exchange.NewClient(), Log: a.log,
		Attached: attached, FileLimit: o.fileLimit, DailyBytes: o.dailyBytes,
	}
	if err := a.site.Metrics().Register(exchange.Figures{Node: n, Follower: a.follower}); err != nil {
		return fmt.Errorf("figures of the exchange: %w", err)
	}
	return nil
}

// passing hands a request on as it is: the room decides who may.
func passing(h http.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		h.ServeHTTP(w, r)
		return nil
	}
}

// outside is what the exchange tells of our entries on their pages.
func outside(n *node.Node) books.Outside {
	return books.Outside{
		Evidence: exchange.CosignedEvidence,
		Reached: func(ctx context.Context, tx *store.Tx, circle string, index int64) (all []books.Reached, err error) {
			delivered, err := exchange.DeliveredTo(ctx, tx, n.Member, circle, index)
			for _, d := range delivered {
				all = append(all, books.Reached{Member: d.Member, At: d.At, By: d.By})
			}
			return all, err
		},
		Counts: func(ctx context.Context, tx *store.Tx, circle string, index int64, said time.Time) (c books.Counts, err error) {
			q, err := region.QuorumOf(ctx, tx, n.Member, circle)
			if err != nil || q.Members == 0 || said.Before(q.Since) {
				return c, err
			}
			delivered, err := exchange.DeliveredTo(ctx, tx, n.Member, circle, index)
			for _, d := range delivered {
				if !d.Cosigned.IsZero() {
					c.Cosigned++
				}
			}
			c.Asked, c.Since = q.Members, exchange.Effective(delivered, q.Members)
			return c, err
		},
	}
}
