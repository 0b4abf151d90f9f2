package books

import (
	"context"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
)

// sight is how much of an entry a reader sees.
type sight int

const (
	nothing  sight = iota // as if it did not stand
	envelope              // that it stands, of which kind, and its hashes
	whole                 // facts and words
)

// sightOf decides what who asks sees of an entry. A circle's book is for all who read plans here, but for what is
// said of meetings; the own book is for the auditor, and for others as far as its rooms allow. An administrator sees what
// is his: people, organisations, circles, the node; that the rest stands, but not what it says.
func (p *pages) sightOf(ctx context.Context, tx *store.Tx, e book.Entry) (sight, error) {
	actor := web.ActorOf(ctx)
	switch {
	case web.May(ctx, region.AuditRead):
		return whole, nil
	case names(e.Kind):
		if web.May(ctx, region.PeopleRead) || slicesHas(e.Subjects, actor.Person) {
			return whole, nil
		}
		return nothing, nil
	case e.Kind == region.NoteSaid.Name && !web.May(ctx, region.NoteRead):
		return envelope, nil
	case strings.HasPrefix(e.Kind, "region."):
		return whole, nil
	case strings.HasPrefix(e.Kind, "node."):
		if web.May(ctx, region.ClockConfirm) || e.Circle != node.Self {
			return whole, nil
		}
		return envelope, nil
	case web.May(ctx, region.PeopleRead): // the administrator
		return envelope, nil
	case e.Circle != node.Self && !inner(e.Kind):
		return whole, nil
	}
	ok, err := p.may(ctx, tx, actor, e)
	if !ok {
		return nothing, err
	}
	return whole, err
}

// inner says that entries of a kind are not for everybody who reads plans here, in whichever book they stand: meetings are for those invited.
func inner(kind string) bool {
	return strings.HasPrefix(kind, "plan.meeting.") || strings.HasPrefix(kind, "plan.minutes.") || strings.HasPrefix(kind, "plan.group.")
}

// names says that a kind's entries are about people.
func names(kind string) bool {
	for _, about := range []string{"region.person.", "region.seat.", "region.substitute.", "region.work."} {
		if strings.HasPrefix(kind, about) {
			return true
		}
	}
	return false
}

func slicesHas(all []string, one string) bool {
	for _, s := range all {
		if s == one && one != "" {
			return true
		}
	}
	return false
}
