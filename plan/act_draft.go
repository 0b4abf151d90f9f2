package plan

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"liandong/node"
	"liandong/plan/letter"
	"liandong/plan/sheet"
	"liandong/plan/twin"
	"liandong/rules/refuse"
	"liandong/store"
)

// draftLife is how long a file under preview is kept.
const draftLife = 7 * 24 * time.Hour

// Draft is a file under preview (待确认的导入), and what its owner decided so far. After the import it
// holds what was written, so that a second press gets the first answer.
type Draft struct {
	ID      string
	Name    string // of the file
	At      time.Time
	Options ImportOptions
	Choices Choices
	Done    *Imported

	kept node.Blob // its file
}

// Choices are a person's decisions on a preview that are no corrections of the reading.
type Choices struct {
	// Items: for a row of the file, the items it is the same work as; empty says that it is none.
	// Rows that are not named take the proposals at or above the threshold.
	Items       map[string][]string `json:"items,omitempty"`
	KeepDropped bool                `json:"keepDropped,omitempty"`
	// Reason says why deadlines or targets of rows that stand are otherwise (调整依据).
	Reason string `json:"reason,omitempty"`
}

// RowName names a row of a file in Choices.
func RowName(c Change) string {
	if c.Row == nil {
		return ""
	}
	return fmt.Sprintf("%s!%d.%d", c.Sheet, c.Row.Row, c.Row.Part)
}

// Linked are the items that a row will be linked to under the choices.
func (c Choices) Linked(change Change) []string {
	if items, ok := c.Items[RowName(change)]; ok {
		return items
	}
	return change.likely()
}

// likely are the items of the proposals at or above the threshold, but for those whose reports a link would show to a
// circle that cannot read them yet: what was shown cannot be taken back, so a person says so himself.
// Nor are there any where all rows stand in one list already: first somebody says that this is another.
func (c Change) likely() (items []string) {
	if c.unasked {
		return nil
	}
	for _, t := range c.Twins {
		if t.Score >= twin.Threshold && c.Discloses[t.Item] == 0 {
			items = append(items, t.Item)
		}
	}
	return items
}

type draftText struct {
	Options ImportOptions `json:"options"`
	Choices Choices       `json:"choices"`
	Done    *Imported     `json:"done,omitempty"`
	Kept    node.Blob     `json:"kept"`
}

// KeepDraft reads a file and keeps it for its owner. A file that is refused is kept nowhere: it is
// read before anything is stored.
func (d *Desk) KeepDraft(ctx context.Context, owner node.Actor, name string, content []byte, opt ImportOptions) (*Draft, error) {
	p, err := d.Preview(ctx, sourceOf(name, content), opt)
	if err != nil {
		return nil, err
	}
	if err := d.DropOldDrafts(ctx); err != nil {
		return nil, err
	}
	opt.Plan = p.Options.Plan
	draft := &Draft{ID: d.newID("d"), Name: name, At: d.node.Now(), Options: opt}
	if draft.kept, err = d.node.Blobs.Put(bytes.NewReader(content), sheet.DefaultLimits.File); err != nil {
		return nil, err
	}
	text, err := draft.text()
	if err == nil {
		err = d.node.Store.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO plan_import (id, person, org, name, blob, options, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				draft.ID, owner.Person, owner.Org, name, draft.kept.Name, text, draft.At.UnixMilli())
			return err
		})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("keep a file under preview: %w", err), d.node.Blobs.Delete(draft.kept.Name))
	}
	return draft, nil
}

func sourceOf(name string, content []byte) sheet.Source {
	return sheet.Source{Name: name, Data: bytes.NewReader(content), Size: int64(len(content))}
}

func (dr *Draft) text() (string, error) {
	b, err := json.Marshal(draftText{Options: dr.Options, Choices: dr.Choices, Done: dr.Done, Kept: dr.kept})
	return string(b), err
}

// DraftOf opens a file under preview; only who brought it may, in the organisation he did it for.
func (d *Desk) DraftOf(ctx context.Context, owner node.Actor, id string) (*Draft, error) {
	dr := &Draft{ID: id}
	var text string
	var at int64
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT name, blob, options, at FROM plan_import WHERE id = ? AND person = ? AND org = ?`,
			id, owner.Person, owner.Org).Scan(&dr.Name, &dr.kept.Name, &text, &at)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, refuse.New("plan.draft-gone")
	}
	if err != nil {
		return nil, fmt.Errorf("file under preview: %w", err)
	}
	var kept draftText
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, fmt.Errorf("file under preview: %w", err)
	}
	if dr.kept.Name != kept.Kept.Name { // of a version that did not bind the file yet
		return nil, refuse.New("plan.draft-gone")
	}
	dr.kept = kept.Kept
	dr.Options, dr.Choices, dr.Done, dr.At = kept.Options, kept.Choices, kept.Done, time.UnixMilli(at).UTC()
	return dr, nil
}

// PreviewDraft reads a kept file under its owner's corrections.
func (d *Desk) PreviewDraft(ctx context.Context, dr *Draft) (*Preview, error) {
	content, err := d.blob(dr.kept.Name, sheet.DefaultLimits.File)
	if errors.Is(err, node.ErrErased) {
		return nil, refuse.New("plan.draft-gone")
	}
	if err != nil {
		return nil, err
	}
	return d.Preview(ctx, sourceOf(dr.Name, content), dr.Options)
}

func (d *Desk) blob(name string, limit int64) ([]byte, error) {
	f, err := d.node.Blobs.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// SaveDraft keeps what its owner decided.
func (d *Desk) SaveDraft(ctx context.Context, dr *Draft) error {
	text, err := dr.text()
	if err != nil {
		return err
	}
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE plan_import SET options = ?, blob = ? WHERE id = ?`, text, dr.kept.Name, dr.ID)
		return err
	})
}

