package demo

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
)

// seeding writes the demonstration's past, act by act, as its people would have.
type seeding struct {
	of      *member
	desk    *plan.Desk
	clock   *Clock
	founder node.Actor
	dir     string
	units   []unit
	persons map[string]string // unit id -> its reporter
	lists   []list
	works   []*work
	events  []event
}

// Days on which the demonstration's year begins, in Beijing.
const (
	foundedOn = "2022-01-04"
	tidiedOn  = "2022-01-14" // links and milestones
)

func (o Options) seed(ctx context.Context, p *place, all []*place) error {
	clock := p.clock
	s := &seeding{
		of: p.member, desk: plan.NewDesk(p.open.Node), clock: clock, founder: o.founderOf(p.member), dir: p.dir, persons: map[string]string{},
	}
	p.past = s
	clock.hold(at(foundedOn, 9, 0))
	if err := o.Found(ctx, p.open.Node); err != nil {
		return err
	}
	steps := []func(context.Context) error{s.register, func(ctx context.Context) error { return s.meet(ctx, all) }, s.takeLists, s.tidy, s.report}
	for i, step := range steps {
		if o.Progress != nil && p.folder == "" {
			o.Progress(int64(i), int64(len(steps)))
		}
		if err := step(ctx); err != nil {
			return err
		}
	}
	return s.until(ctx, Start)
}

// at is a time of a civil day in Beijing.
func at(day string, hour, minute int) time.Time {
	t, err := time.ParseInLocation("2006-01-02", day, judge.Beijing)
	if err != nil {
		panic(err) // days are written in this package
	}
	return t.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute).UTC()
}

// until moves the clock, a day at a time.
func (s *seeding) until(ctx context.Context, t time.Time) error {
	if s.clock.Now().Before(t.Add(-24 * time.Hour)) {
		return s.clock.walk(ctx, s.desk.Node(), s.clock.Now(), t)
	}
	s.clock.hold(t)
	return nil
}

// register names the units and the people.
func (s *seeding) register(ctx context.Context) (err error) {
	if s.units, err = s.of.directory(s.founder.Org); err != nil {
		return err
	}
	leads, err := s.of.leading(s.units)
	if err != nil {
		return err
	}
	all := s.of.people(s.founder.Org, s.units, leads)
	for _, p := range all {
		for _, at := range p.seats {
			if at.seat == region.Reporter {
				s.persons[at.org] = p.id
			}
		}
	}
	_, err = s.desk.Node().Write(ctx, node.Request{Actor: s.founder}, func(ctx context.Context, w *node.Writing) error {
		for i, u := range s.units {
			facts, words := u.facts(i + 1)
			_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
				Circle: node.Self, Subjects: []string{u.id}, Facts: facts, Words: &words,
			})
			if err != nil {
				return fmt.Errorf("unit %s: %w", u.name, err)
			}
		}
		for _, u := range s.units {
			if u.under == "" && !u.local {
				continue
			}
			_, err := region.OrgPlaced.Say(ctx, w, node.Said[region.PlaceFacts, region.NoWords]{
				Circle: node.Self, Subjects: []string{u.id}, Facts: region.PlaceFacts{Org: u.id, Under: u.under, Local: u.local},
			})
			if err != nil {
				return fmt.Errorf("place of %s: %w", u.name, err)
			}
		}
		// The security administrator comes last: from then on it is he who gives seats.
		slices.SortStableFunc(all, func(a, b person) int { return cmp.Compare(a.appoints(), b.appoints()) })
		for _, p := range all {
			if err := p.say(ctx, w); err != nil {
				return fmt.Errorf("person %s: %w", p.id, err)
			}
		}
		return nil
	})
	return err
}

// as is a request of a person of the demonstration.
func (s *seeding) as(person, org string, seat region.Seat) node.Request {
	return node.Request{Actor: node.Actor{Person: person, Org: org, Seat: string(seat), Member: s.of.Member}}
}

func (s *seeding) coordinator() node.Request {
	return s.as("p-xietiao", s.founder.Org, region.Coordinator)
}

func (s *seeding) reviewer() node.Request {
	return s.as("p-shenhe", s.founder.Org, region.Reviewer)
}

func (s *seeding) reporter(org string) node.Request {
	return s.as(s.persons[org], org, region.Reporter)
}

// takeLists writes the list files and takes the lists in, each on the day of its issue.
func (s *seeding) takeLists(ctx context.Context) (err error) {
	if s.lists, err = s.of.lists(); err != nil {
		return err
	}
	folder := filepath.Join(s.dir, listFolder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	files, err := s.of.write(folder, s.lists)
	if err != nil {
		return err
	}
	for _, l := range s.lists {
		if err := s.until(ctx, at(l.issued, 10, 0)); err != nil {
			return err
		}
		cycle := judge.Month
		if l.key == "chengduplain" {
			cycle = judge.Quarter
		}
		err := s.takeList(ctx, l, files[l.file], plan.ImportOptions{
			Plan: l.key + "-2022", Year: 2022, Circle: l.key, Title: l.title, Number: l.number, Cycle: cycle, Issued: judge.Date(l.issued),
		})
		if err != nil {
			return fmt.Errorf("take in %s: %w", l.key, err)
		}
	}
	return nil
}

// takeList takes one list in as the coordinator does on the page of the import: what is proposed as
// the same work is linked, but for proposals that are none.
func (s *seeding) takeList(ctx context.Context, l list, content []byte, opt plan.ImportOptions) error {
	draft, err := s.desk.KeepDraft(ctx, s.coordinator().Actor, l.file, content, opt)
	if err != nil {
		return err
	}
	p, err := s.desk.PreviewDraft(ctx, draft)
	if err != nil {
		return err
	}
	draft.Choices.Items = map[string][]string{}
	for _, c := range p.Changes {
		draft.Choices.Items[plan.RowName(c)] = slices.DeleteFunc(draft.Choices.Linked(c), func(item string) bool {
			return !s.sameWork(row{plan: l.key, title: c.Title}, item)
		})
	}
	if _, err := s.desk.ConfirmDraft(ctx, s.coordinator(), draft); err != nil {
		return err
	}
	return s.readWorks(ctx)
}

// sameWork says whether a row is the work of an item.
func (s *seeding) sameWork(r row, item string) bool {
	family := familyOf(r)
	for _, w := range s.works {
		if w.facts.Item == item {
			return family >= 0 && family == familyOf(w.rows[0])
		}
	}
	return false
}
