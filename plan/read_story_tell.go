package plan

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
)

func itoa(n int) string { return strconv.Itoa(n) }

// mergeTold puts together what was said in several books at once: an acceptance stands in the own
// book and in each circle's, and is one happening.
func mergeTold(all []told) [][]told {
	var merged [][]told
	for _, t := range all {
		n := len(merged) - 1
		for n >= 0 && !sameSaying(merged[n], t) {
			if merged[n][0].entry.At.Before(t.entry.At) {
				n = -1
				break
			}
			n--
		}
		if n >= 0 {
			merged[n] = append(merged[n], t)
		} else {
			merged = append(merged, []told{t})
		}
	}
	return merged
}

func sameSaying(all []told, b told) bool {
	if slices.ContainsFunc(all, func(a told) bool { return a.book == b.book }) {
		return false
	}
	x, y := all[0].entry, b.entry
	return x.Kind == y.Kind && x.Member == y.Member && x.Person == y.Person && x.At.Equal(y.At) &&
		slices.Equal(x.Subjects, y.Subjects)
}

// happening says in words what some entries say together; the own book's comes first, for it has
// all that may be seen.
func (s storyReading) happening(all []told) (h Happening, err error) {
	slices.SortStableFunc(all, func(a, b told) int {
		return bit(ownBook(b.book)) - bit(ownBook(a.book))
	})
	t := all[0]
	e := t.entry
	h.Kind, _, _ = strings.Cut(e.Kind, "/")
	h.At, h.Member, h.Erased = e.At, e.Member, e.Words != nil && t.words == nil
	h.Org = s.d.apart(idOf(e.Member, e.Org), cmp.Or(s.orgs[idOf(e.Member, e.Org)], e.Org))
	for _, t := range all {
		h.Places = append(h.Places, node.Position{Book: t.book, Index: t.idx})
	}
	if e.Member == s.d.node.Member && e.Person != "" {
		if h.Person, err = s.person(e.Person); err != nil {
			return h, err
		}
		if person := node.ForOf(e); person != "" {
			if h.For, err = s.person(person); err != nil {
				return h, err
			}
		}
	}
	return h, s.tell(&h, e, t.words)
}

func ownBook(name string) bool { return strings.HasSuffix(name, "/"+node.Self) }

func (s storyReading) person(id string) (name string, err error) {
	name, ok := s.people[id]
	if !ok {
		if name, err = region.PersonName(s.ctx, s.tx, id); err != nil {
			return "", err
		}
		s.people[id] = name
	}
	return name, nil
}

// tell reads facts and words of an entry by its kind.
func (s storyReading) tell(h *Happening, e book.Entry, raw []byte) error {
	switch e.Kind {
	case ReportFiled.Name, ReportSubmitted.Name, ReportSigned.Name, PartFiled.Name:
		var f ReportFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		return s.tellReport(h, f, raw)
	case ReportAccepted.Name:
		var f AcceptFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		h.Done = f.Confirmed
		return s.tellReport(h, f.Report, raw)
	case ReportReturned.Name, SubmissionReturned.Name:
		var f ReturnFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		h.Period = f.Period
		return tellReason(h, raw)
	case ItemOpened.Name:
		w, _, err := words[ItemWords](raw)
		h.Text = w.Title
		return err
	case Listed.Name:
		var f ListingFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		w, _, err := words[ListingWords](raw)
		h.Text = w.Title
		if err != nil {
			return err
		}
		h.Listing = f.Listing
		return s.ofPlan(h, f.Plan)
	case ReportCalled.Name:
		var f CallFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		w, _, err := words[CallWords](raw)
		if err != nil {
			return err
		}
		h.Period, h.Text = judge.Period(f.Day), w.Text
		return s.ofPlan(h, f.Plan)
	case CallWithdrawn.Name:
		var f WithdrawFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		if err := tellReason(h, raw); err != nil {
			return err
		}
		h.Period = judge.Period(f.Day)
		return s.ofPlan(h, f.Plan)
	case VerdictGiven.Name:
		var f VerdictFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		h.State, h.Listing = f.State, f.Listing
	case ListingAmended.Name:
		w, _, err := words[AmendedWords](raw)
		if err != nil {
			return err
		}
		h.changed("deadline", w.WasDeadline, w.Deadline)
		h.changed("target", w.WasTarget, w.Target)
		h.Listing = idOf(e.Member, first(e.Subjects))
	case AmendmentProposed.Name:
		w, _, err := words[ChangeWords](raw)
		if err != nil {
			return err
		}
		h.Listing = idOf(e.Member, first(e.Subjects))
		if err := s.tellAsked(h, w); err != nil {
			return err
		}
	case AmendmentAnswered.Name:
		var f AmendmentAnswerFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		h.Done, h.Listing = f.Accepted, idOf(e.Member, first(e.Subjects))
	case ShareAsked.Name:
		var f ShareFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		h.Unit, h.Period = cmp.Or(s.orgs[idOf(e.Member, f.Org)], f.Org), f.Period
		w, _, err := words[ShareWords](raw)
		h.Text = w.Text
		return err
	case ShareReported.Name:
		var f ShareReportFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		return s.tellReport(h, ReportFacts{Period: f.Period, Figures: f.Figures}, raw)
	case ShareDeclined.Name, ShareWithdrawn.Name:
		return tellReason(h, raw)
	case InstructionGiven.Name, InstructionSigned.Name, InstructionAnswered.Name, InstructionReturned.Name, InstructionClosed.Name:
		return s.tellInstruction(h, e, raw)
	case MeetingCalled.Name, MinutesIssued.Name, MinutesCorrected.Name:
		return s.tellMeeting(h, e, raw)
	case WorkClaimed.Name, WorkDeclined.Name:
		if e.Member == s.d.node.Member {
			return nil // what asked is a neighbour's row, and stands among the item's lists
		}
		if err := s.tellAnswer(h, e); err != nil {
			return err
		}
	default: // dropped, pointed, asked
		h.Listing = idOf(e.Member, first(e.Subjects))
	}
	if err := tellReason(h, raw); err != nil {
		return err
	}
	l, err := listingByID(s.ctx, s.tx, h.Listing)
	if err != nil {
		return err
	}
	return s.ofPlan(h, l.Facts.Plan)
}

