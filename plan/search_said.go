package plan

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// What is said between an office and those it asks is searched too: slips with their answers, leaders' words with theirs, and comments on draft
// lists. Who may not read a slip, a word or a comment finds none of its texts, and is told of none.

// sortOfSaid is the sort of text of such an entry; empty: none.
func sortOfSaid(kind string) HitKind {
	switch kind {
	case SlipIssued.Name, SlipAnswered.Name, SlipReturned.Name, SlipRaised.Name, SlipClosed.Name:
		return hitSlip
	case InstructionGiven.Name, InstructionAnswered.Name, InstructionReturned.Name, InstructionClosed.Name:
		return hitInstruction
	case CommentGiven.Name:
		return hitComment
	}
	return ""
}

// saidDoc is the text of such an entry. Each entry is a text of its own, but a later comment of the same author replaces his former.
func (w indexWriting) saidDoc(name string, e book.Entry, s saidEntry) (d doc, err error) {
	of, err := w.saidOf(name, s.idx, e)
	if err != nil || of == "" {
		return d, err
	}
	d = doc{kind: sortOfSaid(e.Kind), item: of, id: of + "@" + name + "/" + strconv.FormatInt(s.idx, 10)}
	if d.kind == hitComment && e.Circle == node.Self {
		d.id = of + "@" + e.Org
	} else if d.kind == hitComment {
		d.id = of + "@" + e.Member
	}
	d.text, err = saidTexts(e.Kind, s.words)
	return d, err
}

// saidOf is the id of the slip, the leader's word or the draft list that an entry speaks of.
func (w indexWriting) saidOf(name string, idx int64, e book.Entry) (string, error) {
	if e.Kind == SlipAnswered.Name || e.Kind == CommentGiven.Name { // they name it as their first cause
		var err error
		if e, err = causeOf(w.ctx, w.tx, name, idx, e); err != nil {
			return "", err
		}
	}
	var f struct{ Slip, Instruction, Consultation string }
	if json.Unmarshal(e.Facts, &f) != nil {
		return "", nil
	}
	if f.Instruction != "" { // stays inside the member: no neighbour's has the same id
		return f.Instruction, nil
	}
	return idOf(e.Member, cmp.Or(f.Slip, f.Consultation)), nil
}

// causeOf is the first cause of an entry that was applied: as its evidence lies beside it, or of the same book.
func causeOf(ctx context.Context, tx *store.Tx, name string, idx int64, e book.Entry) (book.Entry, error) {
	if len(e.Causes) == 0 {
		return book.Entry{}, nil
	}
	var raw []byte
	err := tx.Row(ctx, `SELECT evidence FROM book_cause WHERE book = ? AND idx = ? AND n = 0`, name, idx).Scan(&raw)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		err = tx.Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, name, e.Causes[0].Index).Scan(&raw)
	case err == nil:
		var ev book.Evidence
		ev, err = book.ReadEvidence(raw)
		raw = []byte(ev.Entry)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return book.Entry{}, nil
	}
	if err != nil {
		return book.Entry{}, err
	}
	return book.Scan(raw)
}

// saidTexts are the texts of such an entry that are searched.
func saidTexts(kind string, raw []byte) (all []string, err error) {
	switch kind {
	case SlipIssued.Name:
		w, _, err := words[SlipWords](raw)
		return []string{w.Matter, w.Basis, w.Demand, w.Signer}, err
	case InstructionGiven.Name:
		w, _, err := words[InstructionWords](raw)
		return []string{w.Text, w.Leader}, err
	case CommentGiven.Name:
		w, _, err := words[CommentWords](raw)
		return slices.Collect(maps.Values(w.Texts)), err
	}
	text, err := slipText(raw)
	return []string{text}, err
}

// saidReading reads what was found of it: each slip and each word once, a comment once for each row on which it has the words.
type saidReading struct {
	ctx     context.Context
	tx      *store.Tx
	desk    *Desk
	needles [][]rune
	names   map[string]string // of organisations; read with the first hit
	seen    map[string]bool   // slips and words that stand among the hits
}

func (s *saidReading) read(c candidate, e book.Entry) (hits []Hit, err error) {
	if c.raw == nil || s.seen[c.Item] {
		return nil, nil
	}
	if c.Kind == hitComment {
		return s.comments(c, e)
	}
	texts, err := saidTexts(e.Kind, c.raw)
	if err != nil || !hasAll(strings.Join(texts, "\n"), s.needles) {
		return nil, err
	}
	if c.Kind == hitSlip {
		hits, err = s.slip(c, e.Kind, texts)
	} else {
		hits, err = s.instruction(c, e.Kind, texts)
	}
	if len(hits) > 0 {
		if s.seen == nil {
			s.seen = map[string]bool{}
		}
		s.seen[c.Item] = true
	}
	return hits, err
}

