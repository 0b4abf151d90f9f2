package neighbours

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// shown is a circle with what the exchange of books tells of it.
type shown struct {
	Circle
	Follows  map[string]exchange.FollowState   // by member
	Evidence map[string][]exchange.Found       // by member
	Seen     []exchange.Sighting               // of heads of the circle's books
	Files    map[string][]exchange.FileWaiting // that are not here yet, by member
	Pending  bool                              // nobody is recognised yet
	Quorum   region.Quorum
	Keys     []region.OtherKey // that neighbours recognise
}

// mostFilesShown bounds what the page reads of files that are not here yet.
const mostFilesShown = 1000

func (p *pages) read(ctx context.Context) (all []shown, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		circles, err := Circles(ctx, tx, p.node)
		if err != nil {
			return err
		}
		follows, err := exchange.Follows(ctx, tx)
		if err != nil {
			return err
		}
		found, err := exchange.Evidences(ctx, tx)
		if err != nil {
			return err
		}
		seen, err := exchange.Sightings(ctx, tx)
		if err != nil {
			return err
		}
		files, err := exchange.FilesWaiting(ctx, tx, mostFilesShown)
		if err != nil {
			return err
		}
		others, err := region.OtherKeys(ctx, tx, p.node.Member, region.KeyText(p.node.SigningKey().Public()))
		if err != nil {
			return err
		}
		for _, c := range circles {
			s := together(c, follows, found, seen)
			s.Keys = slices.DeleteFunc(slices.Clone(others), func(k region.OtherKey) bool { return k.Circle != c.Circle })
			if s.Quorum, err = region.QuorumOf(ctx, tx, p.node.Member, c.Circle); err != nil {
				return err
			}
			for _, w := range files {
				if member, ok := strings.CutSuffix(w.Book, "/"+c.Circle); ok {
					s.Files[member] = append(s.Files[member], w)
				}
			}
			all = append(all, s)
		}
		return nil
	})
	return all, err
}

func together(c Circle, follows []exchange.FollowState, found []exchange.Found, seen []exchange.Sighting) shown {
	s := shown{Circle: c, Follows: map[string]exchange.FollowState{}, Evidence: map[string][]exchange.Found{}, Files: map[string][]exchange.FileWaiting{}}
	s.Pending = !slices.ContainsFunc(c.Members, func(m Member) bool { return m.Recognised })
	for _, f := range follows {
		if member, ok := strings.CutSuffix(f.Book, "/"+c.Circle); ok {
			s.Follows[member] = f
		}
	}
	for _, f := range found {
		if member, ok := strings.CutSuffix(f.Book, "/"+c.Circle); ok {
			s.Evidence[member] = append(s.Evidence[member], f)
		}
	}
	for _, one := range seen {
		if strings.HasSuffix(one.Origin, "/"+c.Circle) {
			s.Seen = append(s.Seen, one)
		}
	}
	return s
}

// list shows all circles. GET /neighbours
func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	all, err := p.read(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, listView(all))
}

// single is one member of one circle.
type single struct {
	shown
	Member
	Reason string
	Key    string
	Errors []ui.FieldError
	Now    time.Time
}

// one shows one member of one circle. GET /neighbours/in/{circle}/{member}
func (p *pages) one(w http.ResponseWriter, r *http.Request) error {
	return p.showOne(w, r, http.StatusOK, "", nil)
}

func (p *pages) showOne(w http.ResponseWriter, r *http.Request, status int, reason string, errs []ui.FieldError) error {
	all, err := p.read(r.Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(c shown) bool { return c.Circle.Circle == r.PathValue("circle") })
	if at < 0 {
		return web.ErrNotFound
	}
	m := all[at].member(r.PathValue("member"))
	if m == nil {
		return web.ErrNotFound
	}
	return web.ShowStatus(w, r, status, oneView(single{all[at], *m, reason, web.NewRequestKey(), errs, p.node.Now()}))
}

// suspend 暂停往来. POST /neighbours/in/{circle}/{member}/suspend
func (p *pages) suspend(w http.ResponseWriter, r *http.Request) error {
	return p.setSuspended(w, r, true, "neighbours.suspend.done")
}

// resume 恢复往来. POST /neighbours/in/{circle}/{member}/resume
func (p *pages) resume(w http.ResponseWriter, r *http.Request) error {
	return p.setSuspended(w, r, false, "neighbours.resume.done")
}

func (p *pages) setSuspended(w http.ResponseWriter, r *http.Request, suspended bool, said string) error {
	circle, member, reason := r.PathValue("circle"), r.PathValue("member"), strings.TrimSpace(r.PostFormValue("reason"))
	err := p.say(r, reason, func(ctx context.Context, w *node.Writing) error {
		return Suspend(ctx, w, circle, member, suspended, reason)
	})
	return p.answerOne(w, r, err, reason, said)
}

