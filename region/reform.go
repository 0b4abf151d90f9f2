package region

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// mostOrgName is how long a name of the directory may be, in characters.
const mostOrgName = 60

// Renaming is another name of an organisation from a day on.
type Renaming struct {
	Org, Name, Day, Document string
}

// Rename 更名: the directory gets the new name, the former one stays among the aliases, and the circles that know the organisation hear of
// it at once where the actor may speak there, else with the next that is said of it.
func Rename(ctx context.Context, w *node.Writing, r Renaming) error {
	r.Name = strings.TrimSpace(r.Name)
	if utf8.RuneCountInString(r.Name) > mostOrgName {
		return refuse.New("region.reform.name-long", "most", mostOrgName).At("name")
	}
	o, sort, err := orgNow(ctx, w.Tx(), r.Org)
	if err != nil {
		return err
	}
	if o.Closed {
		return refuse.New("region.reform.ended").At("name")
	}
	if r.Name != "" && r.Name != o.Name {
		if err := NameFree(ctx, w.Tx(), o.Side, r.Name, o.ID); err != nil {
			return err
		}
	}
	said := OrgWords{Name: r.Name, Members: o.Members, Aliases: withNames(without(o.Aliases, r.Name), r.Name, o.Name)}
	_, err = OrgRenamed.Say(ctx, w, node.Said[RenamedFacts, RenamedWords]{
		Circle: node.Self, Subjects: []string{o.ID}, Facts: RenamedFacts{Org: o.ID, Day: r.Day},
		Words: &RenamedWords{Was: o.Name, Name: r.Name, Document: strings.TrimSpace(r.Document)},
	})
	if err != nil {
		return err
	}
	_, err = OrgNamed.Say(ctx, w, node.Said[OrgFacts, OrgWords]{
		Circle: node.Self, Subjects: []string{o.ID}, Facts: OrgFacts{Org: o.ID, Side: o.Side, Sort: sort, Group: o.Group}, Words: &said,
	})
	if err != nil {
		return err
	}
	return showAgain(ctx, w, o.ID)
}

// NameFree refuses a name that means another organisation of the same member: a list could not tell them apart. Those of but
// are not looked at.
func NameFree(ctx context.Context, tx *store.Tx, side, name string, but ...string) error {
	all, err := Orgs(ctx, tx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Side == side && !o.Closed && !slices.Contains(but, o.ID) && (o.Name == name || slices.Contains(o.Aliases, name)) {
			return refuse.New("region.reform.taken", "name", name, "other", o.Name).At("name")
		}
	}
	return nil
}

// showAgain tells the circles that know an organisation what it is called now.
func showAgain(ctx context.Context, w *node.Writing, org string) error {
	if !May(Seat(w.Actor.Seat), Action(OrgShown.Action)) {
		return nil
	}
	circles, err := node.Circles(ctx, w.Tx(), w.Node().Member)
	if err != nil {
		return err
	}
	for _, c := range circles {
		var known int
		err := w.Tx().Row(ctx, `SELECT count(*) FROM region_shown WHERE book = ? AND org = ?`, w.Node().BookName(c), org).Scan(&known)
		if err != nil {
			return err
		}
		if known > 0 {
			if err := Show(ctx, w, c, org); err != nil {
				return err
			}
		}
	}
	return nil
}

// Merging is organisations that end, and the one that goes on.
type Merging struct {
	From                      []string
	Into, Day, Document, Note string
}

// Merge 撤并: the one that goes on is also found under the names of the others, groups that held these hold it, and the others end.
// Work passes beside it: see plan.Desk.MergeUnits.
func Merge(ctx context.Context, w *node.Writing, m Merging) error {
	_, err := OrgsMerged.Say(ctx, w, node.Said[MergedFacts, MergedWords]{
		Circle: node.Self, Subjects: append([]string{m.Into}, m.From...), Facts: MergedFacts{From: m.From, Into: m.Into, Day: m.Day},
		Words: &MergedWords{Document: strings.TrimSpace(m.Document), Note: strings.TrimSpace(m.Note)},
	})
	if err != nil {
		return err
	}
	all, err := Orgs(ctx, w.Tx())
	if err != nil {
		return err
	}
	var names []string
	for _, o := range all {
		if slices.Contains(m.From, o.ID) {
			names = append(append(names, o.Name), o.Aliases...)
		}
	}
	for _, o := range all {
		said := OrgWords{Name: o.Name, Aliases: o.Aliases, Members: o.Members}
		switch {
		case o.ID == m.Into:
			said.Aliases = withNames(o.Aliases, o.Name, names...)
		case o.Group && slices.ContainsFunc(o.Members, func(id string) bool { return slices.Contains(m.From, id) }):
			said.Members = replaced(o.Members, m.From, m.Into)
		default:
			continue
		}
		_, sort, err := orgNow(ctx, w.Tx(), o.ID)
		if err != nil {
			return err
		}
		_, err = OrgNamed.Say(ctx, w, node.Said[OrgFacts, OrgWords]{
			Circle: node.Self, Subjects: []string{o.ID}, Facts: OrgFacts{Org: o.ID, Side: o.Side, Sort: sort, Group: o.Group, Closed: o.Closed}, Words: &said,
		})
		if err != nil {
			return err
		}
	}
	return showAgain(ctx, w, m.Into)
}

