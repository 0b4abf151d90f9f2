package twin

import (
	_ "embed"
	"strings"
)

//go:embed acts.txt
var actsText string

// act is a set of sorts of doing, one bit each.
type act uint32

// acts gives the sorts of the words of acts.txt.
var acts, actLengths = readActs(actsText)

// readActs reads the format that stands at the head of acts.txt.
func readActs(text string) (of map[string]act, long lengths) {
	of, long = map[string]act{}, lengths{}
	line := 0
	for l := range strings.Lines(text) {
		if strings.HasPrefix(l, "#") {
			continue
		}
		for w := range strings.FieldsSeq(l) {
			of[w] |= 1 << line
			long.add(w)
		}
		line++
	}
	return of, long
}

// actsIn gives what a normal text says is done; where words begin at one place the longest counts.
func actsIn(text string) (all act) {
	var placesKept [256]int
	at := runeStarts(text, placesKept[:0])
	for i := 0; i < len(at)-1; {
		next := i + 1
		for have := actLengths.at(text[at[i]:]); have != 0; {
			var long int
			if long, have = have.longest(); i+long >= len(at) {
				continue
			}
			if a, ok := acts[text[at[i]:at[i+long]]]; ok {
				all, next = all|a, i+long
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
