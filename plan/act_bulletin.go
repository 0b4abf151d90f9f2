package plan

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// SaveBulletin keeps the edited text of a month. version is the one that was edited: who saves
// over somebody else's later words is refused and told so. The same text again is no other's.
func (d *Desk) SaveBulletin(ctx context.Context, month judge.Period, h BulletinHead, sections []letter.Section, chosen []string, version int64) error {
	text, err := json.Marshal(bulletinDraft{Head: h, Sections: sections})
	if err != nil {
		return fmt.Errorf("encode the draft: %w", err)
	}
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO plan_bulletin_draft (month, text, chosen, version, at) VALUES (?, ?, ?, 1, ?)
			ON CONFLICT (month) DO UPDATE SET text = excluded.text, chosen = excluded.chosen,
			version = plan_bulletin_draft.version + 1, at = excluded.at WHERE plan_bulletin_draft.version = ?`,
			string(month), string(text), strings.Join(chosen, " "), d.node.Now().UnixMilli(), version)
		if err != nil || n > 0 {
			return err
		}
		var same int
		err = tx.Row(ctx, `SELECT count(*) FROM plan_bulletin_draft WHERE month = ? AND text = ? AND chosen = ?`,
			string(month), string(text), strings.Join(chosen, " ")).Scan(&same)
		if err == nil && same == 0 {
			return refuse.New("plan.bulletin-edited-meanwhile").At("text")
		}
		return err
	})
}

// ForgetBulletin drops the edited text: the bulletin is composed anew.
func (d *Desk) ForgetBulletin(ctx context.Context, month judge.Period) error {
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM plan_bulletin_draft WHERE month = ?`, string(month))
		return err
	})
}

// Docx writes the bulletin as an official document; draft marks it as not issued.
func (p *BulletinPage) Docx(draft, demo bool) ([]byte, error) {
	p.Draft.In.Draft, p.Draft.In.Demo = draft, demo
	document, _ := p.Draft.Document()
	var b bytes.Buffer
	if err := letter.WriteDocx(&b, document); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Xlsx writes the bulletin's tables, text and sources as sheets.
func (p *BulletinPage) Xlsx() ([]byte, error) {
	var b bytes.Buffer
	if err := letter.WriteXlsx(&b, p.Draft.Workbook()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// check refuses to issue what is too long or names figures that do not exist.
func (p *BulletinPage) check() error {
	if n := p.Draft.Count(); n > letter.Limit {
		return refuse.New("plan.bulletin-too-long", "count", n, "limit", letter.Limit).At("text")
	}
	text, unknown := p.Draft.Text()
	for _, fields := range unknown {
		return refuse.New("plan.bulletin-unknown-field", "field", fields[0].Token).At("text")
	}
	if strings.TrimSpace(text) == "" {
		return refuse.New("plan.bulletin-empty").At("text")
	}
	return nil
}

// IssueBulletin freezes the month's bulletin as the page shows it: its files, its as-of date, the
// heads of the books it was read from, and the entries it quotes.
func (d *Desk) IssueBulletin(ctx context.Context, req node.Request, p *BulletinPage, demo bool) (node.Receipt, error) {
	if err := p.check(); err != nil {
		return node.Receipt{}, err
	}
	files, err := d.bulletinFiles(p, demo)
	if err != nil {
		return node.Receipt{}, err
	}
	text, _ := p.Draft.Text()
	words := BulletinWords{Title: p.Draft.Title(), Number: p.Head.Number, Files: files, Text: text, Figures: p.Draft.Fields}
	for _, c := range p.Candidates {
		if c.Chosen {
			words.Sources = append(words.Sources, c.Position)
		}
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		f := BulletinFacts{Bulletin: d.newID("b"), Month: p.Month, AsOf: p.AsOf, Heads: p.Heads}
		w.Note(f.Bulletin)
		_, err := BulletinIssued.Say(ctx, w, node.Said[BulletinFacts, BulletinWords]{
			Circle: node.Self, Subjects: []string{f.Bulletin}, Facts: f, Words: &words,
		})
		return err
	})
	if _, refused := refuse.As(err); refused || receipt.Again { // nobody will ever ask for these files
		for _, f := range files {
			err = errors.Join(err, d.node.Blobs.Delete(f.Blob))
		}
	}
	return receipt, err
}

// headsNow are the member's books as a snapshot has them.
func headsNow(ctx context.Context, tx *store.Tx, member string) ([]HeadFacts, error) {
	rows, err := tx.Query(ctx, `SELECT origin, size, root FROM book_head WHERE member = ? ORDER BY origin`, member)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (h HeadFacts, err error) {
		var root []byte
		err = scan(&h.Origin, &h.Size, &root)
		h.Root = tlog.Hash(root)
		return h, err
	})
}

func (d *Desk) bulletinFiles(p *BulletinPage, demo bool) ([]FileRef, error) {
	docx, err := p.Docx(false, demo)
	if err != nil {
		return nil, err
	}
	xlsx, err := p.Xlsx()
	if err != nil {
		return nil, err
	}
	var files []FileRef
	for _, f := range []struct {
		kind    string
		content []byte
	}{{"docx", docx}, {"xlsx", xlsx}} {
		blob, _, err := d.node.Blobs.Put(bytes.NewReader(f.content), int64(len(f.content)))
		if err != nil {
			return nil, err
		}
		files = append(files, *d.fileRef(blob, p.Draft.Title()+"."+f.kind, f.kind, f.content))
	}
	return files, nil
}

// IssuedFile is the content of a file of an issued bulletin, compared with the hash that the book
// holds.
func (d *Desk) IssuedFile(b IssuedBulletin, kind string) (FileRef, []byte, error) {
	for _, f := range b.Words.Files {
		if !strings.HasSuffix(f.Name, "."+kind) {
			continue
		}
		file, err := d.node.Blobs.Open(f.Blob)
		if err != nil {
			return f, nil, err
		}
		defer file.Close()
		content, err := io.ReadAll(io.LimitReader(file, f.Size+1))
		if err != nil {
			return f, nil, fmt.Errorf("read %s: %w", f.Blob, err)
		}
		if sum := sha256.Sum256(append(f.Salt[:], content...)); hex.EncodeToString(sum[:]) != f.Hash {
			return f, nil, refuse.New("plan.file-damaged", "name", f.Name)
		}
		return f, content, nil
	}
	return FileRef{}, nil, refuse.New("plan.file-unknown", "kind", kind)
}

// Correction is what was said otherwise after a bulletin was issued.
type Correction struct {
	Item, Title, Unit string
	Then, Now         string // progress as quoted, and as accepted since
	Position          node.Position
}

// FigureChange is a figure that would read otherwise today for the same as-of date.
type FigureChange struct{ Field, Then, Now string }

// Corrections compares an issued bulletin with what was accepted since.
func (d *Desk) Corrections(ctx context.Context, b IssuedBulletin) (said []Correction, figures []FigureChange, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		names, err := region.OrgNames(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range b.Words.Sources {
			c, ok, err := correction(ctx, tx, p, names)
			if err != nil {
				return err
			}
			if ok {
				said = append(said, c)
			}
		}
		in, err := d.bulletinInput(ctx, tx, b.Month, b.AsOf)
		if err != nil {
			return err
		}
		figures = changed(b.Words.Figures, letter.Resume(in, nil).Fields)
		return nil
	})
	return said, figures, err
}

