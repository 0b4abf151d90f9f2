package books

import (
	"context"
	"net/url"

	"liandong/node"
	"liandong/web"
	"liandong/web/ui"
)

func kindOptions(ctx context.Context, kinds []string) []ui.Option {
	all := []ui.Option{{Value: "", Label: web.T(ctx, "books.audit.any")}}
	for _, k := range kinds {
		all = append(all, ui.Option{Value: k, Label: kindName(ctx, k)})
	}
	return all
}

func anyOf(ctx context.Context, options []option) []ui.Option {
	all := []ui.Option{{Value: "", Label: web.T(ctx, "books.audit.any")}}
	for _, o := range options {
		all = append(all, ui.Option{Value: o.Value, Label: o.Label})
	}
	return all
}

// verdict is what a verification found, in a chip.
func (o outcome) verdict(ctx context.Context) ui.Status {
	switch {
	case o.Running:
		return ui.Status{Tone: ui.Info, Word: web.T(ctx, "books.verify.running")}
	case o.Failed:
		return ui.Status{Tone: ui.Risk, Word: web.T(ctx, "books.verify.failed")}
	case o.Found.Clean():
		return ui.Status{Tone: ui.Good, Icon: "shield-check", Word: web.T(ctx, "books.verify.clean")}
	}
	return ui.Status{Tone: ui.Late, Word: web.T(ctx, "books.verify.broken", "n", len(o.Found.Faults))}
}

// commands are how to check an entry without us, ready to be copied.
func (d proofData) commands() (verify, head string) {
	file := "evidence-" + d.Circle + "-" + px(int(d.Index)) + ".json"
	return "liandong proof verify " + file + " --key '" + d.Evidence.Key + "'",
		"curl http://" + d.Address + "/book/" + d.Circle + "/checkpoint"
}

// wordsNote says why there are no words.
func (d proofData) wordsNote(ctx context.Context) string {
	switch {
	case d.WordsState == "none":
		return web.T(ctx, "books.words.none")
	case !d.Whole:
		return web.T(ctx, "books.words.not-yours")
	case d.WordsState == "erased":
		return web.T(ctx, "books.words.erased")
	case d.PlainState == node.PlainNotOurs, d.PlainState == node.PlainBroken:
		return web.T(ctx, "books.words."+d.PlainState)
	}
	return web.T(ctx, "books.words.withheld")
}

// nextPage is this page from a cursor on.
func nextPage(ctx context.Context, cursor string) string {
	u, err := url.Parse(ui.FrameOf(ctx).Here)
	if cursor == "" || err != nil {
		return ""
	}
	return ui.With(u, "after", cursor)
}
