package plan

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"liandong/node"
	"liandong/store"
)

// leastQuoted is the least length, in bytes, of a text by which a draft is taken to quote it.
const leastQuoted = 12

// forgetWords takes out what this room made from words that are being erased: their place in the index of words, and
// drafts of reports and bulletins that hold a text of them.
func forgetWords(ctx context.Context, tx *store.Tx, f node.Forgotten) error {
	if err := forgetSearch(ctx, tx, f.Book, f.Index); err != nil {
		return err
	}
	var forms []string
	for _, text := range node.Texts(f.Words) {
		if len(text) < leastQuoted {
			continue
		}
		quoted, err := json.Marshal(text)
		if err != nil {
			return err
		}
		forms = append(forms, text, string(quoted[1:len(quoted)-1]), url.QueryEscape(text))
	}
	if len(forms) == 0 {
		return nil
	}
	if err := dropQuoting(ctx, tx, "plan_report_draft", "org", "name", forms); err != nil {
		return err
	}
	return dropQuoting(ctx, tx, "plan_bulletin_draft", "month", "month", forms)
}

// dropQuoting deletes the drafts of a table that hold one of the texts. There are few: one for each form being typed.
func dropQuoting(ctx context.Context, tx *store.Tx, table, key, second string, forms []string) error {
	rows, err := tx.Query(ctx, `SELECT `+key+`, `+second+`, text FROM `+table)
	if err != nil {
		return err
	}
	type draft struct{ key, second, text string }
	all, err := store.Collect(rows, func(scan func(...any) error) (d draft, err error) {
		err = scan(&d.key, &d.second, &d.text)
		return d, err
	})
	if err != nil {
		return err
	}
	for _, d := range all {
		for _, form := range forms {
			if !strings.Contains(d.text, form) {
				continue
			}
			_, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE `+key+` = ? AND `+second+` = ?`, d.key, d.second)
			if err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// forgetSearch takes an entry out of the index of words, where there is one.
func forgetSearch(ctx context.Context, tx *store.Tx, name string, idx int64) error {
	stands, err := searchStands(ctx, tx)
	if err != nil || !stands {
		return err
	}
	docs, err := docsOf(ctx, tx, name, idx)
	if err != nil {
		return err
	}
	return forgetDocs(ctx, tx, docs)
}

// scrubSearch makes the terms of forgotten texts leave the index: SQLite's marks them as gone and keeps them until its
// parts are merged.
func scrubSearch(ctx context.Context, s *store.Store) error {
	if s.Dialect != store.Postgres {
		return mergeSearch(ctx, s)
	}
	tables := []string{"plan_report_draft", "plan_bulletin_draft"}
	err := s.Read(ctx, func(tx *store.Tx) error {
		stands, err := searchStands(ctx, tx)
		if stands { // it is made by the first who serves
			tables = append(tables, "plan_search_terms")
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.Scrub(ctx, tables...)
}