// correction finds a newer accepted version of the report that an entry is.
func correction(ctx context.Context, tx *store.Tx, p node.Position, names map[string]string) (c Correction, ok bool, err error) {
	rows, err := tx.Query(ctx, `SELECT a.item, a.org, b.idx, o.words, n.words, n.leaf, i.words FROM plan_accepted a
		JOIN plan_accepted b ON b.book = a.book AND b.item = a.item AND b.period = a.period AND b.idx > a.idx
		JOIN book_entry o ON o.book = a.book AND o.idx = a.idx
		JOIN book_entry n ON n.book = b.book AND n.idx = b.idx
		JOIN plan_item_now t ON t.item = a.item JOIN book_entry i ON i.book = t.book AND i.idx = t.idx
		WHERE a.book = ? AND a.idx = ? ORDER BY b.idx DESC LIMIT 1`, p.Book, p.Index)
	if err != nil {
		return c, false, err
	}
	found, err := store.Collect(rows, func(scan func(...any) error) (c Correction, err error) {
		var then, now, about, leaf []byte
		if err := scan(&c.Item, &c.Unit, &c.Position.Index, &then, &now, &leaf, &about); err != nil {
			return c, err
		}
		c.Position.Book = p.Book
		copy(c.Position.Leaf[:], leaf)
		old, _, err := words[ReportWords](then)
		if err != nil {
			return c, err
		}
		fresh, _, err := words[ReportWords](now)
		if err != nil {
			return c, err
		}
		item, _, err := words[ItemWords](about)
		c.Then, c.Now, c.Title, c.Unit = old.Progress, fresh.Progress, item.Title, names[c.Unit]
		return c, err
	})
	if err != nil || len(found) == 0 {
		return c, false, err
	}
	return found[0], true, nil
}

func changed(then, now map[string]string) (all []FigureChange) {
	for _, field := range sortedKeys(then) {
		if n, ok := now[field]; ok && n != then[field] {
			all = append(all, FigureChange{Field: field, Then: then[field], Now: n})
		}
	}
	return all
}
