package plan

import (
	"cmp"
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"liandong/rules/refuse"
	"liandong/store"
)

// Words are found by pairs of characters (bigrams): Chinese is written without spaces, and a pair
// is in most cases a word or half of one. Each run of Chinese is kept as its pairs and its single
// characters; runs of Latin letters and digits as they are and by their first characters. So what
// begins thousands of words is one term of its own: to gather all that begin so would cost a list's
// page more than all else. Full width is made half, capitals small.

// edge is up to how many characters the beginning of a Latin word is a term.
const edge = 3

// indexed are the terms under which a text is kept, each once.
func indexed(text string) []string {
	all := terms(text)
	for _, t := range all {
		r := []rune(t)
		most := edge
		if unicode.Is(unicode.Han, r[0]) {
			most = 1
		}
		for n := 1; n < len(r) && n <= most; n++ {
			all = append(all, string(r[:n]))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// longestTerm is how much of a run of Latin letters is kept, in characters: PostgreSQL takes 2046 bytes.
const longestTerm = 100

// terms are the terms of a text, in order and not each once.
func terms(text string) []string {
	var out []string
	var han, latin []rune
	flush := func() {
		for i := range han {
			out = append(out, string(han[i:min(i+2, len(han))]))
		}
		if len(latin) > 0 {
			out = append(out, string(latin))
		}
		han, latin = han[:0], latin[:0]
	}
	for _, r := range fold(text) {
		switch {
		case unicode.Is(unicode.Han, r):
			if len(latin) > 0 {
				flush()
			}
			han = append(han, r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if len(han) > 0 {
				flush()
			}
			if len(latin) < longestTerm {
				latin = append(latin, r)
			}
		default:
			flush()
		}
	}
	flush()
	return out
}

// fold makes full width half and capitals small, without changing how many characters there are.
func fold(text string) string { return strings.ToLower(width.Fold.String(text)) }

// asked are the terms of a query: what the index has as it is, and what one of its terms begins with.
func asked(text string) (whole, begins []string) {
	for field := range strings.FieldsSeq(fold(text)) {
		all := terms(field)
		for i, t := range all {
			r := []rune(t)
			switch {
			case !unicode.Is(unicode.Han, r[0]) && len(r) > edge:
				begins = append(begins, t)
			case !unicode.Is(unicode.Han, r[0]) || len(r) == 2 || i == 0 || !followsPair(all[i-1]):
				whole = append(whole, t)
			}
		}
	}
	slices.Sort(whole)
	slices.Sort(begins)
	return slices.Compact(whole), slices.Compact(begins)
}

// followsPair: the last single character of a run says nothing that the pair before it does not.
func followsPair(before string) bool {
	r := []rune(before)
	return len(r) == 2 && unicode.Is(unicode.Han, r[0])
}

// sectionsOf are the first headings of a list in its order, from the index of words.
func sectionsOf(ctx context.Context, tx *store.Tx, plan string) ([]SectionCount, error) {
	rows, err := tx.Query(ctx, `SELECT s.section, s.n FROM plan_search_section s WHERE s.plan = ? ORDER BY
		(SELECT min(d.ord) FROM plan_search d WHERE d.plan = s.plan AND d.section = s.section)`, plan)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (s SectionCount, err error) {
		err = scan(&s.Name, &s.N)
		return s, err
	})
}

// mostWorded is how many rows with words are counted: that many are walked to, not sought.
const mostWorded = 2000

// worded: rows under a heading, with words, or both.
func (r rowReading) worded() (c condition, err error) {
	where, args := `d.plan = ?`, []any{r.q.Plan}
	if r.q.Section != "" {
		where, args = where+` AND d.section = ?`, append(args, r.q.Section)
		err = r.tx.Row(r.ctx, `SELECT COALESCE(SUM(n), 0) FROM plan_search_section WHERE plan = ? AND section = ?`, args...).Scan(&c.n)
		if err != nil {
			return c, err
		}
	}
	if r.q.Text != "" {
		found, match, err := foundBy(r.ctx, r.tx, r.q.Text, planToken(r.q.Plan)) // only rows of lists name one
		if err != nil {
			return c, err
		}
		var n int
		err = r.tx.Row(r.ctx, `SELECT count(*) FROM (`+found+` LIMIT `+strconv.Itoa(mostWorded)+`) AS f`, match).Scan(&n)
		if err != nil {
			return c, err
		}
		if c.n = min(n, cmp.Or(c.n, n)); n == mostWorded {
			c.n = r.total
		}
		// The documents come first: SQLite would rather look at all listings for each.
		c.ids = `SELECT d.id AS listing FROM (` + found + `) AS f CROSS JOIN plan_search d WHERE d.doc = f.doc AND d.kind = 'listing' AND ` + where
		c.idsArgs = append([]any{match}, args...)
		where, args = where+` AND d.doc IN (`+found+`)`, append(args, match)
	} else {
		c.ids, c.idsArgs = `SELECT d.id AS listing FROM plan_search d WHERE `+where, args
	}
	c.asking = 2
	c.holds, c.holdsArgs = `EXISTS (SELECT 1 FROM plan_search d WHERE d.kind = 'listing' AND d.id = n.listing AND `+where+`)`, args
	return c, nil
}

// The index holds, beside the terms of a text, what sort of text it is and of which list. Such a token
// begins with a full-width letter: fold leaves none in a query, so nobody finds it by what he types.
func kindToken(kind HitKind) string { return "ｋ" + string(kind) }

// formerKindToken was a word that could be typed; an index that has it is made anew.
func formerKindToken(kind HitKind) string { return "kind0" + string(kind) }

func planToken(plan string) string {
	h := fnv.New64a()
	h.Write([]byte(plan))
	return "ｐ" + strconv.FormatUint(h.Sum64(), 36)
}

// foundBy selects the documents that have all terms of a text and all tokens; its one argument is
// returned beside it.
func foundBy(ctx context.Context, tx *store.Tx, text string, tokens ...string) (query, match string, err error) {
	if ready, err := searchStands(ctx, tx); err != nil || !ready {
		return "", "", errors.Join(err, refuse.New("plan.search-starting").At("q"))
	}
	whole, begins := asked(text)
	if len(whole)+len(begins) == 0 {
		return "", "", refuse.New("plan.search-empty").At("q")
	}
	var all []string
	if tx.Dialect() == store.Postgres {
		for _, t := range append(tokens, whole...) {
			all = append(all, "'"+t+"'")
		}
		for _, t := range begins {
			all = append(all, "'"+t+"':*")
		}
		return `SELECT doc FROM plan_search_terms WHERE terms @@ CAST(? AS tsquery)`, strings.Join(all, " & "), nil
	}
	for _, t := range append(tokens, whole...) {
		all = append(all, `"`+t+`"`)
	}
	for _, t := range begins {
		all = append(all, `"`+t+`"*`)
	}
	return `SELECT rowid AS doc FROM plan_search_terms WHERE plan_search_terms MATCH ?`, strings.Join(all, " AND "), nil
}
