package plan

import (
	"context"
	"database/sql"
	"errors"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// OpenFile opens the n-th attachment, from 0, of an entry of a book, with the entry's permission: of this member's or of a
// neighbour's, whose files come after its entries. Whoever may not read the entry is told the same as where there is none:
// plan.file-unknown. node.ErrErased: its words say that it was there, and it is not here.
// plan.file-damaged: what is here is not what the book's hash says.
func (d *Desk) OpenFile(ctx context.Context, actor node.Actor, name string, index int64, n int) (ref FileRef, f node.File, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		files, err := d.filesOf(ctx, tx, actor, name, index)
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
	f, err = d.openWhole(ref)
	return ref, f, err
}

// filesOf are the attachments of an entry that the actor may read.
func (d *Desk) filesOf(ctx context.Context, tx *store.Tx, actor node.Actor, name string, index int64) ([]FileRef, error) {
	var raw, wordsRaw []byte
	err := tx.Row(ctx, `SELECT entry, words FROM book_entry WHERE book = ? AND idx = ?`,
		name, index).Scan(&raw, &wordsRaw)
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
	ok, err := d.mayReadFile(ctx, tx, actor, e)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, refuse.New("plan.file-unknown")
	}
	return filesIn(e.Kind, wordsRaw)
}

// mayReadFile: the files of an entry are for who may read the entry and has the action besides.
func (d *Desk) mayReadFile(ctx context.Context, tx *store.Tx, actor node.Actor, e book.Entry) (bool, error) {
	action := region.AttachmentRead
	switch e.Kind {
	case BulletinIssued.Name, bulletinIssuedFirst.Name:
		action = region.BulletinRead
	case PlanIssued.Name:
		action = region.PlanExport
	case InstructionGiven.Name, InstructionAnswered.Name:
		action = region.InstructRead
	case SlipAnswered.Name:
		action = region.SlipRead
	}
	if !region.May(region.Seat(actor.Seat), action) {
		return false, nil
	}
	return d.MayRead(ctx, tx, actor, e)
}

func filesIn(kind string, raw []byte) ([]FileRef, error) {
	switch kind {
	case ReportFiled.Name, ReportSubmitted.Name, ReportSigned.Name, PartFiled.Name, ReportAccepted.Name, ShareReported.Name:
		w, _, err := words[ReportWords](raw)
		return w.Files, err
	case PlanIssued.Name:
		w, _, err := words[PlanWords](raw)
		if err != nil || w.Source == nil {
			return nil, err
		}
		return []FileRef{*w.Source}, nil
	case InstructionGiven.Name, InstructionAnswered.Name:
		w, _, err := words[InstructionAnswerWords](raw)
		return w.Files, err
	case SlipAnswered.Name:
		w, _, err := words[SlipTextWords](raw)
		return w.Files, err
	case BulletinIssued.Name, bulletinIssuedFirst.Name:
		w, _, err := words[BulletinWords](raw)
		return w.Files, err
	}
	return nil, nil
}