// tellAnswer: what a neighbour said to a row of ours, by which day it would do it, and the row, which its entry does not name.
func (s storyReading) tellAnswer(h *Happening, e book.Entry) error {
	if e.Kind == WorkDeclined.Name {
		var f DeclineFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		h.changed("deadline", "", f.Deadline.Zh())
	}
	return s.tx.Row(s.ctx, `SELECT listing FROM plan_answer WHERE book = ? AND idx = ?`, h.Places[0].Book, h.Places[0].Index).Scan(&h.Listing)
}

// tellAsked: what a unit asks for stands beside what the row said then.
func (s storyReading) tellAsked(h *Happening, w ChangeWords) error {
	row, err := listingByID(s.ctx, s.tx, h.Listing)
	if err != nil {
		return err
	}
	was, err := wordedAt(s.ctx, s.tx, row, h.At)
	if w.Deadline != "" {
		h.changed("deadline", was.Deadline, w.Deadline)
	}
	if w.Target != "" {
		h.changed("target", was.Target, w.Target)
	}
	return err
}

func (h *Happening) changed(field, was, is string) {
	if was != "" || is != "" {
		h.Changed = append(h.Changed, Changed{field, was, is})
	}
}

// tellInstruction: whose word it is stands before it, for the office may have entered it for him.
func (s storyReading) tellInstruction(h *Happening, e book.Entry, raw []byte) (err error) {
	h.Text, h.Files, err = s.d.instructionText(raw)
	if err == nil && e.Kind == InstructionGiven.Name && raw != nil {
		w, _, wrong := words[InstructionWords](raw)
		if err = wrong; w.Leader != "" {
			h.Text = w.Leader + "：" + h.Text
		}
	}
	return err
}

func (s storyReading) tellReport(h *Happening, f ReportFacts, raw []byte) error {
	w, _, err := words[ReportWords](raw)
	h.Period, h.State = f.Period, f.Claim
	for _, v := range f.Figures {
		for _, k := range s.lines {
			if k.ID == v.Indicator {
				h.Figures = append(h.Figures, ReportFigure{k.Name, v.Value, k.Unit})
			}
		}
	}
	if err == nil {
		h.Used, err = s.usedParts(f.Parts)
	}
	h.Text, h.Problem, h.Next, h.Reason = w.Progress, w.Problem, w.Next, w.Reason
	for _, ref := range w.Files {
		h.Files = append(h.Files, ToldFile{ref, s.d.node.Blobs.Has(ref.Blob)})
	}
	return err
}

// usedParts names the units whose parts a report took up; only who sees into the own book learns of them.
func (s storyReading) usedParts(parts []int64) (all []UsedPart, err error) {
	own := s.d.node.BookName(node.Self)
	for _, idx := range parts {
		var raw []byte
		err := s.tx.Row(s.ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, own, idx).Scan(&raw)
		if errors.Is(err, sql.ErrNoRows) {
			continue // of a neighbour's report: its parts stand in its own book
		}
		if err != nil {
			return nil, err
		}
		e, err := book.Scan(raw)
		if err != nil {
			return nil, err
		}
		if sees, err := s.viewer.seesEntry(s.ctx, s.tx, e); err != nil || !sees {
			if err != nil {
				return nil, err
			}
			continue
		}
		all = append(all, UsedPart{cmp.Or(s.orgs[idOf(e.Member, e.Org)], e.Org), node.Position{Book: own, Index: idx}})
	}
	return all, nil
}

func tellReason(h *Happening, raw []byte) error {
	w, _, err := words[ReasonWords](raw)
	h.Text = w.Reason
	return err
}

func (s storyReading) ofPlan(h *Happening, plan string) error {
	title, ok := s.plans[plan]
	if !ok {
		head, err := planHead(s.ctx, s.tx, plan)
		if err != nil {
			return err
		}
		if head != nil {
			title = head.Words.Title
		}
		s.plans[plan] = title
	}
	h.Plan = title
	return nil
}

// asFiled says that an acceptance is followed, as one reads, by the filing that it took as it was.
func asFiled(events []Happening, i int) bool {
	a := events[i]
	if a.Kind != "plan.report.accepted" {
		return false
	}
	for _, f := range events[i+1:] {
		if (f.Kind == "plan.report.filed" || f.Kind == "plan.report.signed") && f.Period == a.Period {
			return f.Text == a.Text && f.Problem == a.Problem && f.Next == a.Next && slices.Equal(f.Figures, a.Figures)
		}
	}
	return false
}
