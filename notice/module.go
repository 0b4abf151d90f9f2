package notice

import (
	"embed"
	"io/fs"

	"liandong/node"
	"liandong/web/lang"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// Module is what this room brings to a node: lasting tables, and no entry of its own.
func Module() node.Module {
	migrations, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return node.Module{Name: "notice", Migrations: migrations}
}
