package people

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// leaving is what somebody leaves behind in one of his organisations, and to whom it may go.
type leaving struct {
	Org, OrgName string
	Seats        []heldSeat
	Held         []region.Holding
	Others       []region.Person // colleagues who may take over
	To           string          // chosen; nobody: nobody takes over
	Phone        string          // of who takes over, for working groups
}

// heldSeat is a seat that somebody gives up, with what waits for it.
type heldSeat struct {
	region.SeatAt
	Waiting int  // matters that wait for it
	Others  bool // somebody else holds it too
}

// nobody is chosen where nobody takes over.
const nobody = "nobody"

// contacts says that he is a contact of a working group.
func (l leaving) contacts() bool {
	return slices.ContainsFunc(l.Held, func(h region.Holding) bool { return h.What == "contacts" })
}

// readLeaving reads what hangs on a person, organisation by organisation, with what waits there and what was chosen, and a mark of it.
func (p *Pages) readLeaving(ctx context.Context, person string, leaves bool, h handing) (all []leaving, seen string, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = p.leavingIn(ctx, tx, web.ActorOf(ctx).Person, person, leaves, h)
		return err
	})
	if err != nil || p.waiting == nil {
		return all, seenOf(all), err
	}
	for i := range all {
		for j := range all[i].Seats {
			s := &all[i].Seats[j]
			if s.Waiting, err = p.waiting(ctx, s.SeatAt); err != nil {
				return nil, "", err
			}
		}
	}
	return all, seenOf(all), nil
}

// Heir is who was chosen to take over in an organisation.
type Heir struct {
	Person string `json:"person" doc:"Who takes over, a colleague of the organisation; nobody: nobody does" example:"p-1a2b"`
	Phone  string `json:"phone,omitempty" doc:"His telephone, for working groups of which the other is a contact"`
}

// handing is what was asked: nothing of it is read from what stands, so a retry of what is done already says the same.
type handing struct {
	To    map[string]Heir // by organisation
	Along bool
	Seen  string // what hung on the person as it was shown
}

func handingOf(r *http.Request) handing {
	h := handing{To: map[string]Heir{}, Along: r.PostFormValue("along") == "yes", Seen: r.PostFormValue("seen")} // which parses the form
	for field := range r.PostForm {
		if org, ok := strings.CutPrefix(field, "to-"); ok {
			h.To[org] = Heir{r.PostForm.Get(field), strings.TrimSpace(r.PostForm.Get("phone-" + org))}
		}
	}
	return h
}

// print tells a retry from another request.
func (h handing) print() (text string) {
	for _, org := range slices.Sorted(maps.Keys(h.To)) {
		text += "\n" + org + "\n" + h.To[org].Person + "\n" + h.To[org].Phone
	}
	if h.Along {
		text += "\nalong"
	}
	return text
}

