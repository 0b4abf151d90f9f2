package neighbours

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// mostMatrix is up to how many members all are shown against all: above, a table would be too wide to read.
const mostMatrix = 12

// state says how we stand to a member.
func (c shown) state(ctx context.Context, m Member) ui.Status {
	switch {
	case m.Self:
		return ui.Status{Icon: "home", Word: web.T(ctx, "neighbours.self")}
	case c.Follows[m.Member].Stopped:
		return ui.Status{Tone: ui.Late, Icon: "git-compare", Word: web.T(ctx, "neighbours.state.forked"), Why: web.T(ctx, "neighbours.state.forked.why")}
	case m.Left:
		return ui.Status{Tone: ui.Gone, Word: web.T(ctx, "neighbours.state.left"), Why: web.T(ctx, "neighbours.state.left.why")}
	case !m.Recognised:
		return ui.Status{Word: web.T(ctx, "neighbours.state.unknown"), Why: web.T(ctx, "neighbours.state.unknown.why")}
	case m.Suspended:
		return ui.Status{Tone: ui.Risk, Icon: "ban", Word: web.T(ctx, "neighbours.state.suspended")}
	case m.Rolled:
		return ui.Status{Tone: ui.Risk, Icon: "key", Word: web.T(ctx, "neighbours.state.rolled"), Why: web.T(ctx, "neighbours.state.rolled.why")}
	}
	return ui.Status{Tone: ui.Good, Word: web.T(ctx, "neighbours.state.known"), Why: web.T(ctx, "neighbours.since", "at", ui.Clock(m.Since))}
}

// differ says what the evidence of a fork shows: the first entry in which the books differ, or that two
// heads of one size have two roots, where no entry was shown.
func differ(ctx context.Context, found exchange.Found) string {
	f, err := book.ReadFork(found.Fork)
	if err != nil {
		return ""
	}
	if f.Index >= 0 {
		return web.T(ctx, "neighbours.differ.entry", "n", f.Index)
	}
	heads, err := f.Heads()
	if err != nil {
		return ""
	}
	return web.T(ctx, "neighbours.differ.heads", "n", heads[0].Size)
}

// theirs says how a member stands to us, by its own book as far as it is here.
func (m Member) theirs(ctx context.Context, us string) ui.Status {
	if m.Others == nil {
		return ui.Status{Icon: "help-circle", Word: web.T(ctx, "neighbours.seen.unknown"), Why: web.T(ctx, "neighbours.seen.unknown.why")}
	}
	return seen(ctx, m.Others[us])
}

// seen is one answer to who recognises whom.
func seen(ctx context.Context, s Seen) ui.Status {
	status := ui.Status{Word: web.T(ctx, "neighbours.seen."+string(s))}
	switch s {
	case SeenYes:
		status.Tone = ui.Good
	case SeenElse:
		status.Tone, status.Icon, status.Why = ui.Risk, "key", web.T(ctx, "neighbours.seen.other-key.why")
	case SeenSuspended:
		status.Tone, status.Icon = ui.Risk, "ban"
	}
	return status
}

// contact says when a member last answered and what is wrong if it does not.
func (c shown) contact(ctx context.Context, m Member) ui.Status {
	f := c.Follows[m.Member]
	last := web.T(ctx, "neighbours.contact.never")
	if !f.ReachedAt.IsZero() {
		last = web.T(ctx, "neighbours.contact.last", "at", ui.Ago(ctx, f.ReachedAt))
	}
	switch {
	case f.Stopped:
		return ui.Status{Tone: ui.Late, Word: web.T(ctx, "neighbours.contact.stopped"), Why: last}
	case !f.FailedAt.IsZero():
		if !f.ReachedAt.IsZero() { // "just now" beside "not reached four times" would contradict itself
			last = web.T(ctx, "neighbours.contact.last", "at", ui.Clock(f.ReachedAt))
		}
		return ui.Status{Tone: ui.Late, Word: web.T(ctx, "neighbours.contact.failed", "n", f.Tries), Why: said(ctx, f.Why) + " · " + last}
	case m.Address == "":
		return ui.Status{Icon: "file-text", Word: web.T(ctx, "neighbours.contact.file")}
	case f.ReachedAt.IsZero():
		return ui.Status{Word: web.T(ctx, "neighbours.contact.never")}
	}
	return ui.Status{Tone: ui.Good, Word: web.T(ctx, "neighbours.contact.good"), Why: last}
}

// said is the reader's part of a failure: what this program says of it. Where only the network has spoken,
// that the member was not reached.
func said(ctx context.Context, why string) string {
	if half, _, ok := lang.Halved(ctx, why); ok {
		return half
	}
	if strings.ContainsFunc(why, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return why
	}
	return web.T(ctx, "neighbours.contact.unreached")
}

// detail is the whole failure of a member that does not answer, for who looks after the network; empty where
// it says no more than what is said anyway.
func (c shown) detail(ctx context.Context, m Member) string {
	f := c.Follows[m.Member]
	if why := lang.Half(ctx, f.Why); !f.FailedAt.IsZero() && !f.Stopped && why != said(ctx, f.Why) {
		return why
	}
	return ""
}

