package board

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

func (b board) twins(w http.ResponseWriter, r *http.Request) error {
	page, err := b.ownRow(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, twinsPage(page))
}

func (b board) pair(w http.ResponseWriter, r *http.Request) error {
	return b.showPair(w, r, http.StatusOK, r.URL.Query().Get("item"), nil)
}

func (b board) showPair(w http.ResponseWriter, r *http.Request, status int, item string, errs []ui.FieldError) error {
	page, err := b.desk.Pair(r.Context(), r.PathValue("id"), item)
	if err != nil {
		return gone(err)
	}
	if err := b.desk.Ours(r.PathValue("id")); err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, pairPage(page, errs, r.PostFormValue("reason"), b.desk.Node().RandomText()))
}

// postLink links a row with one more item, or with that one instead of its own.
func (b board) postLink(w http.ResponseWriter, r *http.Request) error {
	ctx, id, item := r.Context(), r.PathValue("id"), r.PostFormValue("item")
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	var err error
	if r.PostFormValue("how") == linkInstead {
		err = b.desk.Link(ctx, web.RequestOf(r), id, []string{item}, reason)
	} else {
		err = b.desk.AddItem(ctx, web.RequestOf(r), id, item, reason)
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return b.showPair(w, r, http.StatusUnprocessableEntity, item, fields)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "board.link.done"))
	return web.Redirect(w, r, "/listing/"+id+"/twins")
}

// How a row is linked with an item: it is that work, or it holds that work as well.
const linkInstead, linkAlso = "instead", "also"

// ownRow is the row that a page of changes is about: a neighbour's is refused before a form is shown that would only be
// refused later.
func (b board) ownRow(r *http.Request) (plan.TwinsPage, error) {
	id := r.PathValue("id")
	page, err := b.desk.Twins(r.Context(), id)
	if err != nil {
		return page, gone(err)
	}
	return page, b.desk.Ours(id)
}

// askUnlink asks before one item is taken from a row; a row of one item need not name it.
func (b board) askUnlink(w http.ResponseWriter, r *http.Request) error {
	page, err := b.ownRow(r)
	if err != nil {
		return err
	}
	item := b.desk.ID(cmp.Or(r.URL.Query().Get("item"), page.Item))
	n := slices.IndexFunc(page.Items, func(i plan.LinkedItem) bool { return i.Item == item })
	if n < 0 {
		return web.ErrNotFound
	}
	return web.Show(w, r, unlinkPage(page, page.Items[n], b.desk.Node().RandomText()))
}

func (b board) postUnlink(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	if err := b.desk.RemoveItem(ctx, web.RequestOf(r), id, r.PostFormValue("item")); err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "board.unlink.done"))
	return web.Redirect(w, r, "/listing/"+id+"/twins")
}

func (b board) verdict(w http.ResponseWriter, r *http.Request) error {
	return b.showVerdict(w, r, http.StatusOK, verdictForm{})
}

// verdictForm is what a coordinator says of how a row stands.
type verdictForm struct {
	State, Reason string
	Errors        []ui.FieldError
	Request       string
}

func (b board) showVerdict(w http.ResponseWriter, r *http.Request, status int, f verdictForm) error {
	page, err := b.ownRow(r)
	if err != nil {
		return err
	}
	f.Request = b.desk.Node().RandomText()
	now, err := b.desk.Item(r.Context(), page.Item, "", plan.Viewer{Seat: region.Reader})
	if err != nil {
		return gone(err)
	}
	return web.ShowStatus(w, r, status, verdictPage(page, now, f))
}

func (b board) postVerdict(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := verdictForm{State: r.PostFormValue("state"), Reason: strings.TrimSpace(r.PostFormValue("reason"))}
	if f.State == "" {
		f.Errors = []ui.FieldError{{Field: "state", Text: web.T(ctx, "board.verdict.choose")}}
		return b.showVerdict(w, r, http.StatusUnprocessableEntity, f)
	}
	state := judge.WorkState(strings.TrimPrefix(f.State, "withdraw"))
	err := b.desk.GiveVerdict(ctx, web.RequestOf(r), r.PathValue("id"), state, f.Reason)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		f.Errors = fields
		return b.showVerdict(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	page, err := b.desk.Twins(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "board.verdict.done"))
	return web.Redirect(w, r, "/item/"+page.Item)
}

// stateOptions are the states that a verdict may give, and its withdrawal.
func stateOptions(ctx context.Context) (all []ui.Option) {
	for _, s := range judge.WorkStates() {
		all = append(all, ui.Option{Value: string(s), Label: stateWord(ctx, s), Hint: t(ctx, "state."+string(s))})
	}
	return append(all, ui.Option{Value: "withdraw", Label: t(ctx, "verdict.withdraw"), Hint: t(ctx, "verdict.withdraw.hint")})
}
