package region

import (
	"context"
	"fmt"
	"slices"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// Hearsay is what one member recorded of another's word, with what became of it.
type Hearsay struct {
	By       string // codes: who recorded it, whose word it is
	Of       string
	Circle   string
	Index    int64 // of the recording entry in By's book of the circle
	At       time.Time
	Source   Source
	Day      string // civil day on which it was said
	Words    HearsayWords
	Erased   bool
	Subjects []string // ids of By's that it is about

	Withdrawn string // reason; where it stands, empty
	WasWrong  bool   // it was withdrawn

	Answered    bool
	Confirmed   bool
	Account     string // what the member said itself
	AnswerIndex int64  // in Of's book of the circle
	leaf        []byte
}

// Book is the book in which it stands.
func (h Hearsay) Book() string { return h.By + "/" + h.Circle }

// AnswerBook is the book in which its answer stands, or would.
func (h Hearsay) AnswerBook() string { return h.Of + "/" + h.Circle }

// Waits says that the member whose word it is has neither confirmed nor contradicted it, and could.
func (h Hearsay) Waits() bool { return !h.Answered && !h.WasWrong }

// Cause is the entry as an answer names it.
func (h Hearsay) Cause() node.Position {
	at := node.Position{Book: h.Book(), Index: h.Index}
	copy(at.Leaf[:], h.leaf)
	return at
}

const selectHearsay = `SELECT h.book, h.member, h.idx, h.at, h.source, h.day, e.entry, e.leaf, e.words,
	COALESCE(x.idx, -1), ex.words, COALESCE(a.idx, -1), COALESCE(a.confirmed, 0), ea.words
	FROM region_hearsay h JOIN book_entry e ON e.book = h.book AND e.idx = h.idx
	LEFT JOIN region_hearsay_withdrawn x ON x.book = h.book AND x.of_idx = h.idx
	LEFT JOIN book_entry ex ON ex.book = x.book AND ex.idx = x.idx
	LEFT JOIN region_hearsay_answer a ON a.book = h.member || substr(h.book, 7) AND a.of_book = h.book AND a.of_idx = h.idx
	LEFT JOIN book_entry ea ON ea.book = a.book AND ea.idx = a.idx `

// Hearsays lists what is recorded in all books that stand here, the newest first, at most limit.
func Hearsays(ctx context.Context, tx *store.Tx, limit int) ([]Hearsay, error) {
	return hearsays(ctx, tx, `ORDER BY h.at DESC, h.book, h.idx DESC LIMIT ?`, limit)
}

// HearsayAbout lists what a member recorded about something, by the id that its entries say, the oldest first.
func HearsayAbout(ctx context.Context, tx *store.Tx, book, subject string) ([]Hearsay, error) {
	return hearsays(ctx, tx, `JOIN node_subject s ON s.book = h.book AND s.idx = h.idx WHERE s.book = ? AND s.subject = ?
		ORDER BY h.idx`, book, subject)
}

// HearsayAt reads one. Refused: region.hearsay.unknown.
func HearsayAt(ctx context.Context, tx *store.Tx, book string, index int64) (Hearsay, error) {
	all, err := hearsays(ctx, tx, `WHERE h.book = ? AND h.idx = ?`, book, index)
	if err != nil {
		return Hearsay{}, err
	}
	if len(all) == 0 {
		return Hearsay{}, refuse.New("region.hearsay.unknown")
	}
	return all[0], nil
}

// HearsayWaiting counts what others recorded of a member that it has not answered yet.
func HearsayWaiting(ctx context.Context, tx *store.Tx, member string) (n int, err error) {
	err = tx.Row(ctx, `SELECT count(*) FROM region_hearsay h WHERE h.member = ?
		AND NOT EXISTS (SELECT 1 FROM region_hearsay_withdrawn x WHERE x.book = h.book AND x.of_idx = h.idx)
		AND NOT EXISTS (SELECT 1 FROM region_hearsay_answer a WHERE a.book = h.member || substr(h.book, 7)
			AND a.of_book = h.book AND a.of_idx = h.idx)`, member).Scan(&n)
	return n, err
}

func hearsays(ctx context.Context, tx *store.Tx, which string, args ...any) ([]Hearsay, error) {
	rows, err := tx.Query(ctx, selectHearsay+which, args...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (h Hearsay, err error) {
		var name string
		var at, withdrawn int64
		var confirmed int
		var entry, said, why, account []byte
		err = scan(&name, &h.Of, &h.Index, &at, &h.Source, &h.Day, &entry, &h.leaf, &said, &withdrawn, &why, &h.AnswerIndex, &confirmed, &account)
		if err != nil {
			return h, err
		}
		e, err := book.Scan(entry)
		if err != nil {
			return h, fmt.Errorf("hearsay %s/%d: %w", name, h.Index, err)
		}
		h.By, h.Circle, h.At, h.Subjects = e.Member, e.Circle, time.UnixMilli(at).UTC(), node.About(e)
		h.WasWrong, h.Answered, h.Confirmed = withdrawn >= 0, h.AnswerIndex >= 0, confirmed == 1
		if w, err := HearsaySaid.WordsOf(said); said != nil && err == nil { // broken words are a neighbour's doing, and read as erased
			h.Words = w
		} else {
			h.Erased = true
		}
		if w, err := HearsayWithdrawn.WordsOf(why); why != nil && err == nil {
			h.Withdrawn = w.Reason
		}
		if w, err := HearsayAnswered.WordsOf(account); account != nil && err == nil {
			h.Account = w.Text
		}
		return h, nil
	})
}

// Silent are the members of a circle, by code, that write no book of it as far as this member knows: it does not recognise them, or they
// left. Their word can only be recorded.
func Silent(ctx context.Context, tx *store.Tx, member string, c Circle) ([]string, error) {
	known, err := Neighbours(ctx, tx, member, c.ID)
	return slices.DeleteFunc(slices.Clone(c.Members), func(code string) bool {
		return code == member || slices.ContainsFunc(known, func(n Neighbour) bool { return n.Member == code && !n.Left })
	}), err
}
