package sheet

import (
	"context"
	"slices"
)

// Known is a listing that a returned file may speak of.
type Known struct {
	Key    string // the caller's name for it
	Number string
	Title  string
}

// Returned is the progress one row of a returned file reports.
type Returned struct {
	Key      string
	Sheet    string
	Row      int
	Progress Progress
	Extra    map[string]string // what stands in the other columns: figures may
	Matched  string            // "number+title", "title", "near"
	Score    float64           // 1 unless near
}

// Returns is what a unit's own file says, before anything is filed.
type Returns struct {
	List     *List
	Rows     []Returned
	Missing  []Known   // listings the file does not speak of
	Problems []Problem // those of reading, and rows that match no listing
}

const nearTitle = 0.8 // below this two wordings are not taken for one task

// ReadProgress reads the same list sent back by a unit: its rows are matched to the known listings
// by number and title, then by title, then by near wording; what stands in the columns of progress
// becomes a report. Rows that say nothing are matched and left out; those with other columns are
// given too, for a column may report a figure.
func ReadProgress(ctx context.Context, src Source, opt Options, known []Known) (*Returns, error) {
	list, err := Read(ctx, src, opt)
	if err != nil {
		return nil, err
	}
	m := newMatcher(known)
	out := &Returns{List: list, Problems: slices.Clone(list.Problems)}
	for i := range list.Sheets {
		s := &list.Sheets[i]
		if s.Hidden {
			continue
		}
		for j := range s.Rows {
			m.take(s, &s.Rows[j], out)
		}
	}
	for i, k := range known {
		if !m.used[i] {
			out.Missing = append(out.Missing, k)
		}
	}
	return out, nil
}

type matcher struct {
	known   []Known
	both    map[string][]int
	byTitle map[string][]int
	used    []bool
}

func newMatcher(known []Known) *matcher {
	m := &matcher{known: known, both: map[string][]int{}, byTitle: map[string][]int{}, used: make([]bool, len(known))}
	for i, k := range known {
		title := fold(k.Title)
		m.both[fold(k.Number)+"\x00"+title] = append(m.both[fold(k.Number)+"\x00"+title], i)
		m.byTitle[title] = append(m.byTitle[title], i)
	}
	return m
}

func (m *matcher) take(s *Sheet, r *Row, out *Returns) {
	at, how, score := m.find(r)
	p := Progress{Done: r.Progress, Status: r.Status, Trouble: r.Problem, Next: r.Next}
	cell := cellName(r.Row, titleColumn(s))
	switch {
	case at < 0 && p != (Progress{}):
		out.Problems = append(out.Problems, problemf(s.Name, cell, RowUnmatched, "请核对序号和任务名称，或在预览中选定它对应的任务。", "“%s”对不上清单里的任何一项，未采用。", short(r.Title)))
		return
	case at < 0:
		return
	}
	m.used[at] = true
	if how == "near" {
		out.Problems = append(out.Problems, problemf(s.Name, cell, RowMatchedNearly, "请确认是不是同一项任务。", "“%s”与清单的“%s”措辞不同，按同一项处理。", short(r.Title), short(m.known[at].Title)))
	}
	if p != (Progress{}) || len(r.Extra) > 0 {
		out.Rows = append(out.Rows, Returned{m.known[at].Key, s.Name, r.Row, p, r.Extra, how, score})
	}
}

func titleColumn(s *Sheet) int {
	for _, c := range s.Columns {
		if c.Field == Title {
			return columnIndex(c.Column)
		}
	}
	return 0
}

// find takes the first listing that fits and that no row above has taken.
func (m *matcher) find(r *Row) (at int, how string, score float64) {
	title := fold(r.Title)
	if i := m.free(m.both[fold(r.Number)+"\x00"+title]); i >= 0 {
		return i, "number+title", 1
	}
	if i := m.free(m.byTitle[title]); i >= 0 {
		return i, "title", 1
	}
	best, top := -1, nearTitle
	for i, k := range m.known {
		if m.used[i] {
			continue
		}
		s := similar(title, fold(k.Title))
		if r.Number != "" && fold(r.Number) == fold(k.Number) {
			s += 0.05
		}
		if s > top {
			best, top = i, s
		}
	}
	return best, "near", min(top, 1)
}

func (m *matcher) free(candidates []int) int {
	for _, i := range candidates {
		if !m.used[i] {
			return i
		}
	}
	return -1
}
