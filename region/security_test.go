package region_test

import (
	"context"
	"slices"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// town is a member with an office and people, of whom nobody has a seat but admin.
func town(t *testing.T, people ...string) government {
	t.Helper()
	g := opens(t, "510900", "suining.example")
	err := g.say(func(ctx context.Context, w *node.Writing) error {
		if err := w.OpenBook(ctx, node.Self); err != nil {
			return err
		}
		_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
			Circle: node.Self, Facts: region.OrgFacts{Org: "o-1", Side: "510900"}, Words: &region.OrgWords{Name: "协调办公室"},
		})
		for _, p := range append(people, "admin") {
			if err != nil {
				return err
			}
			_, err = region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
				Circle: node.Self, Facts: region.PersonFacts{Person: p}, Words: &region.PersonWords{Name: p},
			})
		}
		return err
	})
	if err == nil {
		err = g.gives("p-1", region.Administrator, "admin", region.Administrator)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (g government) in(who string, seat region.Seat, act node.Act) error {
	_, err := g.Write(context.Background(), node.Request{Actor: node.Actor{Person: who, Org: "o-1", Seat: string(seat), Member: g.Member}}, act)
	return err
}

func (g government) gives(who string, as region.Seat, to string, seat region.Seat) error {
	return g.in(who, as, func(ctx context.Context, w *node.Writing) error {
		_, err := region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
			Circle: node.Self, Facts: region.SeatFacts{Person: to, Org: "o-1", Seat: seat},
		})
		return err
	})
}

func (g government) takes(who string, as region.Seat, from string, seat region.Seat) error {
	return g.in(who, as, func(ctx context.Context, w *node.Writing) error {
		_, err := region.SeatTaken.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
			Circle: node.Self, Facts: region.SeatFacts{Person: from, Org: "o-1", Seat: seat},
		})
		return err
	})
}

func (g government) sets(who string, as region.Seat, f region.SecurityFacts) error {
	return g.in(who, as, func(ctx context.Context, w *node.Writing) error {
		_, err := region.SecuritySet.Say(ctx, w, node.Said[region.SecurityFacts, region.NoWords]{Circle: node.Self, Facts: f})
		return err
	})
}

func (g government) leaves(who string, as region.Seat, person string) error {
	return g.in(who, as, func(ctx context.Context, w *node.Writing) error {
		_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
			Circle: node.Self, Facts: region.PersonFacts{Person: person, Left: true}, Words: &region.PersonWords{Name: person},
		})
		return err
	})
}

