package main

import (
	"context"
	"time"

	"liandong/plan"
)

// afterStart is how long the work of the start takes at most, search and twins included.
const afterStart = 5 * time.Second

// housekeep removes what nobody came back for: files uploaded and never filed, files under a
// preview that was left. Once at the start and then every hour.
func (a *app) housekeep(ctx context.Context) {
	desk := plan.NewDesk(a.folder.Node)
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		n, err := desk.SweepUploads(ctx)
		if err == nil {
			err = desk.DropOldDrafts(ctx)
		}
		if err != nil && ctx.Err() == nil {
			a.log.Error("remove what was left behind", "error", err)
		}
		a.retire(ctx)
		if n > 0 {
			a.log.Info("removed uploads that were never filed", "files", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(afterStart): // what the start read once is not needed in memory any more
		}
		if err := a.folder.Store.Shrink(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("give back memory", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
