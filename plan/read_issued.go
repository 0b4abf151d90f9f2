package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// IssuedBulletin is a bulletin as it was issued; nothing in it changes any more.
type IssuedBulletin struct {
	ID    string
	Month judge.Period
	AsOf  judge.Date
	Book  string
	Index int64
	At    time.Time
	By    string // the organisation for which it was issued

	Person string // who pressed the button, an opaque id
	Facts  BulletinFacts
	Words  BulletinWords
}

// issuedBulletins are those issued for a month, or all with month "", newest first.
func issuedBulletins(ctx context.Context, tx *store.Tx, month judge.Period) ([]IssuedBulletin, error) {
	where, args := ``, []any{}
	if month != "" {
		where, args = `WHERE b.month = ?`, []any{string(month)}
	}
	rows, err := tx.Query(ctx, `SELECT b.book, b.bulletin, b.month, b.as_of, b.idx, e.entry, e.words FROM plan_bulletin b
		JOIN book_entry e ON e.book = b.book AND e.idx = b.idx `+where+` ORDER BY b.idx DESC`, args...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (b IssuedBulletin, err error) {
		var raw, wordsRaw []byte
		if err := scan(&b.Book, &b.ID, &b.Month, &b.AsOf, &b.Index, &raw, &wordsRaw); err != nil {
			return b, err
		}
		if err := b.read(raw); err != nil {
			return b, err
		}
		b.Words, _, err = words[BulletinWords](wordsRaw)
		return b, err
	})
}

// read takes the facts of either version of the kind.
func (b *IssuedBulletin) read(raw []byte) error {
	e, err := book.Scan(raw)
	if err != nil {
		return err
	}
	b.At, b.By, b.Person = e.At, e.Org, e.Person
	if e.Kind == BulletinIssued.Name {
		return book.DecodeFacts(e.Facts, &b.Facts)
	}
	var f firstBulletin
	err = book.DecodeFacts(e.Facts, &f)
	b.Facts = BulletinFacts{Bulletin: f.Bulletin, Month: f.Month, AsOf: f.AsOf, Heads: f.Heads}
	return err
}

// IssuedLine is a bulletin in the list of all that were issued.
type IssuedLine struct {
	IssuedBulletin
	CircleName string // of whose lists it is; "": the member's own
	Corrected  int    // how many of the reports it quotes were accepted in another wording since
}

// Bulletins lists all that were issued, newest first.
func (d *Desk) Bulletins(ctx context.Context) (all []IssuedLine, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		issued, err := issuedBulletins(ctx, tx, "")
		if err != nil {
			return err
		}
		circles, err := region.CirclesOf(ctx, tx, d.node.Member)
		if err != nil {
			return err
		}
		for _, b := range issued {
			line := IssuedLine{IssuedBulletin: b}
			if b.Facts.Circle != "" {
				line.CircleName = region.NameIn(circles, b.Facts.Circle)
			}
			if line.Corrected, err = correctedSince(ctx, tx, b.Words.Sources); err != nil {
				return err
			}
			all = append(all, line)
		}
		return nil
	})
	return all, err
}

// correctedSince counts which of some accepted reports have a newer version that was accepted.
func correctedSince(ctx context.Context, tx *store.Tx, sources []node.Position) (n int, err error) {
	byBook := map[string][]any{}
	for _, p := range sources {
		byBook[p.Book] = append(byBook[p.Book], p.Index)
	}
	for name, indexes := range byBook {
		for some := range slices.Chunk(indexes, 500) {
			var more int
			err := tx.Row(ctx, `SELECT count(*) FROM plan_accepted a WHERE a.book = ? AND a.idx IN (`+marks(len(some))+`)
				AND EXISTS (SELECT 1 FROM plan_accepted b WHERE b.item = a.item AND b.book = a.book AND b.period = a.period AND b.idx > a.idx)`,
				append([]any{name}, some...)...).Scan(&more)
			if err != nil {
				return 0, err
			}
			n += more
		}
	}
	return n, nil
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
		circles, err := region.CirclesOf(ctx, tx, d.node.Member)
		if err != nil {
			return err
		}
		r := bulletinReading{
			counting: counting{ctx: ctx, tx: tx, asOf: b.AsOf, today: d.Today(), sums: &d.sums},
			d:        d, month: b.Month, circle: b.Facts.Circle, named: circles, chosen: b.Facts.Plans, items: map[string]*bulletinItem{}, rowsOf: map[string][]Row{}, byID: map[string]PlanHead{},
		}
		in, err := r.input()
		if err != nil {
			return err
		}
		figures = changed(b.Words.Figures, letter.Resume(in, nil).Fields)
		names, err := d.orgNames(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range b.Words.Sources {
			c, ok, err := newerReport(ctx, tx, p)
			if err != nil {
				return err
			}
			unit := idOf(memberOfBook(p.Book), c.Unit)
			if c.Unit = r.unit(unit, cmp.Or(names[unit], c.Unit)); ok {
				said = append(said, c)
			}
		}
		return nil
	})
	return said, figures, err
}

func changed(then, now map[string]string) (all []FigureChange) {
	for _, field := range sortedKeys(then) {
		if n, ok := now[field]; ok && n != then[field] {
			all = append(all, FigureChange{Field: field, Then: then[field], Now: n})
		}
	}
	return all
}
