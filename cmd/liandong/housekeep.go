package main

import (
	"context"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
)

// afterStart is how long the work of the start takes at most, search and twins included.
const afterStart = 5 * time.Second

// sealEvery is how often the own book says how far the record of sign-ins reaches; first an hour after the start.
const sealEvery = 24 * time.Hour

// tidyHour is the hour in which the index of words is tidied, by the official clock: fewest wait then.
const tidyHour = 3

// sealSignIns keeps the record of sign-ins: what is older than its time goes, and the own book says how far it reaches.
func (a *app) sealSignIns(ctx context.Context) {
	if a.sealed.IsZero() { // what is started often is not to fill the book
		a.sealed = a.folder.Now().Add(time.Hour - sealEvery)
	}
	n, err := a.accounts.DropRecords(ctx, a.keepIns)
	if err == nil && a.folder.Now().Sub(a.sealed) >= sealEvery {
		if err = a.accounts.SealRecords(ctx, a.folder.Node); err == nil {
			a.sealed = a.folder.Now()
		}
	}
	if err != nil && ctx.Err() == nil {
		a.log.Error("keep the record of sign-ins", "error", err)
	}
	if n > 0 {
		a.log.Info("removed sign-ins whose time is over", "lines", n)
	}
}

// housekeep removes what nobody came back for: files uploaded and never filed, files under a
// preview that was left, and looks whether attachments can be reached. Once at the start and then every hour.
func (a *app) housekeep(ctx context.Context) {
	desk := plan.NewDesk(a.folder.Node)
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := a.folder.Blobs.Ready(); err != nil && ctx.Err() == nil {
			a.log.Warn("the object store of attachments does not answer", "error", err)
		}
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
		a.sealSignIns(ctx)
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
