package node

import (
	"context"
	"fmt"

	"liandong/rules/refuse"
	"liandong/store"
)

// notOlder refuses a database that a newer program has opened, by the numbers of its modules' views: this one would make the view anew without what
// it does not know, and write entries by rules that hold no more. Refused: node.newer-folder.
func (n *Node) notOlder(ctx context.Context, tx *store.Tx) error {
	ours := map[string]int{}
	for _, m := range n.modules {
		ours[m.Name] = m.View
	}
	rows, err := tx.Query(ctx, `SELECT module, view FROM node_view ORDER BY module`)
	if err != nil {
		return fmt.Errorf("newest views: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var module string
		var view int
		if err := rows.Scan(&module, &view); err != nil {
			return fmt.Errorf("newest views: %w", err)
		}
		if known, ok := ours[module]; !ok || known < view {
			return refuse.New("node.newer-folder", "module", module, "ours", known, "stored", view)
		}
	}
	return rows.Err()
}

// notesViews notes the numbers of this program's views.
func (n *Node) notesViews(ctx context.Context, tx *store.Tx) error {
	for _, m := range n.modules {
		_, err := tx.Exec(ctx, `INSERT INTO node_view (module, view) VALUES (?, ?) ON CONFLICT (module) DO UPDATE SET view = excluded.view
			WHERE excluded.view > node_view.view`, m.Name, m.View)
		if err != nil {
			return fmt.Errorf("newest views: %w", err)
		}
	}
	return nil
}
