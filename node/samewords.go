package node

import (
	"context"
	"encoding/json"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/store"
)

// SameWords finds other entries of the member's books that hold the longest text of an entry's words: what was said once
// stands in the own book and in that of each circle, and in bulletins that quote it. It reads all books.
func (n *Node) SameWords(ctx context.Context, tx *store.Tx, name string, index int64) ([]Position, error) {
	var raw []byte
	err := tx.Row(ctx, `SELECT words FROM book_entry WHERE book = ? AND idx = ?`, name, index).Scan(&raw)
	if err != nil || raw == nil {
		return nil, err
	}
	longest := LongestText(raw)
	if len([]rune(longest)) < leastSame {
		return nil, nil
	}
	quoted, err := json.Marshal(longest)
	if err != nil {
		return nil, err
	}
	all, err := naming(ctx, tx, quoted[1:len(quoted)-1], n.Member)
	var others []Position
	for _, p := range all {
		if p.Book != name || p.Index != index {
			others = append(others, p)
		}
	}
	return others, err
}

// leastSame is the least length of a text, in characters, by which two entries are taken to say the same.
const leastSame = 6

// Texts are all strings in the values of words.
func Texts(words []byte) (all []string) {
	var v any
	if json.Unmarshal(words, &v) != nil {
		return nil
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for key, one := range v {
				if key != "blob" && key != "salt" && key != "hash" && key != "type" {
					walk(one)
				}
			}
		}
	}
	walk(v)
	return all
}

// LongestText is the longest string in words.
func LongestText(words []byte) (longest string) {
	for _, s := range Texts(words) {
		if len(s) > len(longest) || len(s) == len(longest) && s < longest {
			longest = s
		}
	}
	return longest
}

// naming are the entries whose words hold these bytes, of one member's books.
func naming(ctx context.Context, tx *store.Tx, text []byte, member string) ([]Position, error) {
	rows, err := tx.Query(ctx, `SELECT e.book, e.idx, e.leaf FROM book_entry e JOIN book_head h ON h.book = e.book
		WHERE e.words IS NOT NULL AND `+holds(tx)+` AND h.member = ? ORDER BY e.book, e.idx`, text, member)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (p Position, err error) {
		var leaf []byte
		if err := scan(&p.Book, &p.Index, &leaf); err != nil {
			return p, err
		}
		if len(leaf) == tlog.HashSize {
			p.Leaf = tlog.Hash(leaf)
		}
		return p, nil
	})
}
