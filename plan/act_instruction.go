package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// NewInstruction is a leader's word as he types it, or as the office enters it from paper.
type NewInstruction struct {
	Item  string   // id; empty: of no item
	Plan  string   // key or id of a list; empty: of no list
	Orgs  []string // ids of the units, of this member
	Day   judge.Date
	Due   judge.Date
	By    string // of one from paper: id of the person whose word it is, if he has a seat here
	Words InstructionWords
}

// GiveInstruction 批示 and returns its id. From a leader it is his own word of today, whatever By and Day say; from the office one
// from paper, with the scan. A name that is left out is taken from the register.
func (d *Desk) GiveInstruction(ctx context.Context, req node.Request, n NewInstruction) (string, error) {
	n.Words.Text, n.Words.Leader = strings.TrimSpace(n.Words.Text), strings.TrimSpace(n.Words.Leader)
	if err := textsShort(map[string]string{"text": n.Words.Text, "leader": n.Words.Leader}); err != nil {
		return "", err
	}
	if err := fewFiles(n.Words.Files); err != nil {
		return "", err
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		f := InstructionFacts{
			Instruction: d.newID("w"), Source: InstructionPaper, Leader: n.By, Item: d.ID(n.Item), Day: cmp.Or(n.Day, d.Today()), Due: n.Due,
		}
		if n.Item == "" {
			f.Item = ""
		}
		for _, org := range n.Orgs {
			if err := d.ours(org); err != nil {
				return err
			}
			if org = saidID(org); !slices.Contains(f.Orgs, org) {
				f.Orgs = append(f.Orgs, org)
			}
		}
		if region.Seat(w.Actor.Seat) == region.Leader {
			f.Source, f.Leader, f.Day = InstructionOwn, w.Actor.Person, d.Today()
		}
		if n.Plan != "" {
			head, err := planHead(ctx, w.Tx(), d.PlanID(n.Plan))
			if err != nil {
				return err
			}
			if head == nil {
				return refuse.New("plan.unknown", "plan", n.Plan)
			}
			f.Plan = head.Facts.Plan
		}
		if _, err := judge.ParseDate(string(f.Day)); err != nil {
			return refuse.New("plan.day", "day", string(f.Day)).At("day")
		}
		f.Year = yearOfDay(f.Day)
		said := n.Words
		if said.Leader == "" && f.Leader != "" {
			name, err := region.ActingName(ctx, w.Tx(), f.Leader, w.Actor.For)
			if err != nil {
				return err
			}
			said.Leader = name
		}
		err := w.Tx().Row(ctx, `SELECT COALESCE(max(number), 0) + 1 FROM plan_instruction WHERE book = ? AND year = ?`,
			d.node.BookName(node.Self), f.Year).Scan(&f.Number)
		if err != nil {
			return err
		}
		if err := d.used(ctx, w, "", said.Files); err != nil {
			return err
		}
		w.Note(f.Instruction)
		_, err = say(ctx, w, InstructionGiven, node.Said[InstructionFacts, InstructionWords]{
			Circle: node.Self, Subjects: subjectsOf(f.Item), Facts: f, Words: &said,
		})
		return err
	})
	return receipt.Note, err
}

func fewFiles(files []FileRef) error {
	if n := len(files); n > MostFiles {
		return refuse.New("plan.too-many-files", "n", n, "most", MostFiles).At("files")
	}
	return nil
}

// subjectsOf are the ids that an entry is about: with its item a word stands in the item's story.
func subjectsOf(item string) []string {
	if item == "" {
		return nil
	}
	return []string{saidID(item)}
}

// SignInstruction 签收.
func (d *Desk) SignInstruction(ctx context.Context, req node.Request, id string) error {
	return d.toInstruction(ctx, req, id, func(ctx context.Context, w *node.Writing, i Instruction) error {
		_, err := InstructionSigned.Say(ctx, w, node.Said[InstructionSaidFacts, region.NoWords]{
			Circle: node.Self, Subjects: subjectsOf(i.Item), Facts: InstructionSaidFacts{Instruction: i.ID},
		})
		return err
	})
}

// AnswerInstruction 报告办理情况, with files if there are any.
func (d *Desk) AnswerInstruction(ctx context.Context, req node.Request, id, text string, files []FileRef) error {
	if err := textsShort(map[string]string{"answer": text}); err != nil {
		return err
	}
	if err := fewFiles(files); err != nil {
		return err
	}
	return d.toInstruction(ctx, req, id, func(ctx context.Context, w *node.Writing, i Instruction) error {
		if err := d.used(ctx, w, "", files); err != nil {
			return err
		}
		_, err := InstructionAnswered.Say(ctx, w, node.Said[InstructionSaidFacts, InstructionAnswerWords]{
			Circle: node.Self, Subjects: subjectsOf(i.Item), Facts: InstructionSaidFacts{Instruction: i.ID},
			Words: &InstructionAnswerWords{Text: strings.TrimSpace(text), Files: files},
		})
		return err
	})
}

// ReturnInstruction 退回重办: a unit's answer does not do; due is by when another is waited for.
func (d *Desk) ReturnInstruction(ctx context.Context, req node.Request, id, org, reason string, due judge.Date) error {
	if err := textsShort(map[string]string{"reason": reason}); err != nil {
		return err
	}
	return d.toInstruction(ctx, req, id, func(ctx context.Context, w *node.Writing, i Instruction) error {
		_, err := InstructionReturned.Say(ctx, w, node.Said[InstructionReturnedFacts, ReasonWords]{
			Circle: node.Self, Subjects: subjectsOf(i.Item), Facts: InstructionReturnedFacts{Instruction: i.ID, Org: saidID(org), Due: due},
			Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
}

// CloseInstruction 办结, or 撤销 of what was entered by mistake. The office closes when every unit has answered; a leader may end his
// word whenever he is content.
func (d *Desk) CloseInstruction(ctx context.Context, req node.Request, id string, outcome InstructionOutcome, reason string) error {
	if err := textsShort(map[string]string{"reason": reason}); err != nil {
		return err
	}
	return d.toInstruction(ctx, req, id, func(ctx context.Context, w *node.Writing, i Instruction) error {
		if outcome == InstructionDone && i.State != InstructionIsAnswered && region.Seat(w.Actor.Seat) != region.Leader {
			return refuse.New("plan.instruction-unanswered")
		}
		_, err := InstructionClosed.Say(ctx, w, node.Said[InstructionClosedFacts, ReasonWords]{
			Circle: node.Self, Subjects: subjectsOf(i.Item), Facts: InstructionClosedFacts{Instruction: i.ID, Outcome: outcome},
			Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
}

// toInstruction acts on a word that the actor may read and that is open; to whom it is not shown it is not there.
func (d *Desk) toInstruction(ctx context.Context, req node.Request, id string, act func(context.Context, *node.Writing, Instruction) error) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		i, err := d.instruction(ctx, w.Tx(), id, ViewerOf(w.Actor))
		if err != nil {
			return err
		}
		if i.Outcome != "" {
			return refuse.New("plan.instruction-over")
		}
		return act(ctx, w, i)
	})
	return err
}
