package twin

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

//go:embed acts.txt
var actsText string

// act is a set of sorts of doing, one bit each.
type act uint32

// acts gives the sorts of the words of acts.txt; longestAct is as for the lexicon.
var acts, longestAct = readActs(actsText)

// readActs reads the format that stands at the head of acts.txt.
func readActs(text string) (of map[string]act, longest map[rune]int) {
	of, longest = map[string]act{}, map[rune]int{}
	line := 0
	for l := range strings.Lines(text) {
		if strings.HasPrefix(l, "#") {
			continue
		}
		for w := range strings.FieldsSeq(l) {
			of[w] |= 1 << line
			first, _ := utf8.DecodeRuneInString(w)
			longest[first] = max(longest[first], utf8.RuneCountInString(w))
		}
		line++
	}
	return of, longest
}

// actsIn gives what a normal text says is done; where words begin at one place the longest counts.
func actsIn(text string) (all act) {
	at := runeStarts(text)
	for i := 0; i < len(at)-1; {
		next := i + 1
		first, _ := utf8.DecodeRuneInString(text[at[i]:])
		for end := min(i+longestAct[first], len(at)-1); end > i; end-- {
			if a, ok := acts[text[at[i]:at[end]]]; ok {
				all, next = all|a, end
				break
			}
		}
		i = next
	}
	return all
}

// actsApart: the titles say that different things are done, and neither work does anywhere what the
// other's title says.
func actsApart(row, item *entry) bool {
	return row.done&item.done == 0 && row.done&^item.does != 0 && item.done&^row.does != 0
}
