package twin

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// object is a named thing of which there is one under its name: 琼江, 毛家坝水库, 红江镇, 国道318.
type object struct {
	what string // of namedBy or namedBefore
	name string
	full string // as it stands in the title
}

// A name is a word that the lexicon does not know, or a place, that ends in one of namedBy or stands before one of namedBefore.
var (
	namedBy     = map[rune]string{'江': "河流", '河': "河流", '湖': "湖", '镇': "乡镇", '乡': "乡镇", '村': "村"}
	namedBefore = map[string]string{"大桥": "桥", "水库": "水库", "公园": "公园", "隧道": "隧道", "水电站": "电站", "航电枢纽": "航电枢纽", "机场": "机场"}
)

// trunk takes in the rivers of this region: what is done on 涪江 may be done for 长江.
const trunk = "长江"

// roadNumber finds a road by its number in normal form.
var roadNumber = regexp.MustCompile(`(?:国道|省道|县道)(\d{2,3})`)

// objectsIn gives the named things of a title in normal form.
func objectsIn(title string, tokens []token) (out []object) {
	for i, t := range tokens {
		n := utf8.RuneCountInString(t.text)
		if t.class != className && t.class != classPlace && t.class != classRegion || !ideograph(t.text) || n < 2 || n > 4 {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(t.text)
		switch {
		case i+1 < len(tokens) && namedBefore[tokens[i+1].key] != "":
			out = append(out, object{namedBefore[tokens[i+1].key], t.text, t.text + tokens[i+1].text})
		case namedBy[last] != "" && t.key != trunk:
			out = append(out, object{namedBy[last], t.text, t.text})
		}
	}
	if !strings.Contains(title, "道") {
		return out
	}
	for _, m := range roadNumber.FindAllStringSubmatch(title, -1) {
		out = append(out, object{"公路", m[1], m[0]})
	}
	return out
}

// objectsApart gives a named thing of each work where both titles name things of one sort and
// neither work speaks anywhere of those of the other.
func objectsApart(row, item *entry) (here, there object) {
	for _, o := range row.objects {
		for _, p := range item.objects {
			if o.what == p.what && !strangers(row, item, o.what) {
				break
			}
			if o.what == p.what {
				return o, p
			}
		}
	}
	return here, there
}

// sameObjects gives the named things that both titles name.
func sameObjects(row, item *entry) (out []object) {
	for _, o := range row.objects {
		if slices.ContainsFunc(item.objects, func(p object) bool { return p.what == o.what && p.name == o.name }) {
			out = append(out, o)
		}
	}
	return out
}

// strangers: no thing of this sort that one title names is said in the other work.
func strangers(a, b *entry, what string) bool { return unsaid(a, b, what) && unsaid(b, a, what) }

func unsaid(a, b *entry, what string) bool {
	for _, o := range a.objects {
		if o.what == what && (strings.Contains(b.said, o.name) || inOrder(o.name, b.text)) {
			return false
		}
	}
	return true
}
