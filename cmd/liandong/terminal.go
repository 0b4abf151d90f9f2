package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// json writes what a program reads.
func (t *terminal) json(v any) error {
	e := json.NewEncoder(t.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// table writes rows in columns for people.
func (t *terminal) table(rows ...[]any) error {
	w := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
	for _, r := range rows {
		for _, cell := range r {
			fmt.Fprintf(w, "%v\t", cell)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func (t *terminal) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

// progress shows a bar for long work, on a terminal only; it appears with the first step. finish
// must be called.
func (t *terminal) progress(title string) (step func(done, total int64), finish func()) {
	if !t.isatty {
		return func(int64, int64) {}, func() {}
	}
	p := mpb.New(mpb.WithOutput(t.err), mpb.WithWidth(48))
	var bar *mpb.Bar
	step = func(done, total int64) {
		if bar == nil {
			bar = p.AddBar(total, mpb.BarRemoveOnComplete(),
				mpb.PrependDecorators(decor.Name(title+" ")),
				mpb.AppendDecorators(decor.CountersNoUnit("%d / %d "), decor.AverageETA(decor.ET_STYLE_GO)))
		}
		bar.SetTotal(total, false)
		bar.SetCurrent(done)
	}
	return step, func() {
		if bar != nil {
			bar.Abort(true)
		}
		p.Wait()
	}
}
