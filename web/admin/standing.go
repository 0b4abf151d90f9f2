package admin

import (
	"context"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// onlyReads tells on every page that nothing can be written, before somebody has typed a report.
func (p *pages) onlyReads(ctx context.Context) ([]ui.Standing, error) {
	var why string
	err := p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		why, err = node.Reading(ctx, tx)
		return err
	})
	if err != nil || why == "" {
		return nil, err
	}
	s := ui.Standing{Tone: ui.Risk, Title: web.T(ctx, "admin.only-reads"), Text: web.T(ctx, "admin.only-reads.text")}
	if web.May(ctx, region.ClockConfirm) {
		s.Text, s.More = web.T(ctx, "admin.only-reads.yours"), ui.Link{Label: web.T(ctx, "admin.reading.go"), Href: "/admin/node"}
	}
	return []ui.Standing{s}, nil
}
