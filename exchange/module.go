package exchange

import (
	"embed"
	"io/fs"

	"liandong/node"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Module is what exchange brings to a node: what it has seen of other members' books. No entry of its own.
func Module() node.Module {
	migrations, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return node.Module{Name: "exchange", Migrations: migrations}
}
