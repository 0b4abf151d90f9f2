package notices

import (
	"context"
	"embed"
	"strings"

	"liandong/notice"
	"liandong/plan/judge"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// word puts matters into words.
func (s source) word(ctx context.Context, all []notice.Matter) ([]string, error) {
	var ids []string
	for _, m := range all {
		if m.Ref != "" {
			ids = append(ids, m.Ref)
		}
	}
	names, err := s.desk.Named(ctx, ids)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(all))
	for i, m := range all {
		texts[i] = text(ctx, m, names[m.Ref])
	}
	return texts, nil
}

func text(ctx context.Context, m notice.Matter, name string) string {
	if name == "" {
		name = lang.T(ctx, "notices.nameless")
	}
	due := judge.Date(m.Due)
	args := []any{"name", name, "due", lang.Pick(ctx, due.Zh(), due.En()), "n", m.N}
	switch m.Kind {
	case "due", "late", "returned", "share", "share-late", "unsigned":
		p := judge.Period(m.Period)
		args = append(args, "period", lang.Pick(ctx, p.Zh(), p.En()))
	}
	if _, clock, ok := strings.Cut(m.Period, "T"); ok {
		args = append(args, "clock", clock)
	}
	if m.Kind == "asked" && m.Due == "" {
		return lang.T(ctx, "notices.asked-open", args...)
	}
	return lang.T(ctx, "notices."+m.Kind, args...)
}
