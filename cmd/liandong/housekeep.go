package main

import (
	"context"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
)

// afterStart is how long the work of the start takes at most, search and twins included.
const afterStart = 5 * time.Second

// tidyHour is the hour in which the index of words is tidied, by the official clock: fewest wait then.
const tidyHour = 3

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
		if err == nil && a.folder.Now().In(judge.Beijing).Hour() == tidyHour {
			if err := desk.TidySearch(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("tidy the index of words", "error", err)
			}
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
