package plan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// File files a lead's report of an item for a period: its three typed fields and what was chosen.
// Filing again for the same period replaces it; over what was accepted it is a correction, whose
// reason stands in the words (plan.correction-reason). What Ask asks must be answered in the words,
// and a longer period is confirmed from its shorter ones (Compose). Files of the words that were
// attached (Attach) stop being drafts with it. Of a unit whose reports are signed first it is submitted (送审签) and filed by SignReport.
func (d *Desk) File(ctx context.Context, req node.Request, f ReportFacts, words ReportWords) (node.Receipt, error) {
	return d.FileSeen(ctx, req, f, words, AnyFiling)
}

// FilePart files what a supporting unit adds, for the lead to merge. Refused: plan.part-is-asked where the lead asks it for a part of the
// period, for one text has one way.
func (d *Desk) FilePart(ctx context.Context, req node.Request, f ReportFacts, words ReportWords) (node.Receipt, error) {
	if strings.TrimSpace(words.Progress) == "" && len(f.Figures) == 0 {
		return node.Receipt{}, refuse.New("plan.report-empty").At("progress")
	}
	f.Item = d.ID(f.Item)
	if err := errors.Join(words.fit(), d.ours(f.Item)); err != nil {
		return node.Receipt{}, err
	}
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		if err := d.used(ctx, w, f.Item, words.Files); err != nil {
			return err
		}
		if err := notInFuture(f, judge.DateIn(w.Now(), judge.Beijing)); err != nil {
			return err
		}
		if f.Period.Cycle() != judge.AdHoc && f.Period.First() > judge.DateIn(w.Now(), judge.Beijing) {
			return refuse.New("plan.period-not-begun", "period", f.Period.Zh()).At("period")
		}
		if share, err := d.shareFor(ctx, w.Tx(), w.Actor.Org, f.Item, f.Period); err != nil {
			return err
		} else if share != "" {
			return refuse.New("plan.part-is-asked", "period", f.Period.Zh(), "share", share).At("progress")
		}
		_, err := say(ctx, w, PartFiled, node.Said[ReportFacts, ReportWords]{
			Circle: node.Self, Subjects: []string{f.Item}, Facts: complete(f), Words: &words,
		})
		return err
	})
}

// MostRunes is how long a typed field may be, in characters.
const MostRunes = 4000

// MostFiles is how many files may lie with one report.
const MostFiles = 20

func (w ReportWords) fit() error {
	var all []error
	for field, text := range map[string]string{"progress": w.Progress, "problem": w.Problem, "next": w.Next, "reason": w.Reason} {
		if n := utf8.RuneCountInString(text); n > MostRunes {
			all = append(all, refuse.New("plan.text-too-long", "n", n, "most", MostRunes).At(field))
		}
	}
	if len(w.Files) > MostFiles {
		all = append(all, refuse.New("plan.too-many-files", "n", len(w.Files), "most", MostFiles).At("files"))
	}
	return errors.Join(all...)
}

// mayFile: a period that has not begun has nothing to report unless it was called for, one that no list asks for is a slip
// of the finger, and a longer one is made from what was said for the shorter ones.
func (d *Desk) mayFile(ctx context.Context, w *node.Writing, f ReportFacts) error {
	it := unitItem{id: f.Item}
	var err error
	if it.lists, err = listsOf(ctx, w.Tx(), f.Item); err != nil {
		return err
	}
	today := judge.DateIn(w.Now(), judge.Beijing)
	if f.Period.First() > today && len(it.calls(f.Period)) == 0 {
		return refuse.New("plan.period-not-begun", "period", f.Period.Zh()).At("period")
	} else if err := notInFuture(f, today); err != nil {
		return err
	}
	cycle := f.Period.Cycle()
	if _, asked := it.rhythmOf(f.Period, today); !asked {
		return refuse.New("plan.period-not-asked", "period", string(f.Period)).At("period")
	}
	if shortest := it.shortest(); cycle == shortest || shortest == judge.AdHoc || cycle == judge.AdHoc {
		return nil
	}
	done, err := d.actsOf(ctx, w.Tx(), `x.item = ?`, f.Item)
	if err != nil {
		return err
	}
	if missing := missingParts(it, f.Period, done); len(missing) > 0 || !f.Longer {
		return notComposed(f.Period, missing)
	}
	return nil
}

// notInFuture: what is said to be done was done by today.
func notInFuture(f ReportFacts, today judge.Date) error {
	if f.DoneOn > today {
		return refuse.New("plan.day-in-future", "day", string(f.DoneOn)).At("doneOn")
	}
	for _, m := range f.Met {
		if m.Day > today {
			return refuse.New("plan.day-in-future", "day", string(m.Day)).At("met-" + m.Milestone)
		}
	}
	return nil
}

// complete makes absent lists empty ones: facts have one form.
func complete(f ReportFacts) ReportFacts {
	if f.Figures == nil {
		f.Figures = []FigureFacts{}
	}
	if f.Met == nil {
		f.Met = []MetFacts{}
	}
	if f.Parts == nil {
		f.Parts = []int64{}
	}
	return f
}

// Return sends the newest filing of an item and period back with a reason.
func (d *Desk) Return(ctx context.Context, req node.Request, item string, p judge.Period, reason string) error {
	return d.ReturnSeen(ctx, req, item, p, AnyFiling, reason)
}

