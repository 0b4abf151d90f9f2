package plan

import (
	"context"
	"errors"
	"strings"

	"liandong/node"
	"liandong/store"
)

// saidReport is an accepted report as its row and its item's row are stored.
type saidReport struct {
	words, entry         []byte
	itemWords, itemEntry []byte // as the book of the report has the item; nil where it is not in it
}

// told is what a report says, with the figures that its text does not name: a bulletin, and what differs
// from it later, quotes both.
func (s saidReport) told() (said ReportWords, err error) {
	if said, _, err = words[ReportWords](s.words); err != nil || s.itemEntry == nil {
		return said, err
	}
	item, _, err := words[ItemWords](s.itemWords)
	if err != nil {
		return said, err
	}
	var f AcceptFacts
	var about ItemFacts
	if err := errors.Join(factsOf(s.entry, &f), factsOf(s.itemEntry, &about)); err != nil {
		return said, err
	}
	var lines []IndicatorLine
	for _, k := range about.Indicators {
		lines = append(lines, IndicatorLine{IndicatorFacts: k, Name: item.Indicators[k.ID]})
	}
	said.Progress = withFigures(said.Progress, f.Report.Figures, lines)
	return said, nil
}

// withFigures adds to a text the figures that it does not name: 主墩开始浇筑。 becomes 主墩开始浇筑，完成投资5.54亿元。
func withFigures(text string, figures []FigureFacts, lines []IndicatorLine) string {
	var more []string
	for _, x := range figures {
		for _, k := range lines {
			if k.ID == x.Indicator && k.Name != "" && !strings.Contains(text, x.Value+k.Unit) {
				more = append(more, k.Name+x.Value+k.Unit)
			}
		}
	}
	if len(more) == 0 {
		return text
	}
	own, parts, some := strings.Cut(text, "\n") // parts of other units stand on lines of their own
	if own = strings.TrimRight(own, "。；;，,. "); own != "" {
		own += "，"
	}
	if own += strings.Join(more, "，") + "。"; some {
		own += "\n" + parts
	}
	return own
}

// newerReport finds the newest accepted version of the report that an entry is, if there is one.
func newerReport(ctx context.Context, tx *store.Tx, p node.Position) (c Correction, ok bool, err error) {
	rows, err := tx.Query(ctx, `SELECT a.item, a.org, b.idx, o.words, o.entry, n.words, n.entry, n.leaf, i.words, bi.words, bi.entry
		FROM plan_accepted a
		JOIN plan_accepted b ON b.book = a.book AND b.item = a.item AND b.period = a.period AND b.idx > a.idx
		JOIN book_entry o ON o.book = a.book AND o.idx = a.idx
		JOIN book_entry n ON n.book = b.book AND n.idx = b.idx
		JOIN plan_item_now t ON t.item = a.item JOIN book_entry i ON i.book = t.book AND i.idx = t.idx
		LEFT JOIN plan_item pi ON pi.book = a.book AND pi.item = a.item
		LEFT JOIN book_entry bi ON bi.book = pi.book AND bi.idx = pi.idx
		WHERE a.book = ? AND a.idx = ? ORDER BY b.idx DESC LIMIT 1`, p.Book, p.Index)
	if err != nil {
		return c, false, err
	}
	found, err := store.Collect(rows, func(scan func(...any) error) (c Correction, err error) {
		var then, now saidReport
		var about, leaf []byte
		err = scan(&c.Item, &c.Unit, &c.Position.Index, &then.words, &then.entry, &now.words, &now.entry, &leaf, &about, &now.itemWords, &now.itemEntry)
		if err != nil {
			return c, err
		}
		then.itemWords, then.itemEntry = now.itemWords, now.itemEntry
		c.Position.Book = p.Book
		copy(c.Position.Leaf[:], leaf)
		old, oldErr := then.told()
		fresh, freshErr := now.told()
		item, _, err := words[ItemWords](about)
		c.Then, c.Now, c.Title = old.Progress, fresh.Progress, item.Title
		return c, errors.Join(err, oldErr, freshErr)
	})
	if err != nil || len(found) == 0 {
		return c, false, err
	}
	return found[0], true, nil
}
