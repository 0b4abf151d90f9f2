package notice

import (
	"context"
	"strings"

	"liandong/node"
)

// Matter is something that waits for a seat (事项提醒). It holds no words.
type Matter struct {
	Kind   string // what sort of thing; the source knows its text
	Ref    string // id of what it is about; empty: of a sum
	Period string // of a report; empty: none
	Day    string // civil day from which on it is told; with a later day it is told once more
	Due    string // civil day by which it is to be done; empty: none is set
	Clock  string // "15:04" of that day in Beijing, of what happens then and not before; only calendars know it
	Href   string // page of this site where it is done
	N      int    // how many stand behind it; 0: it is one
	Urgent bool   // not to wait for the day's letter, where a person wants that
}

// id names a matter whatever the day: kind, reference and period have no spaces.
func (m Matter) id() string { return m.Kind + " " + m.Ref + " " + m.Period }

// Source says what is to be told. It is handed in by the rooms that know.
type Source struct {
	// Standing lists what waits for a seat of an organisation; the actor is no person: all who hold the seat hear the same. What
	// is to be told later comes with its day.
	Standing func(ctx context.Context, seat node.Actor) ([]Matter, error)
	// Word puts matters into words of the context's language, a line for each in their order. What they are about is read now:
	// what was erased is not told.
	Word func(ctx context.Context, all []Matter) ([]string, error)
}

// merge adds what waits for another seat of the same person, but for what he hears already.
func merge(all, more []standing) []standing {
	if len(all) == 0 {
		return more[:len(more):len(more)]
	}
	known := map[string]bool{}
	for _, s := range all {
		known[s.matter] = true
	}
	for _, s := range more {
		if !known[s.matter] {
			all = append(all, s)
		}
	}
	return all
}

// standing is a matter with its id and the seat it waits for.
type standing struct {
	Matter
	matter string
	at     seat
}

// seat is a seat of an organisation.
type seat struct{ org, seat string }

// hookMark begins the recipient that is a receiver of cards and no person; ids of people have no colon.
const hookMark = "hook:"

func isHook(recipient string) bool { return strings.HasPrefix(recipient, hookMark) }
