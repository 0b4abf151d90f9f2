package plan

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// NewSlip is a slip as a coordinator writes it: of a unit of this member, or of a neighbour.
type NewSlip struct {
	Item    string
	Listing string
	Org     string
	Member  string
	Ground  SlipGround
	Level   string     // empty: the lowest of the ladder
	Due     judge.Date // empty: the working days of the level from today
	Words   SlipWords
}

// IssueSlip 印发督办单 and returns its id. A neighbour's slip stands in the book of the circle of the row that it is about.
func (d *Desk) IssueSlip(ctx context.Context, req node.Request, n NewSlip) (string, error) {
	if err := textsShort(map[string]string{"matter": n.Words.Matter, "basis": n.Words.Basis, "demand": n.Words.Demand, "signer": n.Words.Signer}); err != nil {
		return "", err
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		ladder, err := ladderNow(ctx, w.Tx())
		if err != nil {
			return err
		}
		step, ok := ladder.Step(cmp.Or(n.Level, ladder.Steps[0].Level))
		if !ok {
			return refuse.New("plan.slip-level", "level", n.Level).At("level")
		}
		f := SlipFacts{
			Slip: d.newID("s"), Year: yearOfDay(d.Today()), Item: d.ID(n.Item), Org: saidID(n.Org), Member: n.Member, Ground: n.Ground, Level: step.Level,
			Due: n.Due,
		}
		if f.Due == "" {
			if f.Due, err = d.dueIn(ctx, w.Tx(), step.Days); err != nil {
				return err
			}
		}
		if ended, err := region.Ended(ctx, w.Tx(), f.Org); err != nil || ended {
			return errors.Join(err, refuse.New("region.reform.ended").At("org"))
		}
		circle, err := d.slipBook(ctx, w.Tx(), n, &f)
		if err != nil {
			return err
		}
		if err := noOpenSlip(ctx, w.Tx(), f); err != nil {
			return err
		}
		book := d.node.BookName(circle)
		if err := w.Tx().Row(ctx, `SELECT COALESCE(max(number), 0) + 1 FROM plan_slip WHERE book = ? AND year = ?`, book, f.Year).Scan(&f.Number); err != nil {
			return err
		}
		var subjects []string
		for _, id := range []string{f.Item, f.Listing} {
			if id != "" {
				subjects = append(subjects, id)
			}
		}
		w.Note(f.Slip)
		_, err = say(ctx, w, SlipIssued, node.Said[SlipFacts, SlipWords]{Circle: circle, Subjects: subjects, Facts: f, Words: &n.Words})
		return err
	})
	return receipt.Note, err
}

// noOpenSlip refuses a second slip to the same unit on the same ground of the same matter while the first is open: two coordinators pressed at
// once, or one did not see what the other had issued. An open slip is raised instead. (Our rule: no document gives one.)
func noOpenSlip(ctx context.Context, tx *store.Tx, f SlipFacts) error {
	if f.Item == "" && f.Listing == "" || f.Ground == SlipOther {
		return nil
	}
	var number int
	err := tx.Row(ctx, `SELECT s.number FROM plan_slip s LEFT JOIN plan_slip_closed c ON c.book = s.book AND c.slip = s.slip
		WHERE c.slip IS NULL AND s.item = ? AND s.listing = ? AND s.org = ? AND s.member = ? AND s.ground = ?`, f.Item, f.Listing, f.Org, f.Member, f.Ground).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return refuse.New("plan.slip-open", "number", number)
}

// slipBook is where a slip stands: inside, or for a neighbour in the circle of the row that asks it.
func (d *Desk) slipBook(ctx context.Context, tx *store.Tx, n NewSlip, f *SlipFacts) (circle string, err error) {
	if f.Member == "" {
		if n.Item == "" {
			f.Item = ""
		}
		return node.Self, nil
	}
	f.Item, f.Org, f.Listing = "", "", d.ID(n.Listing)
	if err := tx.Row(ctx, `SELECT circle FROM plan_now WHERE listing = ?`, f.Listing).Scan(&circle); err != nil {
		return "", refuseMissing(err, "plan.listing-unknown", "listing", n.Listing)
	}
	if circle == node.Self {
		return "", refuse.New("plan.not-self")
	}
	known, err := region.NeighbourIn(ctx, tx, d.node.Member, circle, f.Member)
	if err == nil && (known == nil || known.Left || known.Suspended) {
		err = refuse.New("plan.slip-to").At("org")
	}
	return circle, err
}

// dueIn is the n-th working day from today.
func (d *Desk) dueIn(ctx context.Context, tx *store.Tx, n int) (judge.Date, error) {
	days, err := calendarOf(ctx, tx)
	if err != nil {
		return "", err
	}
	return days.after(d.Today(), n), nil
}

func yearOfDay(d judge.Date) int {
	y, _ := strconv.Atoi(string(d)[:4])
	return y
}

// SignSlip 签收.
func (d *Desk) SignSlip(ctx context.Context, req node.Request, slip SlipID) error {
	return d.saysToSlip(ctx, req, slip, func(ctx context.Context, w *node.Writing, circle string, at node.Position) error {
		_, err := SlipSigned.Say(ctx, w, node.Said[SlipSaidFacts, region.NoWords]{Circle: circle, Causes: []node.Position{at}})
		return err
	})
}

