package retention

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct {
	node     *node.Node
	operator []region.KeepRule
}

// Routes adds the pages. operator are the rules that were given at the start of the program.
func Routes(site *web.Site, n *node.Node, operator []region.KeepRule) {
	p := &pages{n, operator}
	site.Handle("GET /admin/retention", region.RetentionRead, p.page).Slow()
	site.Handle("POST /admin/retention/check", region.RetentionWrite, p.check).Slow().Keep()
	site.Handle("POST /admin/retention", region.RetentionWrite, p.save).Slow().Keep()
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "retention."+key, args...)
}

type view struct {
	Kinds   []Kind
	Days    map[string]string // as typed
	Source  string
	Said    string // the source that stands
	Index   int64  // of the entry that says so; -1: none
	Own     string // name of the own book
	May     bool
	Preview bool
	Erases  int    // entries whose words would be erased within the hour
	Checked string // the rules that this counts
	Key     string
	Errors  []ui.FieldError
}

func (p *pages) read(ctx context.Context) (v view, err error) {
	rules, k, err := Rules(ctx, p.node, p.operator)
	if err != nil {
		return v, err
	}
	v = view{Days: map[string]string{}, Source: k.Source, Said: k.Source, Index: k.Index, Own: p.node.BookName(node.Self), May: web.May(ctx, region.RetentionWrite), Key: web.NewRequestKey()}
	for _, r := range k.Rules {
		v.Days[r.Kind] = strconv.Itoa(r.Days)
	}
	v.Kinds, err = kinds(ctx, p.node, rules, k.Rules)
	return v, err
}

// page shows what is kept how long. GET /admin/retention
func (p *pages) page(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, retentionPage(v))
}

func typed(r *http.Request) (days map[string]string, source string) {
	_ = r.ParseForm() // what cannot be read is refused where it is missing
	days = map[string]string{}
	for name, values := range r.PostForm {
		if kind, ok := strings.CutPrefix(name, "days-"); ok {
			days[kind] = strings.TrimSpace(values[0])
		}
	}
	return days, strings.TrimSpace(r.PostFormValue("source"))
}

// check says what would be erased when; nothing is written. POST /admin/retention/check
func (p *pages) check(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := p.read(ctx)
	if err != nil {
		return err
	}
	v.Days, v.Source = typed(r)
	rules, wrong := typedRules(p.node, v.Days)
	if v.Source == "" {
		wrong = append(wrong, refuse.New("region.retention.source", "most", 200).At("source"))
	}
	if fields, ok := web.FieldErrors(ctx, errors.Join(wrong...)); ok {
		v.Errors = fieldsOf(fields)
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, retentionPage(v))
	}
	if err := p.preview(ctx, &v, rules); err != nil {
		return err
	}
	return web.ShowStatus(w, r, http.StatusOK, retentionPage(v))
}

// preview lays over the page what rules would erase when.
func (p *pages) preview(ctx context.Context, v *view, rules []region.KeepRule) (err error) {
	v.Kinds, err = kinds(ctx, p.node, p.with(rules), rules)
	v.Preview, v.Erases, v.Checked = true, over(v.Kinds), inWords(rules)
	return err
}

// with adds the operator's rules for kinds that are not named.
func (p *pages) with(rules []region.KeepRule) []region.KeepRule {
	all := append([]region.KeepRule{}, rules...)
	for _, o := range p.operator {
		named := false
		for _, r := range rules {
			named = named || r.Kind == o.Kind
		}
		if !named {
			all = append(all, o)
		}
	}
	return all
}

// fieldsOf names the fields as the form does.
func fieldsOf(all []ui.FieldError) []ui.FieldError {
	for i := range all {
		if strings.Contains(all[i].Field, ".") {
			all[i].Field = "days-" + all[i].Field
		}
	}
	return all
}

// conflicts are refusals after which the page counts anew: it may be pressed again once that was read.
var conflicts = []string{"region.retention.newer", "region.retention.unseen", "region.retention.unchecked"}

// save 设定保存期限. What was not checked as it is now, or is no more what stood then, is shown to be looked at first. POST /admin/retention
func (p *pages) save(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	days, source := typed(r)
	rules, wrong := typedRules(p.node, days)
	err := errors.Join(wrong...)
	if err == nil {
		err = p.confirm(r, rules, source)
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		v, again := p.read(ctx)
		if again != nil {
			return again
		}
		v.Days, v.Source, v.Errors = days, source, fieldsOf(fields)
		if slices.ContainsFunc(conflicts, func(code string) bool { return refuse.Is(err, code) }) {
			if err := p.preview(ctx, &v, rules); err != nil {
				return err
			}
			return web.ShowStatus(w, r, http.StatusConflict, retentionPage(v))
		}
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, retentionPage(v))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(ctx, "saved"))
	return web.Redirect(w, r, "/admin/retention")
}

// confirm sets what the page that was pressed had counted.
func (p *pages) confirm(r *http.Request, rules []region.KeepRule, source string) error {
	index, wrong := strconv.ParseInt(r.PostFormValue("seen"), 10, 64)
	n, none := strconv.Atoi(r.PostFormValue("over"))
	if wrong != nil || none != nil || r.PostFormValue("checked") != inWords(rules) {
		return refuse.New("region.retention.unchecked").At("over")
	}
	return p.set(r.Context(), web.RequestOf(r), rules, source, seen{index, n})
}

// kindName is what the record of entries calls a kind.
func kindName(ctx context.Context, kind string) string {
	if key := "books.kind." + kind; lang.Has(key) {
		return web.T(ctx, key)
	}
	return kind
}

// keptText says how long a kind is kept, and who said so.
func keptText(ctx context.Context, k Kind) string {
	switch {
	case k.Days == 0:
		return t(ctx, "for-ever")
	case k.Operator:
		return t(ctx, "days.operator", "n", k.Days)
	}
	return t(ctx, "days", "n", k.Days)
}

// said is the rule by which the times were set.
func said(ctx context.Context, v view) string {
	if v.Said == "" {
		return t(ctx, "erased")
	}
	return v.Said
}

// above is from where the page was come to: the auditor has no first page of administration.
func above(ctx context.Context) []ui.Link {
	if web.May(ctx, region.OrgWrite) {
		return []ui.Link{{Label: web.T(ctx, "admin.title"), Href: "/admin"}}
	}
	return nil
}

// parted are the kinds of which there are words or a time, and the others.
func parted(all []Kind) (some, none []Kind) {
	for _, k := range all {
		if k.Held > 0 || k.Days > 0 {
			some = append(some, k)
		} else {
			none = append(none, k)
		}
	}
	return some, none
}

// wrongIn says whether something was typed wrongly for one of these kinds.
func wrongIn(v view, all []Kind) bool {
	for _, k := range all {
		if ui.ErrorOf(v.Errors, "days-"+k.Kind) != "" {
			return true
		}
	}
	return false
}
