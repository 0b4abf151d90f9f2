package plan

import (
	"context"

	"liandong/plan/judge"
	"liandong/store"
)

// Minutes are the minutes (会议纪要) of a meeting.
type Minutes struct {
	Year        int                `json:"year"`
	Number      int                `json:"number"`
	Day         judge.Date         `json:"day"`
	Words       MinutesWords       `json:"words"`
	Erased      bool               `json:"erased"`
	Resolutions []Resolution       `json:"resolutions"` // of one meeting only
	Corrections []CorrectedMinutes `json:"corrections"` // in their order; words, decisions and attendance are those that hold
	Book        string             `json:"book"`
	Index       int64              `json:"index"` // of the minutes as they were issued
	Now         int64              `json:"now"`   // of the entry by which they hold: who corrects or answers them says which he saw
	facts       MinutesFacts
}

// Facts are the minutes' as they hold.
func (n *Minutes) Facts() MinutesFacts { return n.facts }

// readConfirmations joins who was there, and what each said to the minutes last.
func readConfirmations(ctx context.Context, tx *store.Tx, m *Meeting, there []MeetingUnit) error {
	for _, u := range there {
		a := m.asked(u.Who, u.Neighbour)
		if a == nil {
			m.Asked = append(m.Asked, Invited{MeetingUnit: u, Index: -1, AnswerAt: -1})
			a = &m.Asked[len(m.Asked)-1]
		}
		a.Was = true
	}
	rows, err := tx.Query(ctx, `SELECT a.who, a.neighbour, a.agrees, a.day, a.of_idx, a.book, a.idx, e.words FROM plan_minutes_answer a
		JOIN book_head h ON h.origin = a.origin JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		WHERE h.book = ? AND a.meeting = ? ORDER BY a.book, a.idx`, m.Book, m.facts.Meeting)
	if err != nil {
		return err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var who, in string
		var neighbour, agrees int
		var day judge.Date
		var of, at int64
		var said []byte
		if err := scan(&who, &neighbour, &agrees, &day, &of, &in, &at, &said); err != nil {
			return none, err
		}
		a := m.asked(who, neighbour == 1)
		if a == nil {
			return none, nil
		}
		a.AnswerIn, a.AnswerAt, a.Before, a.Confirmed, a.Objected, a.Objection = in, at, of != m.Minutes.Now, "", "", ""
		if agrees == 1 {
			a.Confirmed = day
			return none, nil
		}
		a.Objected = day
		a.Objection, err = slipText(said)
		return none, err
	})
	return err
}