// replaced puts one in the place of several, once.
func replaced(ids, from []string, into string) (all []string) {
	for _, id := range ids {
		if slices.Contains(from, id) {
			id = into
		}
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// withNames adds names to aliases, each once and never the name itself.
func withNames(aliases []string, name string, more ...string) []string {
	all := slices.Clone(aliases)
	for _, n := range more {
		if n != name && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

func without(all []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return n == name })
}

// orgNow is an organisation of the directory with its place in lists.
func orgNow(ctx context.Context, tx *store.Tx, id string) (o Org, sort int, err error) {
	all, err := Orgs(ctx, tx)
	if err != nil {
		return o, 0, err
	}
	at := slices.IndexFunc(all, func(o Org) bool { return o.ID == id })
	if at < 0 {
		return o, 0, refuse.New("region.org.unknown", "org", id).At("org")
	}
	err = tx.Row(ctx, `SELECT sort FROM region_org WHERE org = ?`, id).Scan(&sort)
	return all[at], sort, err
}

// OrgPast is what reform made of an organisation, for its page.
type OrgPast struct {
	Names []FormerName // the newest first
	From  []Passing    // whose work it does
	Into  *Passing     // who does its work; nil: it was merged into none
}

// FormerName is a name that an organisation had.
type FormerName struct {
	Name     string
	Until    string // first day of the next; empty: it was not said
	Document string
	Index    int64 // of the entry that gave the next
}

// Passing is an organisation at the other end of a merging.
type Passing struct {
	Org, Name, Day, Document, Note string
	Index                          int64
}

// PastOf reads what reform made of an organisation. Words that were erased leave a name empty.
func PastOf(ctx context.Context, tx *store.Tx, org string) (p OrgPast, err error) {
	rows, err := tx.Query(ctx, `SELECT r.idx, r.day, e.words FROM region_renamed r JOIN book_entry e ON e.book = r.book AND e.idx = r.idx
		WHERE r.org = ? ORDER BY r.idx DESC`, org)
	if err != nil {
		return p, err
	}
	p.Names, err = store.Collect(rows, func(scan func(...any) error) (f FormerName, err error) {
		var raw []byte
		err = scan(&f.Index, &f.Until, &raw)
		var said RenamedWords
		if raw != nil && json.Unmarshal(raw, &said) == nil {
			f.Name, f.Document = said.Was, said.Document
		}
		return f, err
	})
	if err != nil {
		return p, err
	}
	if p.From, err = passings(ctx, tx, `m.org`, `m.into_org = ?`, org); err != nil {
		return p, err
	}
	into, err := passings(ctx, tx, `m.into_org`, `m.org = ?`, org)
	if len(into) > 0 {
		p.Into = &into[0]
	}
	return p, err
}

func passings(ctx context.Context, tx *store.Tx, other, which, org string) ([]Passing, error) {
	names, err := OrgNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+other+`, m.day, m.idx, e.words FROM region_merged m JOIN book_entry e ON e.book = m.book AND e.idx = m.idx
		WHERE `+which+` ORDER BY m.idx DESC, m.org`, org)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (p Passing, err error) {
		var raw []byte
		err = scan(&p.Org, &p.Day, &p.Index, &raw)
		var said MergedWords
		if raw != nil && json.Unmarshal(raw, &said) == nil {
			p.Document, p.Note = said.Document, said.Note
		}
		p.Name = names[p.Org]
		return p, err
	})
}

// Ended says whether an organisation of the directory is no more.
func Ended(ctx context.Context, tx *store.Tx, org string) (closed bool, err error) {
	err = tx.Row(ctx, `SELECT closed FROM region_org WHERE org = ?`, org).Scan(&closed)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return closed, err
}

// NameOn is what an organisation was called on a day.
func (p OrgPast) NameOn(now, day string) string {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return now
	}
	for _, f := range p.Names {
		if day >= f.Until {
			break
		}
		now = f.Name
	}
	return now
}
