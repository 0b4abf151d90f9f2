package node

import (
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/rules/refuse"
)

// actingFor begins the subject of an entry that says for whom its person acted: "for:p-abc". A substitute speaks in his own name, which is the
// entry's person; that he stands for somebody is a fact beside it, for ever, whatever the entry is about.
const actingFor = "for:"

// ForOf is the person for whom an entry's person acted (代), empty where he acted for himself.
func ForOf(e book.Entry) string {
	for _, s := range e.Subjects {
		if person, ok := strings.CutPrefix(s, actingFor); ok {
			return person
		}
	}
	return ""
}

// Persons are who said an entry, and for whom if he acted for somebody.
func Persons(e book.Entry) []string {
	if person := ForOf(e); person != "" {
		return []string{e.Person, person}
	}
	return []string{e.Person}
}

// About are the ids of what an entry is about: its subjects but for whom its person acted for.
func About(e book.Entry) []string {
	return slices.DeleteFunc(slices.Clone(e.Subjects), func(s string) bool { return strings.HasPrefix(s, actingFor) })
}

// said are the subjects of an entry that somebody says: what it is about, and whom he acts for.
func (a Actor) said(about []string) []string {
	if a.For == "" {
		return about
	}
	return append(slices.Clone(about), actingFor+a.For)
}

// stands refuses who says that he acts for somebody and may not, at the time of the batch: midnight may have passed since he was
// identified.
func (w *Writing) stands(ctx context.Context) error {
	if w.Actor.For == "" {
		return nil
	}
	for _, m := range w.node.modules {
		if m.Stands != nil {
			return m.Stands(ctx, w)
		}
	}
	return refuse.New("node.not-standing-in")
}