// rolled recognises the keys that a member named itself. POST /neighbours/in/{circle}/{member}/rolled
func (p *pages) rolled(w http.ResponseWriter, r *http.Request) error {
	circle, member := r.PathValue("circle"), r.PathValue("member")
	err := p.say(r, "", func(ctx context.Context, w *node.Writing) error { return RecogniseRolled(ctx, w, circle, member) })
	return p.answerOne(w, r, err, "", "neighbours.rolled.done")
}

// goOn lets a book be followed again that was stopped because its member showed two. POST /neighbours/in/{circle}/{member}/go-on
func (p *pages) goOn(w http.ResponseWriter, r *http.Request) error {
	err := p.node.Store.Write(r.Context(), func(tx *store.Tx) error {
		return exchange.GoOn(r.Context(), tx, r.PathValue("member")+"/"+r.PathValue("circle"))
	})
	return p.answerOne(w, r, err, "", "neighbours.go-on.done")
}

func (p *pages) answerOne(w http.ResponseWriter, r *http.Request, err error, reason, said string) error {
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return p.showOne(w, r, http.StatusUnprocessableEntity, reason, fields)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), said))
	return web.Redirect(w, r, oneHref(r.PathValue("circle"), r.PathValue("member")))
}

type leaving struct {
	Circle
	Reason string
	Key    string
	Errors []ui.FieldError
}

// askLeave asks for the reason. GET /neighbours/circle/{circle}/leave
func (p *pages) askLeave(w http.ResponseWriter, r *http.Request) error {
	return p.showLeave(w, r, http.StatusOK, "", nil)
}

func (p *pages) showLeave(w http.ResponseWriter, r *http.Request, status int, reason string, errs []ui.FieldError) error {
	var all []Circle
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		all, err = Circles(r.Context(), tx, p.node)
		return err
	})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(c Circle) bool { return c.Circle == r.PathValue("circle") })
	if at < 0 {
		return web.ErrNotFound
	}
	return web.ShowStatus(w, r, status, leaveView(leaving{all[at], reason, web.NewRequestKey(), errs}))
}

// leave 退出圈. POST /neighbours/circle/{circle}/leave
func (p *pages) leave(w http.ResponseWriter, r *http.Request) error {
	circle, reason := r.PathValue("circle"), strings.TrimSpace(r.PostFormValue("reason"))
	err := p.say(r, reason, func(ctx context.Context, w *node.Writing) error { return Leave(ctx, w, circle, reason) })
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return p.showLeave(w, r, http.StatusUnprocessableEntity, reason, fields)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "neighbours.leave.done"))
	return web.Redirect(w, r, "/neighbours")
}

// quorum says by how many members what is said in a circle has to be cosigned. POST /neighbours/circle/{circle}/quorum
func (p *pages) quorum(w http.ResponseWriter, r *http.Request) error {
	circle, typed := r.PathValue("circle"), strings.TrimSpace(r.PostFormValue("members"))
	n, err := strconv.Atoi(typed)
	if err != nil {
		n = -1
	}
	err = p.say(r, typed, func(ctx context.Context, w *node.Writing) error { return region.SetQuorum(ctx, w, circle, n) })
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		web.Flash(w, r, ui.Late, fields[0].Text)
		return web.Redirect(w, r, "/neighbours#circle-"+circle)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "neighbours.quorum.done"))
	return web.Redirect(w, r, "/neighbours#circle-"+circle)
}

// evidence gives the file that proves a member to have shown two books. GET /neighbours/evidence/{id}
func (p *pages) evidence(w http.ResponseWriter, r *http.Request) error {
	f, err := p.evidenceOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendFile(w, "application/json", "fork-"+f.ID+".json", f.Fork)
}

func sendFile(w http.ResponseWriter, contentType, name string, b []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b) // the reader may have gone: that is no trouble of ours
	return nil
}

func oneHref(circle, member string) string { return "/neighbours/in/" + circle + "/" + member }

// ourCircles are those of our books that were not left, for an invitation.
func (p *pages) ourCircles(ctx context.Context) (all []region.Circle, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = openCircles(ctx, tx, p.node)
		return err
	})
	return all, err
}

// openCircles are the circles of our books that we have not left, with everybody we know to be in them.
func openCircles(ctx context.Context, tx *store.Tx, n *node.Node) ([]region.Circle, error) {
	all, err := region.CirclesOf(ctx, tx, n.Member)
	if err != nil {
		return nil, err
	}
	var open []region.Circle
	for _, c := range all {
		left, err := region.HasLeft(ctx, tx, n.BookName(c.ID))
		if err != nil {
			return nil, err
		}
		if !left {
			open = append(open, c)
		}
	}
	return open, nil
}
