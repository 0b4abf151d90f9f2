package plan

import (
	"embed"
	"io/fs"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// drafts are the tables of what is not said yet: files under preview, remembered corrections,
// the text of the next bulletin. No part of the view.
var drafts = must(fs.Sub(migrationFiles, "migrations"))

func must(f fs.FS, err error) fs.FS {
	if err != nil {
		panic(err) // the folder is embedded: only a wrong build comes here
	}
	return f
}
