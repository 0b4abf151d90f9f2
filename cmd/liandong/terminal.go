package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

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
			fmt.Fprint(w, strings.ReplaceAll(plain(fmt.Sprint(cell)), "\n", " "), "\t")
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// say writes a line for people.
func (t *terminal) say(format string, args ...any) {
	fmt.Fprint(t.out, plain(fmt.Sprintf(format, args...))+"\n")
}

// complain writes a line for people to standard error.
func (t *terminal) complain(format string, args ...any) {
	fmt.Fprint(t.err, plain(fmt.Sprintf(format, args...))+"\n")
}

// plain takes from a text what would steer the terminal or turn the order of letters: names, titles and reasons come from
// neighbours and files, and whoever wrote them is not to move the cursor of whom they are shown to.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
			return utf8.RuneError
		}
		return r
	}, text)
}

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
