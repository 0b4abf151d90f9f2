package judge

import (
	"slices"
	"sort"
)

// StateWord is a state that can be said to a person: [WorkState] or [FilingState].
type StateWord interface {
	~string
	Zh() string
	En() string
}

// Span is a stretch of days in one state for one reason.
type Span[S StateWord] struct {
	From   Date   `json:"from"`  // first day; "" = since ever
	Until  Date   `json:"until"` // first day no more in it; "" = for ever
	State  S      `json:"state"`
	Reason Reason `json:"reason"`
}

// WorkSpan and FilingSpan are the spans of the two questions.
type (
	WorkSpan   = Span[WorkState]
	FilingSpan = Span[FilingState]
)

// Zh says state and reason: 滞后：6月30日节点“主体完工”未完成. For name and asOf see [Reason.Words].
func (s Span[S]) Zh(name string, asOf Date) string {
	zh, _ := s.Reason.Words(name, asOf)
	return s.State.Zh() + "：" + zh
}

// En says the same in English.
func (s Span[S]) En(name string, asOf Date) string {
	_, en := s.Reason.Words(name, asOf)
	return s.State.En() + ": " + en
}

// At is the span that covers the as-of date; the zero Span if the spans are empty.
func At[S StateWord](spans []Span[S], asOf Date) Span[S] {
	after := sort.Search(len(spans), func(i int) bool { return spans[i].From > asOf })
	if after == 0 {
		return Span[S]{}
	}
	return spans[after-1]
}

// Covers reports whether the spans are whole: from "" to "", in order, no gap, no overlap,
// no empty span.
func Covers[S StateWord](spans []Span[S]) bool {
	if len(spans) == 0 || spans[0].From != "" || spans[len(spans)-1].Until != "" {
		return false
	}
	for i, s := range spans[1:] {
		if s.From != spans[i].Until || s.From <= spans[i].From {
			return false
		}
	}
	return true
}

// Splice keeps what was so before a day and takes the later judgement from that day on: so a
// caller who meets facts one after another keeps the history of a listing as one row of
// spans. Both must cover all time; with from "" it is the later one.
func Splice[S StateWord](before []Span[S], from Date, later []Span[S]) []Span[S] {
	cuts := append(starts(before), from)
	for _, s := range later {
		cuts = append(cuts, max(s.From, from))
	}
	return spread(cuts, func(day Date) (S, Reason) {
		source := before
		if day >= from {
			source = later
		}
		s := At(source, day)
		return s.State, s.Reason
	})
}

// Since leaves out the days before one: before a row stood in its list it was not "planned" there either.
func Since[S StateWord](day Date, spans []Span[S]) []Span[S] {
	var out []Span[S]
	for _, s := range spans {
		if s.Until != "" && s.Until <= day {
			continue
		}
		s.From = max(s.From, day)
		out = append(out, s)
	}
	return out
}

func starts[S StateWord](spans []Span[S]) []Date {
	var cuts []Date
	for _, s := range spans {
		cuts = append(cuts, s.From)
	}
	return cuts
}

// spread asks for the state on each cut and joins neighbours that agree. The cuts must name
// every day on which the answer may change; order and repetition do not matter.
func spread[S StateWord](cuts []Date, on func(Date) (S, Reason)) []Span[S] {
	cuts = append(cuts, "")
	slices.Sort(cuts)
	var spans []Span[S]
	for _, day := range slices.Compact(cuts) {
		state, reason := on(day)
		last := len(spans) - 1
		if last >= 0 && spans[last].State == state && spans[last].Reason == reason {
			continue
		}
		if last >= 0 {
			spans[last].Until = day
		}
		spans = append(spans, Span[S]{From: day, State: state, Reason: reason})
	}
	return spans
}
