package ui

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// clampAfter is how many characters a text in a table may have before it is folded.
const clampAfter = 90

// Status is a state in words: 滞后, because 6月30日节点未完成.
type Status struct {
	Tone Tone
	Icon string // empty: the usual one of the tone
	Word string
	Why  string
	Href string
}

func (s Status) icon() string { return iconOr(s.Icon, s.Tone) }

func iconOr(icon string, t Tone) string {
	if icon != "" {
		return icon
	}
	return t.Icon()
}

// FilterGroup is one question of the filters, such as 状态.
type FilterGroup struct {
	Label   string
	Choices []Choice
}

// Choice is one answer; Count is how many rows it leaves, and may be empty.
type Choice struct {
	Label, Href, Count string
	Chosen             bool
}

// Button is something to press or follow. Class is one of "", "primary", "danger", "plain", with
// "small" added for tables. Why makes it disabled and says what it waits for.
type Button struct {
	Label, Icon, Class string
	Href               string // of a link
	Ahead              bool   // a phone fetches the page, for when it has no line
	Name, Value        string // of a submit button
	Why                string
}

func nameValue(b Button) templ.Attributes {
	if b.Name == "" {
		return nil
	}
	return templ.Attributes{"name": b.Name, "value": b.Value}
}

// Confirmation is a page that asks once more.
type Confirmation struct {
	Title, Action, Back string
	Yes                 Button
	Hidden              map[string]string
}

// Bar is a bar of states.
type Bar struct {
	Parts []BarPart
	Bare  bool // without the words below, for narrow tables that have them elsewhere
	Zeros bool // words for states that no row is in, too
}

// BarPart is one state of a bar and how many rows are in it.
type BarPart struct {
	Tone Tone
	Icon string
	Word string
	N    int
	Href string
}

func (p BarPart) icon() string { return iconOr(p.Icon, p.Tone) }

func (t Tone) ink() string {
	if t == Plain {
		return "ink-plain"
	}
	return "ink-" + string(t)
}

type span struct {
	BarPart
	x, width string
}

// spans lays the parts out on 1000 units; every part that has rows stays visible.
func (b Bar) spans() []span {
	total := 0
	for _, p := range b.Parts {
		total += p.N
	}
	var out []span
	from := 0
	for _, p := range b.Parts {
		if p.N <= 0 {
			continue
		}
		x, end := 1000*from/total, 1000*(from+p.N)/total
		from += p.N
		out = append(out, span{p, strconv.Itoa(x), strconv.Itoa(max(end-x-2, 4))})
	}
	return out
}

// Figure is one number of a page.
type Figure struct{ Label, N, Unit, Note, Href string }

// Pager moves through a list by cursor; Text is such as 第 1–50 条，共 127 条.
type Pager struct{ Prev, Next, Text string }

// Happening is one event of a story. At is left out where it is zero: only the day is known, and stands in Who. Proof is the address of its
// entry; empty: there is none.
type Happening struct {
	Tone      Tone
	Icon      string
	What, Who string
	At        time.Time
	Proof     string
}

func (h Happening) icon() string { return iconOr(h.Icon, h.Tone) }

// Fact is a word with its value.
type Fact struct{ Label, Value, Href string }

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func noticeIcon(t Tone) string {
	switch t {
	case Good, Risk:
		return t.Icon()
	case Late:
		return "alert-circle"
	}
	return "info-circle"
}

func noticeRole(t Tone) string {
	if t == Late || t == Risk {
		return "alert"
	}
	return "status"
}