// ConfirmDraft imports a kept file as its owner decided: all of it or nothing. The file stays as the
// list's source, so that the list can go out in its layout again. Refused: plan.amendment-reason where it changes deadlines or targets of
// rows that stand and the choices do not say why.
func (d *Desk) ConfirmDraft(ctx context.Context, req node.Request, dr *Draft) (Imported, error) {
	if dr.Done != nil {
		return *dr.Done, nil
	}
	p, err := d.PreviewDraft(ctx, dr)
	if err != nil {
		return Imported{}, err
	}
	if dr.Choices.Reason == "" && p.Amends() > 0 {
		return Imported{}, refuse.New("plan.amendment-reason").At("reason")
	}
	c := p.confirmation(dr.Choices)
	if dr.Options.Making == "" { // what is made here has no layout of its own to go out in
		c.Source = new(fileRef(dr.kept, dr.Name, mimes[p.List.Kind]))
	}
	done, err := d.Import(ctx, req, p, c)
	if err != nil {
		return Imported{}, err
	}
	return done, d.settle(ctx, dr, done)
}

// confirmation is what the choices mean for this preview.
func (p *Preview) confirmation(choices Choices) Confirmation {
	c := Confirmation{Links: map[int][]string{}, KeepDropped: choices.KeepDropped, Reason: choices.Reason}
	for n, change := range p.Changes {
		if items := choices.Linked(change); len(items) > 0 && change.What == RowNew {
			c.Links[n] = items
		}
	}
	return c
}

// settle notes what was written; the file goes unless the list now rests on it.
func (d *Desk) settle(ctx context.Context, dr *Draft, done Imported) error {
	blob := dr.kept.Name
	dr.Done, dr.kept, dr.Choices = &done, node.Blob{}, Choices{}
	if err := d.SaveDraft(ctx, dr); err != nil {
		return err
	}
	return d.dropUnused(ctx, blob, done.Plan)
}

// dropUnused deletes a file unless it is the source of a list.
func (d *Desk) dropUnused(ctx context.Context, blob, plan string) error {
	var head *PlanHead
	err := d.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		head, err = planHead(ctx, tx, plan)
		return err
	})
	if err != nil || head != nil && head.Words.Source != nil && head.Words.Source.Blob == blob {
		return err
	}
	return d.node.Blobs.Delete(blob)
}

// mimes are the types of what was read, by its sniffed kind.
var mimes = map[string]string{
	"xlsx": letter.XlsxType,
	"docx": letter.DocxType,
	"csv":  "text/csv",
}

// fileRef is a stored file as words name it.
func fileRef(kept node.Blob, name, mime string) FileRef {
	return FileRef{Blob: kept.Name, Name: name, Type: mime, Size: kept.Size, Salt: kept.Salt, Hash: kept.Hash}
}

// DiscardDraft removes a file under preview and what was decided on it. A file that a list rests on
// stays: the import had been written and only its note was lost.
func (d *Desk) DiscardDraft(ctx context.Context, dr *Draft) error {
	err := d.node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM plan_import WHERE id = ?`, dr.ID)
		return err
	})
	if err != nil || dr.kept.Name == "" {
		return err
	}
	return d.dropUnused(ctx, dr.kept.Name, dr.Options.Plan)
}

// DropOldDrafts removes files that nobody confirmed within seven days.
func (d *Desk) DropOldDrafts(ctx context.Context) error {
	var old []Draft
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, blob, options FROM plan_import WHERE at < ?`, d.node.Now().Add(-draftLife).UnixMilli())
		if err != nil {
			return err
		}
		old, err = store.Collect(rows, func(scan func(...any) error) (dr Draft, err error) {
			var text string
			if err := scan(&dr.ID, &dr.kept.Name, &text); err != nil {
				return dr, err
			}
			var kept draftText
			err = json.Unmarshal([]byte(text), &kept)
			dr.Options = kept.Options
			return dr, err
		})
		return err
	})
	for i := range old {
		err = errors.Join(err, d.DiscardDraft(ctx, &old[i]))
	}
	return err
}

// ImportFile takes a file in with every proposal, as `plan import --yes` does, and keeps it as the
// list's source. What stands in a list already is refused unless the options say that it is another.
func (d *Desk) ImportFile(ctx context.Context, req node.Request, name string, content []byte, opt ImportOptions) (Imported, error) {
	p, err := d.Preview(ctx, sourceOf(name, content), opt)
	if err != nil {
		return Imported{}, err
	}
	if err := errors.Join(p.ready(), p.asked()); err != nil {
		return Imported{}, err
	}
	kept, err := d.node.Blobs.Put(bytes.NewReader(content), sheet.DefaultLimits.File)
	if err != nil {
		return Imported{}, err
	}
	c := p.EveryProposal()
	c.Source = new(fileRef(kept, name, mimes[p.List.Kind]))
	done, err := d.Import(ctx, req, p, c)
	if err != nil {
		return Imported{}, errors.Join(err, d.node.Blobs.Delete(kept.Name))
	}
	return done, d.dropUnused(ctx, kept.Name, done.Plan)
}

// PreviewFile is Preview of a file in memory.
func (d *Desk) PreviewFile(ctx context.Context, name string, content []byte, opt ImportOptions) (*Preview, error) {
	return d.Preview(ctx, sourceOf(name, content), opt)
}