// AnswerSlip 反馈办理情况, with files if there are any.
func (d *Desk) AnswerSlip(ctx context.Context, req node.Request, slip SlipID, text string, files []FileRef) error {
	if err := textsShort(map[string]string{"text": text}); err != nil {
		return err
	}
	if err := fewFiles(files); err != nil {
		return err
	}
	return d.saysToSlip(ctx, req, slip, func(ctx context.Context, w *node.Writing, circle string, at node.Position) error {
		if err := d.used(ctx, w, "", files); err != nil {
			return err
		}
		said := node.Said[SlipSaidFacts, SlipTextWords]{Circle: circle, Causes: []node.Position{at}, Words: &SlipTextWords{Text: strings.TrimSpace(text), Files: files}}
		_, err := SlipAnswered.Say(ctx, w, said)
		return err
	})
}

func (d *Desk) saysToSlip(ctx context.Context, req node.Request, slip SlipID, say func(context.Context, *node.Writing, string, node.Position) error) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		s, err := d.slip(ctx, w.Tx(), slip)
		if err != nil {
			return err
		}
		if s.Outcome != "" {
			return refuse.New("plan.slip-over")
		}
		if s.Member == "" && s.Org != w.Actor.Org || s.Member != "" && s.Member != d.node.Member {
			return refuse.New("plan.slip-not-asked")
		}
		at, err := positionOf(ctx, w.Tx(), s.Book, s.Index)
		if err != nil {
			return err
		}
		return say(ctx, w, s.Circle, at)
	})
	return err
}

// positionOf names an entry that stands here, as a cause.
func positionOf(ctx context.Context, tx *store.Tx, book string, index int64) (node.Position, error) {
	at := node.Position{Book: book, Index: index}
	err := tx.Row(ctx, `SELECT leaf FROM book_entry WHERE book = ? AND idx = ?`, book, index).Scan(scanLeaf{&at})
	return at, err
}

// ReturnSlip 复核退回: what was answered does not do; days are the working days in which another is waited for.
func (d *Desk) ReturnSlip(ctx context.Context, req node.Request, slip SlipID, reason string, days int) error {
	return d.movesSlip(ctx, req, slip, func(ctx context.Context, w *node.Writing, s Slip, _ Ladder) error {
		if s.State != SlipIsAnswered {
			return refuse.New("plan.slip-unanswered")
		}
		due, err := d.dueIn(ctx, w.Tx(), days)
		if err != nil {
			return err
		}
		answer, err := positionOf(ctx, w.Tx(), s.asked(), s.answer)
		if err != nil {
			return err
		}
		return moveSlip(ctx, w, SlipReturned, s, SlipMovedFacts{Slip: s.Slip, Due: due}, reason, answer)
	})
}

// RaiseSlip 升级督办: one step up the ladder, where it was not answered in time.
func (d *Desk) RaiseSlip(ctx context.Context, req node.Request, slip SlipID, reason string) error {
	return d.movesSlip(ctx, req, slip, func(ctx context.Context, w *node.Writing, s Slip, ladder Ladder) error {
		if s.State != SlipIsOverdue {
			return refuse.New("plan.slip-in-time")
		}
		next, ok := ladder.Above(s.Level)
		if !ok {
			return refuse.New("plan.slip-top").At("level")
		}
		due, err := d.dueIn(ctx, w.Tx(), next.Days)
		if err != nil {
			return err
		}
		return moveSlip(ctx, w, SlipRaised, s, SlipMovedFacts{Slip: s.Slip, Level: next.Level, Due: due}, reason)
	})
}

// CloseSlip 销号 with what was found, or takes a slip back that was issued by mistake (撤销).
func (d *Desk) CloseSlip(ctx context.Context, req node.Request, slip SlipID, outcome SlipOutcome, reason string) error {
	return d.movesSlip(ctx, req, slip, func(ctx context.Context, w *node.Writing, s Slip, _ Ladder) error {
		if outcome == SlipDone && s.State != SlipIsAnswered {
			return refuse.New("plan.slip-unanswered")
		}
		_, err := SlipClosed.Say(ctx, w, node.Said[SlipClosedFacts, ReasonWords]{
			Circle: s.Circle, Subjects: s.subjects(), Facts: SlipClosedFacts{Slip: s.Slip, Outcome: outcome}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
}

func moveSlip(ctx context.Context, w *node.Writing, k *node.Kind[SlipMovedFacts, ReasonWords], s Slip, f SlipMovedFacts, reason string, causes ...node.Position) error {
	_, err := k.Say(ctx, w, node.Said[SlipMovedFacts, ReasonWords]{
		Circle: s.Circle, Subjects: s.subjects(), Causes: causes, Facts: f, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
	})
	return err
}

// subjects are the ids of what a slip is about, as its entries say them.
func (s Slip) subjects() (all []string) {
	for _, id := range []string{s.Item, s.Listing} {
		if id != "" {
			all = append(all, saidID(id))
		}
	}
	return all
}

func (d *Desk) movesSlip(ctx context.Context, req node.Request, slip SlipID, act func(context.Context, *node.Writing, Slip, Ladder) error) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		s, err := d.slip(ctx, w.Tx(), slip)
		if err != nil {
			return err
		}
		if err := d.oursBook(s.Book); err != nil {
			return err
		}
		if s.Outcome != "" {
			return refuse.New("plan.slip-over")
		}
		ladder, err := ladderNow(ctx, w.Tx())
		if err != nil {
			return err
		}
		return act(ctx, w, s, ladder)
	})
	return err
}

// textsShort bounds what is typed.
func textsShort(all map[string]string) error {
	for field, text := range all {
		if n := utf8.RuneCountInString(text); n > MostRunes {
			return refuse.New("plan.text-too-long", "n", n, "most", MostRunes).At(field)
		}
	}
	return nil
}
