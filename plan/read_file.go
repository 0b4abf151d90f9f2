package plan

import (
	"context"
	"database/sql"
	"errors"
	"os"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// OpenFile opens the n-th attachment, from 0, of an entry of this member's book for a circle, with
// the entry's permission. Whoever may not read the entry is told the same as where there is none:
// plan.file-unknown. node.ErrErased: its words say that it was there, and it is not here.
func (d *Desk) OpenFile(ctx context.Context, actor node.Actor, circle string, index int64, n int) (ref FileRef, f *os.File, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		files, err := d.filesOf(ctx, tx, actor, circle, index)
		if err != nil {
			return err
		}
		if n < 0 || n >= len(files) {
			return refuse.New("plan.file-unknown")
		}
		ref = files[n]
		return nil
	})
	if err != nil {
		return ref, nil, err
	}
	f, err = d.node.Blobs.Open(ref.Blob)
	return ref, f, err
}

// filesOf are the attachments of an entry that the actor may read.
func (d *Desk) filesOf(ctx context.Context, tx *store.Tx, actor node.Actor, circle string, index int64) ([]FileRef, error) {
	var raw, wordsRaw []byte
	err := tx.Row(ctx, `SELECT entry, words FROM book_entry WHERE book = ? AND idx = ?`,
		d.node.BookName(circle), index).Scan(&raw, &wordsRaw)
	if errors.Is(err, sql.ErrNoRows) || err == nil && wordsRaw == nil {
		return nil, refuse.New("plan.file-unknown")
	}
	if err != nil {
		return nil, err
	}
	e, err := book.Scan(raw)
	if err != nil {
		return nil, err
	}
	if ok, err := d.mayReadFile(ctx, tx, actor, e); err != nil || !ok {
		return nil, errors.Join(err, refuse.New("plan.file-unknown"))
	}
	return filesIn(e.Kind, wordsRaw)
}

// mayReadFile: accepted reports and documents are for every seat with the action; what stays
// inside is for those who review it, and for the units of its item.
func (d *Desk) mayReadFile(ctx context.Context, tx *store.Tx, actor node.Actor, e book.Entry) (bool, error) {
	seat := region.Seat(actor.Seat)
	switch e.Kind {
	case BulletinIssued.Name:
		return region.May(seat, region.BulletinRead), nil
	case PlanIssued.Name:
		return region.May(seat, region.PlanExport), nil
	}
	if !region.May(seat, region.AttachmentRead) {
		return false, nil
	}
	if e.Kind == ReportAccepted.Name || seat != region.Reporter {
		return true, nil
	}
	if len(e.Subjects) == 0 {
		return false, nil
	}
	var lead int
	err := tx.Row(ctx, `SELECT leads FROM plan_item_unit WHERE book = ? AND item = ? AND org = ?`,
		d.node.BookName(node.Self), e.Subjects[0], actor.Org).Scan(&lead)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	// A part is for its own unit and for the lead that merges it.
	return lead == 1 || e.Org == actor.Org, err
}

func filesIn(kind string, raw []byte) ([]FileRef, error) {
	switch kind {
	case ReportFiled.Name, PartFiled.Name, ReportAccepted.Name:
		w, _, err := words[ReportWords](raw)
		return w.Files, err
	case PlanIssued.Name:
		w, _, err := words[PlanWords](raw)
		if err != nil || w.Source == nil {
			return nil, err
		}
		return []FileRef{*w.Source}, nil
	case BulletinIssued.Name:
		w, _, err := words[BulletinWords](raw)
		return w.Files, err
	}
	return nil, nil
}
