package twin

import (
	"cmp"
	"slices"
	"strings"
)

// term is one thing a work speaks of.
type term struct {
	key   string  // concept, bigram of a name, or figure
	id    int32   // of the key in the index, none where no item has it
	tells float64 // what a figure tells; 1 of all else
	text  string  // as written
	class class
	place float64 // how near to the point: 1 in the title, less in measures
	head  bool    // last weighty term of a clause of the title: what is done is done to it
	which string  // key of the term right before it that says which one: 双江 before 航电枢纽
}

// where a term stands decides how much it counts.
const (
	inTitle    = 1.0
	inTail     = 0.75 // later clauses of a title
	inTarget   = 0.4
	inMeasures = 0.4
)

// longest bounds the bytes of a field that are compared; what a task is stands at its start,
// and a whole document pasted into a cell must not hold an import up.
const longest = 6000

func start(s string) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "")
}

// text is what a work says, in normal form.
type text struct{ title, target, measures string }

func textOf(w Work) text {
	return text{normal(start(w.Title)), normal(start(w.Target)), normal(start(w.Measures))}
}

// terms gives the terms of a work, each once with its best place, sorted by key, its grams,
// and the tokens of its title.
func terms(said text) ([]term, []gram, []token) {
	all := make([]term, 0, 32)
	title, rest := make([]piece, 0, 16), make([]piece, 0, 16)
	place := inTitle
	for _, c := range clauses(said.title) {
		pieces := cut(c)
		ts := clauseTerms(pieces, place)
		markHead(ts)
		if weighty(ts) {
			place = inTail
		}
		all, title = append(all, ts...), append(append(title, pieces...), stop)
	}
	for _, f := range []struct {
		text  string
		place float64
	}{{said.target, inTarget}, {said.measures, inMeasures}} {
		for _, c := range clauses(f.text) {
			pieces := cut(c)
			all, rest = append(all, clauseTerms(pieces, f.place)...), append(append(rest, pieces...), stop)
		}
	}
	all = slices.Clone(unique(all))
	for i := range all {
		if all[i].tells = 1; all[i].class == classNumber {
			all[i].tells = telling(all[i].key)
		}
	}
	return all, grams(title, rest), tokens(title)
}

// stop keeps the characters of two clauses apart.
var stop = piece{known: true, word: word{class: classEmpty}}

func clauseTerms(pieces []piece, place float64) []term {
	out := make([]term, 0, len(pieces)+4)
	for i, p := range pieces {
		if i > 0 && phrase(pieces[i-1], p) {
			both := pieces[i-1].text + p.text
			out = append(out, term{key: "~" + both, text: both, class: classPhrase, place: place})
		}
		switch {
		case p.known && p.word.class == classNumber && naming(pieces, i):
			out = append(out, term{key: "№" + p.word.term, text: p.text, class: className, place: place})
		case p.known && p.word.class != classEmpty:
			out = append(out, term{key: p.word.term, text: p.text, class: p.word.class, place: place})
		case !p.known:
			out = append(out, nameTerms(p.text, place)...)
		}
	}
	markWhich(out)
	return out
}

// phrase: two neighbouring words that tell little each tell something together (协同创新).
func phrase(a, b piece) bool {
	weak := func(p piece) bool { return p.known && p.word.class <= classAction && len(p.text) > 3 }
	return weak(a) && weak(b) && a.word.class+b.word.class > classEmpty
}

// markWhich notes for each thing what stands before it and is more than an office word.
func markWhich(ts []term) {
	for i := 1; i < len(ts); i++ {
		if before := ts[i-1]; ts[i].class >= classSubject && ts[i].class < className && telltale(before.class) {
			ts[i].which = before.key
		}
	}
}

func telltale(c class) bool {
	return c == classRegion || c == classPlace || c == classSubject || c == classThing || c == className
}

// nameTerms cuts a run the lexicon does not know into bigrams; letters and digits stay whole.
func nameTerms(run string, place float64) []term {
	if !ideograph(run) {
		if len(run) < 2 {
			return nil
		}
		return []term{{key: run, text: run, class: className, place: place}}
	}
	r := []rune(run)
	var out []term
	for i := 0; i+1 < len(r); i++ {
		gram := string(r[i : i+2])
		out = append(out, term{key: gram, text: gram, class: className, place: place})
	}
	return out
}

func markHead(ts []term) {
	for i := len(ts) - 1; i >= 0; i-- {
		if c := ts[i].class; c == classThing || c == className {
			ts[i].head = true
			return
		}
	}
}

func weighty(ts []term) bool {
	for _, t := range ts {
		if t.class == classThing || t.class == className {
			return true
		}
	}
	return false
}

func unique(all []term) []term {
	slices.SortStableFunc(all, func(a, b term) int {
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(b.place, a.place))
	})
	out := all[:0]
	for _, t := range all {
		if n := len(out); n > 0 && out[n-1].key == t.key {
			out[n-1].head = out[n-1].head || t.head
			continue
		}
		out = append(out, t)
	}
	return out
}

// phases are ordinals by what they count: 期→二, 中→一. 一期 and 二期 are two works.
func phases(s string) map[string]string {
	var out map[string]string
	r := []rune(s)
	for i := 1; i < len(r); i++ {
		if strings.ContainsRune("一二三四五六七八九十123456789abcd", r[i-1]) && strings.ContainsRune("期桥中型号院标批轮", r[i]) {
			if out == nil {
				out = map[string]string{}
			}
			out[string(r[i])] = string(chineseDigit(r[i-1]))
		}
		if i+1 < len(r) && r[i-1] == '第' && strings.ContainsRune("一二三四五六七八九十123456789", r[i]) {
			if out == nil {
				out = map[string]string{}
			}
			out["第"] = string(chineseDigit(r[i]))
		}
	}
	return out
}

func chineseDigit(r rune) rune {
	if r >= '1' && r <= '9' {
		return []rune("一二三四五六七八九")[r-'1']
	}
	return r
}

// naming: the figure at i is part of a name and counts nothing: 500千伏, 3号, 省道205.
func naming(pieces []piece, i int) bool {
	switch unitAs(pieces[i].text) {
	case "千伏", "kv", "号", "型", "期":
		return true
	}
	return i > 0 && slices.Contains(numberedRoads, pieces[i-1].text)
}

var numberedRoads = []string{"国道", "省道", "县道"}