func (g government) separation(t *testing.T) (s region.Separation) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		s, err = region.SeparationOf(context.Background(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rules(change func(*region.SecurityFacts)) region.SecurityFacts {
	f := region.SecurityFacts{Separation: true, Password: 10, Idle: 12, Most: 7}
	if change != nil {
		change(&f)
	}
	return f
}

type step struct {
	name string
	err  error
	code string // empty: it is done
}

func walk(t *testing.T, steps []step) {
	t.Helper()
	for _, s := range steps {
		if s.code == "" && s.err != nil || s.code != "" && !refuse.Is(s.err, s.code) {
			t.Errorf("%s: %v, want %q", s.name, s.err, s.code)
		}
	}
}

// TestThreeAdministratorsApart is the way from the first administrator to three that hold one another: he appoints the security
// administrator, and can give nothing from then on, least of all to himself.
func TestThreeAdministratorsApart(t *testing.T) {
	const adm, sec, aud, co = region.Administrator, region.Security, region.Auditor, region.Coordinator
	g := town(t, "sec", "aud", "clerk", "sec2")
	if s := g.separation(t); s.Apart || !s.Rules.Separation || !slices.Equal(s.Held[adm], []string{"admin"}) {
		t.Fatalf("at the start: %+v", s)
	}
	walk(t, []step{
		{"standing in, he gives a clerk his seat", g.gives("admin", adm, "clerk", co), ""},
		{"and takes none of the other two himself", g.gives("admin", adm, "admin", sec), "region.seat.apart"},
		{"he appoints", g.gives("admin", adm, "sec", sec), ""},
		{"from then on he gives nothing", g.gives("admin", adm, "clerk", region.Reader), "region.security.only"},
		{"nor to himself", g.gives("admin", adm, "admin", co), "region.security.only"},
		{"nor takes", g.takes("admin", adm, "sec", sec), "region.security.only"},
		{"nor sets the rules", g.sets("admin", adm, rules(func(f *region.SecurityFacts) { f.Separation = false })), "region.security.only"},
		{"nor sends away who watches him", g.leaves("admin", adm, "sec"), "region.person.of-three"},
		{"but whoever is none of the three", g.leaves("admin", adm, "clerk"), ""},
		{"the security administrator appoints the auditor", g.gives("sec", sec, "aud", aud), ""},
		{"nobody is two of the three", g.gives("sec", sec, "aud", adm), "region.seat.apart"},
		{"not the administrator either", g.gives("sec", sec, "admin", aud), "region.seat.apart"},
		{"he gives himself nothing", g.gives("sec", sec, "sec", co), "region.seat.oneself"},
		{"he is no administrator", g.leaves("sec", sec, "aud"), "node.not-permitted"},
		{"the last of them stays", g.takes("sec", sec, "sec", sec), "region.seat.last-security"},
		{"until there is another", g.gives("sec", sec, "sec2", sec), ""},
		{"who takes his seat", g.takes("sec2", sec, "sec", sec), ""},
		{"and then he may leave", g.leaves("admin", adm, "sec"), ""},
		{"a coordinator gives nothing", g.gives("clerk", co, "clerk", adm), "node.not-permitted"},
	})
	if s := g.separation(t); !s.Apart || len(s.Both) > 0 || !slices.Equal(s.Held[sec], []string{"sec2"}) || !slices.Equal(s.Held[aud], []string{"aud"}) {
		t.Errorf("at the end: %+v", s)
	}
	kindtest.Prove(t, g.Node)
}

// TestAnOfficeOfFewGoesWithout: where the rule is taken away one person may be all three, and all goes on as before there was one.
func TestAnOfficeOfFewGoesWithout(t *testing.T) {
	const adm, sec = region.Administrator, region.Security
	g := town(t, "sec")
	off := rules(func(f *region.SecurityFacts) { f.Separation = false })
	walk(t, []step{
		{"standing in, the administrator takes the rule away", g.sets("admin", adm, off), ""},
		{"and is the security administrator too", g.gives("admin", adm, "admin", sec), ""},
		{"and the auditor", g.gives("admin", adm, "admin", region.Auditor), ""},
		{"and goes on giving seats", g.gives("admin", adm, "sec", region.Coordinator), ""},
		{"the rule comes back", g.sets("admin", sec, rules(nil)), ""},
		{"nothing of what stands is taken, but from now on it holds", g.gives("admin", adm, "sec", region.Reader), "region.security.only"},
	})
	if s := g.separation(t); !slices.Equal(s.Both, []string{"admin"}) {
		t.Errorf("two of the three in one person are told: %+v", s)
	}
	walk(t, []step{
		{"another is appointed", g.gives("admin", sec, "sec", sec), ""},
		{"and mends it", errorsOf(g.takes("sec", sec, "admin", sec), g.takes("sec", sec, "admin", region.Auditor)), ""},
	})
	if s := g.separation(t); len(s.Both) > 0 || !s.Apart {
		t.Errorf("mended: %+v", s)
	}
}

func errorsOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestRulesOfSafetyHaveBounds: whoever writes the book, nobody sets a password of one character.
func TestRulesOfSafetyHaveBounds(t *testing.T) {
	g := town(t, "sec")
	var steps []step
	for name, change := range map[string]func(*region.SecurityFacts){
		"a short password": func(f *region.SecurityFacts) { f.Password = 9 }, "a long one": func(f *region.SecurityFacts) { f.Password = 65 },
		"no idle time": func(f *region.SecurityFacts) { f.Idle = 0 }, "a day of it": func(f *region.SecurityFacts) { f.Idle = 24 },
		"no session": func(f *region.SecurityFacts) { f.Most = 0 }, "a month": func(f *region.SecurityFacts) { f.Most = 31 },
	} {
		steps = append(steps, step{name, g.sets("admin", region.Administrator, rules(change)), "region.security.bounds"})
	}
	steps = append(steps,
		step{"a second factor of some", g.sets("admin", region.Administrator, rules(func(f *region.SecurityFacts) { f.Second = "some" })), "region.security.second"},
		step{"of everyone", g.sets("admin", region.Administrator, rules(func(f *region.SecurityFacts) { f.Second = region.SecondAll })), ""},
		step{"by a coordinator", g.sets("admin", region.Coordinator, rules(nil)), "node.not-permitted"},
		step{"by the auditor", g.sets("admin", region.Auditor, rules(nil)), "node.not-permitted"},
	)
	walk(t, steps)
	if s := g.separation(t); s.Rules.Second != region.SecondAll {
		t.Errorf("set: %+v", s.Rules)
	}
	kindtest.Golden(t, g.Node, "testdata/golden-security.txt")
}
