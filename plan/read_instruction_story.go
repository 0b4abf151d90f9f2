package plan

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// instructionTables are where what was said to a word stands, by kind, and by which day an answer is waited for again.
var instructionTables = []struct{ kind, table, due string }{
	{"plan.instruction.signed", "plan_instruction_signed", "''"},
	{"plan.instruction.answered", "plan_instruction_answer", "''"},
	{"plan.instruction.returned", "plan_instruction_return", "x.due"},
}

func (d *Desk) instructionStory(ctx context.Context, tx *store.Tx, i Instruction) (all []InstructionEvent, err error) {
	names := map[string]string{}
	for _, u := range i.Units {
		names[u.Org] = u.Name
	}
	read := func(kind, query string) error {
		rows, err := tx.Query(ctx, query, i.Book, i.ID)
		if err != nil {
			return err
		}
		some, err := store.Collect(rows, func(scan func(...any) error) (e InstructionEvent, err error) {
			var said []byte
			var org string
			if err := scan(&org, &e.Day, &e.Due, &e.Book, &e.Index, &said); err != nil {
				return e, err
			}
			e.Kind, e.Unit = kind, names[org]
			e.Text, e.Files, err = d.instructionText(said)
			return e, err
		})
		all = append(all, some...)
		return err
	}
	for _, t := range instructionTables {
		err := read(t.kind, `SELECT x.org, x.day, `+t.due+`, x.book, x.idx, e.words FROM `+t.table+` x
			JOIN book_entry e ON e.book = x.book AND e.idx = x.idx WHERE x.book = ? AND x.instruction = ?`)
		if err != nil {
			return nil, err
		}
	}
	err = read("plan.instruction.closed", `SELECT '', x.day, '', x.book, x.idx, e.words FROM plan_instruction_closed x
		JOIN book_entry e ON e.book = x.book AND e.idx = x.idx WHERE x.book = ? AND x.instruction = ?`)
	slices.SortFunc(all, func(a, b InstructionEvent) int { return cmp.Compare(a.Index, b.Index) })
	return all, err
}

// instructionText is what an entry about a word says, of whichever kind, and the files that lie with it.
func (d *Desk) instructionText(raw []byte) (text string, files []ToldFile, err error) {
	if raw == nil {
		return "", nil, nil
	}
	said, _, err := words[struct {
		Text   string    `json:"text"`
		Reason string    `json:"reason"`
		Files  []FileRef `json:"files"`
	}](raw)
	for _, f := range said.Files {
		files = append(files, ToldFile{f, d.node.Blobs.Has(f.Blob)})
	}
	return cmp.Or(said.Text, said.Reason), files, err
}

// isInstruction: the kinds of what is said about a leader's word.
func isInstruction(kind string) bool {
	switch kind {
	case InstructionGiven.Name, InstructionSigned.Name, InstructionAnswered.Name, InstructionReturned.Name, InstructionClosed.Name:
		return true
	}
	return false
}

// seesInstruction: a word and all that is said to it are for leaders, coordinators and auditors, and for the units that it names.
func (r sight) seesInstruction(ctx context.Context, tx *store.Tx, e book.Entry) (bool, error) {
	if !region.May(r.Seat, region.InstructRead) {
		return false, nil
	}
	if r.allInstructions() {
		return true, nil
	}
	var f InstructionSaidFacts
	if json.Unmarshal(e.Facts, &f) != nil || f.Instruction == "" {
		return false, nil
	}
	var n int
	err := tx.Row(ctx, `SELECT count(*) FROM plan_instruction_unit WHERE book = ? AND instruction = ? AND org = ?`,
		e.Member+"/"+e.Circle, f.Instruction, r.Org).Scan(&n)
	return n > 0, err
}

// InstructionWaits says that the next step of a word is an actor's: of a unit that it names to sign for or answer it, of the office
// and of the leader whose word it is to close it, or to return an answer.
func (d *Desk) InstructionWaits(i Instruction, actor node.Actor) bool {
	seat := region.Seat(actor.Seat)
	if i.Outcome != "" {
		return false
	}
	if region.May(seat, region.InstructAnswer) && slices.ContainsFunc(i.Units, func(u InstructionUnit) bool {
		return u.Org == actor.Org && u.State != InstructionIsAnswered
	}) {
		return true
	}
	return i.State == InstructionIsAnswered && region.May(seat, region.PlanInstruct) && (seat != region.Leader || i.Leader == actor.Person || slices.Contains(i.heirs, actor.Person))
}

// instructionsWaiting counts the words whose next step is an actor's.
func (d *Desk) instructionsWaiting(ctx context.Context, tx *store.Tx, actor node.Actor) (n int, err error) {
	all, err := d.instructions(ctx, tx, InstructionQuery{Open: true}, ViewerOf(actor))
	for _, i := range all {
		if d.InstructionWaits(i, actor) {
			n++
		}
	}
	return n, err
}