// leavingIn reads what hangs on a person, organisation by organisation; by, who asks, takes over nothing.
func (p *Pages) leavingIn(ctx context.Context, tx *store.Tx, by, person string, leaves bool, h handing) (all []leaving, err error) {
	people, err := region.People(ctx, tx)
	if err != nil {
		return nil, err
	}
	seats, err := region.SeatsOf(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	for _, s := range seats {
		at := slices.IndexFunc(all, func(l leaving) bool { return l.Org == s.Org })
		if at < 0 {
			l := leaving{Org: s.Org, OrgName: s.OrgName, To: h.To[s.Org].Person, Phone: h.To[s.Org].Phone}
			l.Others = slices.DeleteFunc(slices.Clone(people), func(o region.Person) bool {
				return o.ID == person || o.ID == by || o.Left || !slices.ContainsFunc(o.Seats, func(at region.SeatAt) bool { return at.Org == s.Org })
			})
			l.Held, err = region.HeldBy(ctx, tx, p.rooms, region.Handover{Person: person, Org: s.Org, Leaves: leaves}, region.Today(p.node.Now()))
			if err != nil {
				return nil, err
			}
			at, all = len(all), append(all, l)
		}
		all[at].Seats = append(all[at].Seats, heldSeat{SeatAt: s, Others: slices.ContainsFunc(people, func(o region.Person) bool {
			return o.ID != person && !o.Left && slices.ContainsFunc(o.Seats, func(at region.SeatAt) bool { return at.Org == s.Org && at.Seat == s.Seat })
		})})
	}
	return all, nil
}

// seenOf is a short mark of the seats and holdings that were shown: who decides on them must not decide on others.
func seenOf(all []leaving) string {
	sum := sha256.New()
	for _, l := range all {
		for _, s := range l.Seats {
			fmt.Fprintf(sum, "%s@%s\n", s.Seat, s.Org)
		}
		for _, h := range l.Held {
			fmt.Fprintf(sum, "%s %d %s\n", h.What, h.N, h.Fate)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// chosen refuses a form in which it was not said who takes over, where somebody could.
func chosen(all []leaving) error {
	var wrong []error
	for _, l := range all {
		if len(l.Others) > 0 && l.To == "" {
			wrong = append(wrong, refuse.New("people.hand.choose", "org", l.OrgName).At("to-"+l.Org))
		}
	}
	return errors.Join(wrong...)
}

// handOver passes a person's work in all his organisations to whom was chosen, and his seats with it where who asks may give seats. What hangs on
// him is read here, in the writing: it tells what seats he gives up.
func (p *Pages) handOver(ctx context.Context, w *node.Writing, person string, h handing, leaves bool) ([]leaving, error) {
	may, err := region.MayAuthorise(ctx, w.Tx(), region.Seat(w.Actor.Seat))
	if err != nil {
		return nil, err
	}
	all, err := p.leavingIn(ctx, w.Tx(), w.Actor.Person, person, leaves, h)
	if err != nil {
		return nil, err
	}
	if h.Seen != "" && h.Seen != seenOf(all) {
		return nil, refuse.New("people.hand.changed")
	}
	if err := chosen(all); err != nil {
		return nil, err
	}
	last := -1
	for i, l := range all {
		if l.passes() {
			last = i
		}
	}
	for i, l := range all {
		if !l.passes() {
			continue
		}
		hand := region.Handover{Person: person, To: l.To, Org: l.Org, Leaves: leaves, Last: i == last, Phone: l.Phone}
		err := region.MayTakeOver(ctx, w, hand) // before he has a seat by it
		if err == nil && h.Along && may {
			err = giveAlong(ctx, w, l) // before the work: what he is told of is of seats that he holds
		}
		if err == nil {
			err = region.HandOver(ctx, w, p.rooms, hand)
		}
		if err != nil {
			if no, ok := refuse.As(err); ok && (no.Field == "to" || no.Field == "phone") { // the form has a field for each organisation
				return nil, no.At(no.Field + "-" + l.Org)
			}
			return nil, err
		}
	}
	return all, nil
}

// passes says that somebody takes over.
func (l leaving) passes() bool { return l.To != "" && l.To != nobody }

// giveAlong gives who takes over the seats of an organisation that he lacks.
func giveAlong(ctx context.Context, w *node.Writing, l leaving) error {
	held, err := region.SeatsOf(ctx, w.Tx(), l.To)
	if err != nil {
		return err
	}
	for _, s := range l.Seats {
		if !s.along() || slices.ContainsFunc(held, func(h region.SeatAt) bool { return h.Org == s.Org && h.Seat == s.Seat }) {
			continue
		}
		if err := giveSeat(ctx, w, l.To, s.Org, string(s.Seat)); err != nil {
			return err
		}
	}
	return nil
}

// along says whether a seat goes with the work: who manages people, and who audits, is appointed and not inherited.
func (s heldSeat) along() bool { return !slices.Contains(region.Three, s.Seat) }

// heirs says that somebody could take over, in a seat that goes with the work.
func (d single) heirs() bool {
	return slices.ContainsFunc(d.Leaving, func(l leaving) bool { return len(l.Others) > 0 && slices.ContainsFunc(l.Seats, heldSeat.along) })
}

func heirOptions(ctx context.Context, l leaving) []ui.Option {
	options := []ui.Option{{Value: "", Label: web.T(ctx, "people.hand.which")}}
	for _, one := range l.Others {
		label := one.Name
		for _, s := range one.Seats {
			if s.Org == l.Org {
				label += " · " + web.SeatName(lang.Of(ctx), s.Seat)
			}
		}
		options = append(options, ui.Option{Value: one.ID, Label: label})
	}
	return append(options, ui.Option{Value: nobody, Label: web.T(ctx, "people.hand.nobody")})
}

// fate says what becomes of something that hangs on a person.
func fate(ctx context.Context, f region.Fate) ui.Status {
	switch f {
	case region.Passes:
		return ui.Status{Tone: ui.Good, Icon: "check", Word: web.T(ctx, "people.hand.passes")}
	case region.Ends:
		return ui.Status{Tone: ui.Gone, Word: web.T(ctx, "people.hand.ends")}
	}
	return ui.Status{Icon: "building", Word: web.T(ctx, "people.hand.stays")}
}

// passed tells what a handover passed: 待确认的导入 2、提醒 5.
func passed(ctx context.Context, all []region.Passed) string {
	var parts []string
	for _, x := range all {
		text := web.T(ctx, "people.hand.n", "what", web.T(ctx, "people.hand."+x.What), "n", x.N)
		if x.Ended {
			text += web.T(ctx, "people.hand.ended")
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return web.T(ctx, "people.hand.nothing")
	}
	return strings.Join(parts, web.T(ctx, "people.hand.and"))
}

func proofOf(h region.Handed) string { return web.ProofHref(h.Book, h.Index) }