// got says how much of a member's book is here, and what is known to be missing.
func (c shown) got(ctx context.Context, m Member) string {
	if m.Size == 0 {
		return web.T(ctx, "neighbours.received.none")
	}
	s := web.T(ctx, "neighbours.received", "n", ui.Count(m.Size), "at", at(ctx, m.LastAt))
	if behind := c.Follows[m.Member].HeadSize - m.Size; behind > 0 && !m.Self {
		s += web.T(ctx, "neighbours.behind", "n", ui.Count(behind))
	}
	if waiting := c.Files[m.Member]; len(waiting) > 0 {
		s += web.T(ctx, "neighbours.files", "n", ui.Count(len(waiting)))
		if waiting[0].Why != "" {
			s += web.T(ctx, "neighbours.files.why", "why", said(ctx, waiting[0].Why))
		}
	}
	return s
}

// demands are what each member demands of what is said in a circle.
func demands(ctx context.Context, q region.Quorum) string {
	var all []string
	for _, d := range q.Demands {
		all = append(all, web.T(ctx, "neighbours.quorum.by", "member", region.MemberName(d.Member), "n", d.Members))
	}
	return strings.Join(all, web.T(ctx, "neighbours.quorum.and"))
}

func at(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return web.T(ctx, "neighbours.time.unknown")
	}
	return ui.Clock(t)
}

// alarms are the members that showed two books.
func alarms(all []shown) (bad []single) {
	for _, c := range all {
		for _, m := range c.Members {
			if c.Follows[m.Member].Stopped {
				bad = append(bad, single{shown: c, Member: m})
			}
		}
	}
	return bad
}

// us is the code of this member.
func (c Circle) us() string {
	if at := slices.IndexFunc(c.Members, func(m Member) bool { return m.Self }); at >= 0 {
		return c.Members[at].Member
	}
	return ""
}

// matrix: two members stand beside each other in the table already, and without a neighbour's book there is nothing to compare.
func (c Circle) matrix() bool {
	return len(c.Members) > 2 && len(c.Members) <= mostMatrix &&
		slices.ContainsFunc(c.Members, func(m Member) bool { return !m.Self && m.Others != nil })
}

// ownerOf names the member by a name that begins with its origin: of a book, or of a witness.
func (c Circle) ownerOf(name string) string {
	for _, m := range c.Members {
		if m.Origin != "" && (name == m.Origin+"/"+c.Circle || name == node.WitnessName(m.Origin)) {
			return m.Name
		}
	}
	return name
}

func (s single) proof() string {
	return "/proof/" + s.Circle.Circle + "/" + strconv.FormatInt(s.index, 10)
}

// names are members by their names where they are known, joined as the language joins them.
func names(ctx context.Context, codes []string) string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = region.MemberName(c)
	}
	return strings.Join(all, web.T(ctx, "neighbours.comma"))
}

// doing says what recognising would do in a circle, one line for each thing.
func (s Step) doing(ctx context.Context, name string) (lines []string) {
	for _, one := range []struct {
		does bool
		key  string
	}{
		{s.Opens, "opens"},
		{s.Returns, "returns"},
		{s.Adds, "adds"},
		{s.Known == "", "recognises"},
		{s.Known == "other-keys", "keys"},
		{s.Known == "other-place", "place"},
		{s.Resumes, "resumes"},
		{!s.changes(), "nothing"},
	} {
		if one.does {
			lines = append(lines, web.T(ctx, "neighbours.step."+one.key, "name", name))
		}
	}
	return lines
}

// otherKeys: the member is known by other keys in one of the circles.
func (d joining) otherKeys() bool {
	return slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Known == "other-keys" })
}

func (d joining) circleOptions(ctx context.Context) (all []ui.Option) {
	for _, s := range d.Steps {
		lines := append(s.doing(ctx, d.Read.Name), web.T(ctx, "neighbours.step.members", "names", names(ctx, s.Members)))
		all = append(all, ui.Option{Value: s.Circle, Label: s.Name + " · " + s.Circle, Hint: strings.Join(lines, " ")})
	}
	return all
}

func (d joining) allCircles() (all []string) {
	for _, s := range d.Steps {
		if s.changes() {
			all = append(all, s.Circle)
		}
	}
	return all
}

func invitedOptions(all []region.Circle) (out []ui.Option) {
	for _, c := range all {
		out = append(out, ui.Option{Value: c.ID, Label: c.Name + " · " + c.ID})
	}
	return out
}

func invitedNames(ctx context.Context, all []exchange.InvitedCircle) string {
	var out []string
	for _, c := range all {
		out = append(out, c.Name)
	}
	return strings.Join(out, web.T(ctx, "neighbours.comma"))
}

// fileHref is the address of the invitation as a file.
func (d inviting) fileHref() string {
	q := url.Values{"circle": d.Chosen, "address": {d.Address}}
	return "/neighbours/invitation.txt?" + q.Encode()
}

func orFile(ctx context.Context, address string) string {
	if address == "" {
		return web.T(ctx, "neighbours.contact.file")
	}
	return address
}