// ReturnSeen is Return of the filing that was read, by its index in the own book: one that came
// after it is not answered unread (plan.filing-not-newest).
func (d *Desk) ReturnSeen(ctx context.Context, req node.Request, item string, p judge.Period, seen int64, reason string) error {
	item = d.ID(item)
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		filing, err := d.newest(ctx, w, item, p, seen)
		if err != nil {
			return err
		}
		if err := d.mayAnswer(ctx, w.Tx(), req.Actor, filing.org); err != nil {
			return err
		}
		_, err = say(ctx, w, ReportReturned, node.Said[ReturnFacts, ReasonWords]{
			Circle: node.Self, Subjects: []string{item}, Causes: []node.Position{filing.position},
			Facts: ReturnFacts{Item: item, Period: p}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
	return err
}

// Accept takes the newest filing of an item and period, and writes it into the book of every
// circle where the item is listed. confirm says that a claim of done is true.
func (d *Desk) Accept(ctx context.Context, req node.Request, item string, p judge.Period, confirm bool) (node.Receipt, error) {
	return d.AcceptSeen(ctx, req, item, p, AnyFiling, confirm)
}

// AcceptSeen is Accept of the filing that was read, by its index in the own book.
func (d *Desk) AcceptSeen(ctx context.Context, req node.Request, item string, p judge.Period, seen int64, confirm bool) (node.Receipt, error) {
	item = d.ID(item)
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		filing, err := d.newest(ctx, w, item, p, seen)
		if err != nil {
			return err
		}
		if err := d.mayAnswer(ctx, w.Tx(), req.Actor, filing.org); err != nil {
			return err
		}
		now, _, _, err := readItemEntry(ctx, w.Tx(), d.node.BookName(node.Self), item)
		if err != nil {
			return err
		}
		filing.facts = filing.facts.stillOf(now)
		said := node.Said[AcceptFacts, ReportWords]{
			Circle: node.Self, Subjects: []string{item}, Causes: []node.Position{filing.position},
			Facts: AcceptFacts{Report: filing.facts, Org: filing.org, Filed: filing.first, Confirmed: confirm},
			Words: filing.words,
		}
		if _, err := say(ctx, w, ReportAccepted, said); err != nil {
			return err
		}
		circles, err := listedIn(ctx, w.Tx(), d.node.Member, item)
		if err != nil {
			return err
		}
		for _, circle := range circles {
			if err := region.Show(ctx, w, circle, filing.org); err != nil {
				return err
			}
			if _, err := say(ctx, w, ReportAccepted, acceptance(circle, said.Facts, filing.words)); err != nil {
				return err
			}
		}
		return nil
	})
}

// outside leaves out what was said to the member's own coordinator.
func outside(w *ReportWords) *ReportWords {
	if w == nil {
		return nil
	}
	o := *w
	o.Answers, o.Reason = nil, ""
	return &o
}

// filing is the newest filing of an item and period.
type filing struct {
	position node.Position
	org      string
	first    judge.Date // the first filing's day: "on time" goes by it
	facts    ReportFacts
	words    *ReportWords
}

func (d *Desk) newest(ctx context.Context, w *node.Writing, item string, p judge.Period, seen int64) (filing, error) {
	var f filing
	if err := d.ours(item); err != nil {
		return f, err
	}
	self := d.node.BookName(node.Self)
	var index int64
	var raw, wordsRaw []byte
	err := w.Tx().Row(ctx, `SELECT f.idx, f.org, e.entry, e.words,
		(SELECT min(x.day) FROM plan_filed x WHERE x.item = f.item AND x.period = f.period)
		FROM plan_filed f JOIN book_entry e ON e.book = f.book AND e.idx = f.idx
		WHERE f.book = ? AND f.item = ? AND f.period = ? ORDER BY f.idx DESC LIMIT 1`,
		self, item, string(p)).Scan(&index, &f.org, &raw, &wordsRaw, &f.first)
	if errors.Is(err, sql.ErrNoRows) {
		return f, refuse.New("plan.nothing-filed", "period", string(p)).At("period")
	}
	if err != nil {
		return f, fmt.Errorf("newest filing: %w", err)
	}
	if seen != AnyFiling && seen != index {
		return f, refuse.New("plan.filing-not-newest").At("period")
	}
	f.position = node.Position{Book: self, Index: index, Leaf: book.LeafHash(raw)}
	if err := factsOf(raw, &f.facts); err != nil {
		return f, err
	}
	said, erased, err := words[ReportWords](wordsRaw)
	if !erased {
		f.words = &said
	}
	return f, err
}

// listedIn names the circles in whose lists of this member an item stands and was not dropped.
func listedIn(ctx context.Context, tx *store.Tx, member, item string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT l.circle FROM plan_pointer p
		JOIN plan_listing l ON l.book = p.book AND l.listing = p.listing
		JOIN book_head h ON h.book = l.book AND h.member = ?
		LEFT JOIN plan_dropped x ON x.book = l.book AND x.listing = l.listing
		WHERE p.item = ? AND x.listing IS NULL AND l.circle <> '`+node.Self+`' ORDER BY l.circle`, member, item)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}