// slip: of one whose own book is not here yet there is no page to lead to.
func (s *saidReading) slip(c candidate, kind string, texts []string) ([]Hit, error) {
	var item, org, member string
	var year, number int
	var said []byte
	err := s.tx.Row(s.ctx, `SELECT s.item, s.org, s.member, s.year, s.number, e.words FROM plan_slip s JOIN book_head h ON h.book = s.book
		JOIN book_entry e ON e.book = s.book AND e.idx = s.idx WHERE s.slip = ? AND h.member = ?`, saidID(c.Item), memberOf(c.Item)).
		Scan(&item, &org, &member, &year, &number, &said)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	w, _, err := words[SlipWords](said)
	if err != nil {
		return nil, err
	}
	h := c.Hit
	h.Slip, h.Item, h.Unit = c.Item, item, region.MemberName(member)
	if member == "" {
		if h.Unit, err = s.unit(idOf(memberOf(c.Item), org)); err != nil {
			return nil, err
		}
	}
	if kind == SlipIssued.Name {
		texts = texts[1:]
	}
	h.Title, h.Snippet = mark(cmp.Or(w.Matter, numbered(year, number)), s.needles), snippet(texts, s.needles)
	return []Hit{h}, nil
}

// numbered is what a slip or a leader's word is called whose own words were erased.
func numbered(year, number int) string {
	return "〔" + strconv.Itoa(year) + "〕" + strconv.Itoa(number) + "号"
}

// wordTitle is how much of a leader's word stands as its title, in characters.
const wordTitle = 40

func (s *saidReading) instruction(c candidate, kind string, texts []string) ([]Hit, error) {
	var item string
	var year, number int
	var said []byte
	err := s.tx.Row(s.ctx, `SELECT i.item, i.year, i.number, e.words FROM plan_instruction i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE i.book = ? AND i.instruction = ?`, c.Book, c.Item).Scan(&item, &year, &number, &said)
	if err != nil {
		return nil, err
	}
	w, erased, err := words[InstructionWords](said)
	if err != nil {
		return nil, err
	}
	h := c.Hit
	h.Instruction, h.Item = c.Item, item
	if h.Unit, err = s.unitsOf(c); err != nil {
		return nil, err
	}
	title := w.Leader + "：" + w.Text
	if cut := []rune(w.Text); len(cut) > wordTitle {
		title = w.Leader + "：" + string(cut[:wordTitle]) + "…"
	} else if kind == InstructionGiven.Name {
		texts = nil // it stands whole in the title
	}
	if erased {
		title = "批" + numbered(year, number)
	}
	h.Title, h.Snippet = mark(title, s.needles), snippet(texts, s.needles)
	return []Hit{h}, nil
}

// unitsOf names the units that a leader's word names, in its order.
func (s *saidReading) unitsOf(c candidate) (string, error) {
	rows, err := s.tx.Query(s.ctx, `SELECT org FROM plan_instruction_unit WHERE book = ? AND instruction = ? ORDER BY ord`, c.Book, c.Item)
	if err != nil {
		return "", err
	}
	orgs, err := texts(rows)
	for i := range orgs {
		if err == nil {
			orgs[i], err = s.unit(idOf(memberOfBook(c.Book), orgs[i]))
		}
	}
	return strings.Join(orgs, "、"), err
}

// comments: the rows of a comment that have the words, each with the draft's row.
func (s *saidReading) comments(c candidate, e book.Entry) (hits []Hit, err error) {
	w, _, err := words[CommentWords](c.raw)
	if err != nil {
		return nil, err
	}
	for _, row := range slices.Sorted(maps.Keys(w.Texts)) {
		if !hasAll(w.Texts[row], s.needles) {
			continue
		}
		h := c.Hit
		h.Consultation, h.Item, h.Row = c.Item, "", row
		title, found, err := s.draftTitle(c.Item, row)
		if err != nil || !found {
			return nil, err
		}
		if e.Circle == node.Self {
			if h.Unit, err = s.unit(idOf(e.Member, e.Org)); err != nil {
				return nil, err
			}
		}
		h.Title, h.Snippet = mark(title, s.needles), snippet([]string{w.Texts[row]}, s.needles)
		hits = append(hits, h)
	}
	return hits, nil
}

// draftTitle is what a draft list is called, with its row's number and title. Of one whose own book is not here yet there is no page to lead to.
func (s *saidReading) draftTitle(consultation string, row int) (title string, found bool, err error) {
	rows, err := s.tx.Query(s.ctx, `SELECT e.words, f.words FROM plan_consultation s JOIN book_head h ON h.book = s.book
		JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
		LEFT JOIN plan_consultation_row r ON r.book = s.book AND r.consultation = s.consultation AND r.row_id = ?
		LEFT JOIN book_entry f ON f.book = r.book AND f.idx = r.idx
		WHERE s.consultation = ? AND h.member = ? ORDER BY s.book`, row, saidID(consultation), memberOf(consultation))
	if err != nil {
		return "", false, err
	}
	type draft struct{ whole, row []byte }
	all, err := store.Collect(rows, func(scan func(...any) error) (d draft, err error) {
		err = scan(&d.whole, &d.row)
		return d, err
	})
	if err != nil || len(all) == 0 {
		return "", false, err
	}
	of, _, err := words[ConsultationWords](all[0].whole)
	if err != nil {
		return "", false, err
	}
	line, _, err := words[ListingWords](all[0].row) // of the list as a whole there is none
	if title = cmp.Or(of.Title, consultation); line.Title != "" {
		title += " · " + strings.TrimSpace(line.Number+" "+line.Title)
	}
	return title, true, err
}

func (s *saidReading) unit(org string) (name string, err error) {
	if s.names == nil {
		if s.names, err = s.desk.orgNames(s.ctx, s.tx); err != nil {
			return "", err
		}
	}
	return cmp.Or(s.names[org], saidID(org)), nil
}
