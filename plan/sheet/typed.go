package sheet

import "strings"

// Typed takes the units that a person types into one field apart, by sides and names alone: roles and duties that a list's cell may say stay
// as they are written, for the row is read as a list's when it is issued.
func (n *Names) Typed(text string) (own []string, sides map[string][]string) {
	side, at := "", 0
	take := func(part string) {
		for _, name := range apart(part) {
			if side == "" || side == n.book.dir.Self {
				own = addName(own, name)
				continue
			}
			if sides == nil {
				sides = map[string][]string{}
			}
			sides[side] = addName(sides[side], name)
		}
	}
	for _, m := range labelled.FindAllStringSubmatchIndex(text, -1) {
		if code, ok := n.book.sides.code(text[m[2]:m[3]]); ok {
			take(text[at:m[0]])
			side, at = code, m[1]
		}
	}
	take(text[at:])
	return own, sides
}

// apart parts names at what people put between them; brackets protect what is inside: 各县（市、区）人民政府.
func apart(text string) (names []string) {
	depth := 0
	for _, name := range strings.FieldsFunc(text, func(c rune) bool {
		switch c {
		case '（', '(':
			depth++
		case '）', ')':
			depth = max(depth-1, 0)
		}
		return depth == 0 && strings.ContainsRune("、，,;；\n", c)
	}) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func addName(to []string, name string) []string {
	for _, have := range to {
		if have == name {
			return to
		}
	}
	return append(to, name)
}

// Match says what the directory says to a name of a side; "" is the list's own.
func (n *Names) Match(side, name string) UnitMatch { return n.book.match(side, name) }
