package plan

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/rules/refuse"
	"liandong/store"
)

// SaveBulletin keeps what was chosen and edited. The page's version is the one that was edited: who
// saves over somebody else's later words is refused and told so. The same again is no other's.
func (d *Desk) SaveBulletin(ctx context.Context, p *BulletinPage) error {
	if err := d.pastDay(p.AsOfAsked); p.AsOfAsked != "" && err != nil {
		return err
	}
	draft := bulletinDraft{Head: p.Head, AsOf: p.AsOfAsked, Plans: []string{}}
	if p.Edited {
		draft.Sections, draft.Quoted = p.Draft.Sections, p.quoted
		if !slices.EqualFunc(p.written, p.Draft.Sections, sameText) || draft.Quoted == nil { // written anew, with the reports before his eyes
			draft.Quoted = map[string]node.Position{}
			for _, c := range p.Candidates {
				draft.Quoted[c.key()] = c.Position
			}
		}
	}
	for _, l := range p.Lists {
		if l.Chosen {
			draft.Plans = append(draft.Plans, l.Plan)
		}
	}
	if len(draft.Plans) == 0 {
		return refuse.New("plan.bulletin-without-list").At("lists")
	}
	var items []string
	for _, c := range p.Candidates {
		if c.Chosen {
			items = append(items, c.Item)
		}
	}
	text, err := json.Marshal(draft)
	if err != nil {
		return fmt.Errorf("encode the draft: %w", err)
	}
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		return d.storeDraft(ctx, tx, p, string(text), strings.Join(items, " "))
	})
}

func sameText(a, b letter.Section) bool { return a.Key == b.Key && a.Text == b.Text }

func (d *Desk) storeDraft(ctx context.Context, tx *store.Tx, p *BulletinPage, text, items string) error {
	key := draftKey(p.Month, p.Circle)
	n, err := tx.Exec(ctx, `INSERT INTO plan_bulletin_draft (month, text, chosen, version, at) VALUES (?, ?, ?, 1, ?)
		ON CONFLICT (month) DO UPDATE SET text = excluded.text, chosen = excluded.chosen,
		version = plan_bulletin_draft.version + 1, at = excluded.at WHERE plan_bulletin_draft.version = ?`,
		key, text, items, d.node.Now().UnixMilli(), p.Version)
	if err != nil || n > 0 {
		return err
	}
	var same int
	err = tx.Row(ctx, `SELECT count(*) FROM plan_bulletin_draft WHERE month = ? AND text = ? AND chosen = ?`, key, text, items).Scan(&same)
	if err == nil && same == 0 {
		return refuse.New("plan.bulletin-edited-meanwhile").At("text")
	}
	return err
}

// Docx writes the bulletin as an official document; draft marks it as not issued.
func (p *BulletinPage) Docx(draft, demo bool) ([]byte, error) {
	p.Draft.In.Draft, p.Draft.In.Demo = draft, demo
	document, _ := p.Draft.Document()
	return letter.Docx(document)
}

// Xlsx writes the bulletin's tables, text and sources as sheets; draft marks them as not issued.
func (p *BulletinPage) Xlsx(draft, demo bool) ([]byte, error) {
	p.Draft.In.Draft, p.Draft.In.Demo = draft, demo
	return letter.Xlsx(p.Draft.Workbook())
}

// Sum names the files that issuing would freeze: who confirms it confirms these and no others.
func (p *BulletinPage) Sum(demo bool) (string, error) {
	docx, err := p.Docx(false, demo)
	if err != nil {
		return "", err
	}
	xlsx, err := p.Xlsx(false, demo)
	sum := sha256.Sum256(append(docx, xlsx...))
	return hex.EncodeToString(sum[:]), err
}

// Check refuses to issue what is too long or names figures that do not exist.
func (p *BulletinPage) Check() error {
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
	if err := p.Check(); err != nil {
		return node.Receipt{}, err
	}
	if err := d.pastDay(p.AsOf); err != nil {
		return node.Receipt{}, err
	}
	files, err := d.bulletinFiles(p, demo)
	if err != nil {
		return node.Receipt{}, err
	}
	text, _ := p.Draft.Text()
	words := BulletinWords{Title: p.Draft.Title(), Number: p.Head.Number, Files: files, Text: text, Figures: p.Draft.Fields, Sources: p.sources()}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		now := BulletinPage{Month: p.Month, Circle: p.Circle}
		if err := now.readIssued(ctx, w.Tx()); err != nil || len(now.Issued) != p.Seen {
			return errors.Join(err, refuse.New("plan.bulletin-since"))
		}
		f := BulletinFacts{Bulletin: d.newID("b"), Month: p.Month, AsOf: p.AsOf, Circle: p.Circle, Plans: []string{}, Heads: p.Heads}
		for _, l := range p.Lists {
			if l.Chosen {
				f.Plans = append(f.Plans, l.Plan)
			}
		}
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

// pastDay refuses as an as-of day what is no day, or has not come: forecasts are no facts.
func (d *Desk) pastDay(day judge.Date) error {
	if _, err := judge.ParseDate(string(day)); err != nil {
		return refuse.New("plan.day", "day", string(day)).At("as-of-day")
	}
	if day > d.Today() {
		return refuse.New("plan.day-in-future", "day", string(day)).At("as-of-day")
	}
	return nil
}

// headsNow are the member's books, and of a circle also its neighbours', as a snapshot has them.
func headsNow(ctx context.Context, tx *store.Tx, member, circle string) ([]HeadFacts, error) {
	rows, err := tx.Query(ctx, `SELECT origin, size, root FROM book_head WHERE member = ? OR circle = ? ORDER BY origin`, member, circle)
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
	xlsx, err := p.Xlsx(false, demo)
	if err != nil {
		return nil, err
	}
	var files []FileRef
	for _, f := range []struct {
		kind    string
		content []byte
	}{{"docx", docx}, {"xlsx", xlsx}} {
		kept, err := d.node.Blobs.Put(bytes.NewReader(f.content), int64(len(f.content)))
		if err != nil {
			return nil, err
		}
		files = append(files, fileRef(kept, p.Draft.Title()+"."+f.kind, mimes[f.kind]))
	}
	return files, nil
}
