package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/workday"
	"liandong/store"
)

// Shift is a day that another calendar would move.
type Shift struct {
	What  ShiftOf
	Unit  string // name of who is asked; empty: nobody alone
	Level string // of a step of the ladder
	Was   judge.Date
	Will  judge.Date
	// Stays: the day stands in an entry and stays as it was said; what is counted on reading moves.
	Stays bool
}

// ShiftOf is what a day is the last of.
type ShiftOf string

// What days there are: 今天印发的督办单, 督办单, 分工报送（本期、以后各期）, 批示, 征求意见, 会议.
const (
	ShiftOfStep        ShiftOf = "step"
	ShiftOfSlip        ShiftOf = "slip"
	ShiftOfPart        ShiftOf = "part"
	ShiftOfLaterPart   ShiftOf = "later-part"
	ShiftOfInstruction ShiftOf = "instruction"
	ShiftOfComments    ShiftOf = "comments"
	ShiftOfMeeting     ShiftOf = "meeting"
)

// mostPeriodsAhead bounds how many periods of a part are looked at: a year of ten-day reports.
const mostPeriodsAhead = 36

// Shifts says which days another arrangement of a year would move, were it entered now. What is asked is told by its units and days only: who
// keeps the calendar has no say in the work, and reads none of it.
func (d *Desk) Shifts(ctx context.Context, s workday.Setting) (all []Shift, err error) {
	today := d.Today()
	s.Day = string(today)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		is, err := calendarOf(ctx, tx)
		if err != nil {
			return err
		}
		m := mover{d, tx, today, is, calendar{is.With(s)}, nil, nil}
		if m.names, err = region.OrgNames(ctx, tx); err != nil {
			return err
		}
		for _, look := range []func(context.Context) error{m.steps, m.slips, m.parts, m.fixed} {
			if err := look(ctx); err != nil {
				return err
			}
		}
		all = m.all
		return nil
	})
	slices.SortStableFunc(all, func(a, b Shift) int {
		return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Was, b.Was), cmp.Compare(a.Unit, b.Unit))
	})
	return all, err
}

// mover compares two calendars.
type mover struct {
	*Desk
	tx      *store.Tx
	today   judge.Date
	is, new calendar
	names   map[string]string // of organisations
	all     []Shift
}

func (m *mover) add(s Shift) {
	if s.Was != s.Will && s.Was >= m.today {
		m.all = append(m.all, s)
	}
}

func (m *mover) steps(ctx context.Context) error {
	l, err := ladderNow(ctx, m.tx)
	for _, s := range l.Steps {
		m.add(Shift{What: ShiftOfStep, Level: cmp.Or(s.Name, s.Level), Was: m.is.after(m.today, s.Days), Will: m.new.after(m.today, s.Days)})
	}
	return err
}

// slips that wait for an answer: the new day leaves as many working days from today as there were.
func (m *mover) slips(ctx context.Context) error {
	all, err := m.slipsWhere(ctx, m.tx, `WHERE c.outcome IS NULL`)
	for _, s := range all {
		if !s.Ours || s.Due <= m.today || !m.is.works(s.Due) {
			continue
		}
		m.add(Shift{What: ShiftOfSlip, Unit: cmp.Or(m.names[s.Org], s.Unit), Was: s.Due, Will: m.new.after(m.today, m.is.between(m.today, s.Due)), Stays: true})
	}
	return err
}

