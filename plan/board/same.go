package board

import (
	"context"
	"net/http"
	"strings"

	"liandong/plan"
	"liandong/web"
	"liandong/web/ui"
)

// same shows a list beside a neighbour's that may be the same document. GET /plan/{key}/same?with=
func (b board) same(w http.ResponseWriter, r *http.Request) error {
	p, err := b.desk.Same(r.Context(), r.PathValue("key"), r.URL.Query().Get("with"))
	if err != nil {
		return gone(err)
	}
	return web.Show(w, r, samePage(p, b.desk.Node().RandomText()))
}

// postSame says that they are, and which rows are one; or that they are not. POST /plan/{key}/same
func (b board) postSame(w http.ResponseWriter, r *http.Request) error {
	ctx, key, with := r.Context(), r.PathValue("key"), r.PostFormValue("with")
	var pairs []plan.SamePair
	done := "same.taken-back"
	if r.PostFormValue("not") == "" {
		for _, value := range r.PostForm["pair"] {
			ours, theirs, _ := strings.Cut(value, " ")
			pairs = append(pairs, plan.SamePair{Listing: ours, Theirs: theirs})
		}
		done = "same.said"
		if len(pairs) == 0 {
			web.Flash(w, r, ui.Late, t(ctx, "same.no-pair"))
			return web.Redirect(w, r, sameLink(key, with))
		}
	}
	if _, err := b.desk.SayWith(ctx, web.RequestOf(r), key, with, pairs); err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, "/plan/"+key)
}

func sameLink(key, with string) string {
	return "/plan/" + key + "/same?with=" + strings.ReplaceAll(with, ":", "%3A")
}

// sameText says how far it is said that a neighbour's list is the same document.
func sameText(ctx context.Context, s plan.OtherCopy) string {
	key := "same.looks"
	switch {
	case s.Holds():
		key = "same.holds"
	case s.Ours:
		key = "same.ours"
	case s.Theirs:
		key = "same.theirs"
	}
	return t(ctx, key, "member", s.Member, "title", s.Title, "n", s.Pairs, "left", s.Left)
}

// sameStatus is how far it is said that two rows are one.
func sameStatus(ctx context.Context, l plan.SameLine) ui.Status {
	switch {
	case l.SaidOurs && l.SaidTheirs:
		return ui.Status{Tone: ui.Good, Icon: "circle-check", Word: t(ctx, "same.row.both")}
	case l.SaidOurs:
		return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "same.row.ours")}
	case l.SaidTheirs:
		return ui.Status{Tone: ui.Info, Icon: "users", Word: t(ctx, "same.row.theirs")}
	case l.Likely:
		return ui.Status{Tone: ui.Plain, Word: t(ctx, "same.row.likely")}
	}
	return ui.Status{Tone: ui.Plain, Word: t(ctx, "same.row.alone")}
}