// parts that are asked: the first day stands in an entry, those of later periods are counted back from the lead's own last day.
func (m *mover) parts(ctx context.Context) error {
	all, err := m.sharesWhere(ctx, m.tx, `1 = 1`)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.withdrawn > s.Index || s.declined > s.Index {
			continue
		}
		it := unitItem{id: s.Item}
		if it.lists, err = listsOf(ctx, m.tx, s.Item); err != nil {
			return err
		}
		p := s.From
		for range mostPeriodsAhead {
			if !covers(s.Once, s.From, p) {
				break
			}
			if rhythm, asked := it.rhythmOf(p, m.today); asked && rhythm.Cutoff(p) >= m.today {
				shift := Shift{What: ShiftOfLaterPart, Unit: s.Name, Was: m.is.before(rhythm.Cutoff(p), s.Ahead), Will: m.new.before(rhythm.Cutoff(p), s.Ahead)}
				if p == s.From {
					shift.What, shift.Stays, shift.Was = ShiftOfPart, true, s.due
					if m.is.before(rhythm.Cutoff(p), s.Ahead) != s.due { // it was set by hand, or is not so many days before
						shift.Will = m.workingDay(s.due)
					}
				}
				m.add(shift)
			}
			if p = it.nextAsked(p); p == "" || yearOfDay(p.First()) > yearOfDay(m.today)+2 {
				break
			}
		}
	}
	return nil
}

// workingDay is a day, or the next on which one works where it becomes a day off.
func (m *mover) workingDay(day judge.Date) judge.Date {
	if m.is.works(day) && !m.new.works(day) {
		return m.new.after(day, 0)
	}
	return day
}

// fixed are days that were chosen: what an instruction, a draft and a meeting say. They are told where they would fall on a day off.
func (m *mover) fixed(ctx context.Context) error {
	own, today := m.node.BookName(node.Self), string(m.today)
	for what, query := range map[ShiftOf]string{
		ShiftOfInstruction: `SELECT u.org, x.due FROM plan_instruction x JOIN plan_instruction_unit u ON u.book = x.book AND u.instruction = x.instruction
			WHERE x.book = ? AND x.due >= ? AND NOT EXISTS (SELECT 1 FROM plan_instruction_closed c WHERE c.book = x.book AND c.instruction = x.instruction)`,
		ShiftOfComments: `SELECT '', x.due FROM plan_consultation x WHERE x.book = ? AND x.due >= ?
			AND NOT EXISTS (SELECT 1 FROM plan_consultation_closed c WHERE c.book = x.book AND c.consultation = x.consultation)`,
		ShiftOfMeeting: `SELECT x.convener, x.day FROM plan_meeting x WHERE x.book = ? AND x.day >= ?
			AND NOT EXISTS (SELECT 1 FROM plan_meeting_over o WHERE o.book = x.book AND o.meeting = x.meeting)`,
	} {
		rows, err := m.tx.Query(ctx, query, own, today)
		if err != nil {
			return err
		}
		found, err := store.Collect(rows, func(scan func(...any) error) (s Shift, err error) {
			err = scan(&s.Unit, &s.Was)
			return s, err
		})
		if err != nil {
			return err
		}
		for _, s := range found {
			m.add(Shift{What: what, Unit: m.names[s.Unit], Was: s.Was, Will: m.workingDay(s.Was), Stays: true})
		}
	}
	return nil
}

// Recount is the day that a slip would have by the calendar as it stands, where a later one gives it as many working days on
// another day than it says; empty where it is the same.
func (d *Desk) Recount(ctx context.Context, s Slip) (day judge.Date, provisional bool, err error) {
	from, at := s.Issued, s.Index
	for _, e := range s.Story {
		if e.Due != "" {
			from, at = e.Day, e.Index // returned or raised: its time began anew
		}
	}
	own := d.node.BookName(node.Self)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		said, err := region.Arrangements(ctx, tx)
		if err != nil {
			return err
		}
		var then, now []workday.Setting
		for _, a := range said {
			now = append(now, a.Setting)
			if a.Day < string(from) || a.Day == string(from) && (s.Book != own || a.Index < at) {
				then = append(then, a.Setting)
			}
		}
		was, is := calendar{workday.Official.With(then...)}, calendar{workday.Official.With(now...)}
		_, known := is.Between(midnight(from), midnight(s.Due))
		provisional = !known
		if was.works(s.Due) {
			if recounted := is.after(from, was.between(from, s.Due)); recounted != s.Due {
				day = recounted
			}
		}
		return nil
	})
	return day, provisional, err
}
