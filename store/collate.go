package store

import (
	"bytes"
	"io/fs"
	"regexp"
	"time"
)

var textColumn = regexp.MustCompile(`\bTEXT\b`)

// byBytes makes every text column of a schema compare by its bytes, as SQLite does: PostgreSQL
// would order by the language of whoever made the database, and nodes must order alike.
func (d Dialect) byBytes(schema string) string {
	if d != Postgres {
		return schema
	}
	return textColumn.ReplaceAllString(schema, `TEXT COLLATE "C"`)
}

// migrationsOf are a room's migrations in the engine's own words.
type migrationsOf struct {
	fs.FS
	dialect Dialect
}

// Open reads a migration whole: they are small.
func (m migrationsOf) Open(name string) (fs.File, error) {
	f, err := m.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close()
	text, err := fs.ReadFile(m.FS, name)
	if err != nil {
		return nil, err
	}
	own := []byte(m.dialect.byBytes(string(text)))
	return &migration{Reader: bytes.NewReader(own), info: info, size: int64(len(own))}, nil
}

// migration is one rewritten file.
type migration struct {
	*bytes.Reader
	info fs.FileInfo
	size int64
}

func (m *migration) Stat() (fs.FileInfo, error) { return m, nil }
func (m *migration) Close() error               { return nil }
func (m *migration) Name() string               { return m.info.Name() }
func (m *migration) Size() int64                { return m.size }
func (m *migration) Mode() fs.FileMode          { return m.info.Mode() }
func (m *migration) ModTime() time.Time         { return m.info.ModTime() }
func (m *migration) IsDir() bool                { return false }
func (m *migration) Sys() any                   { return nil }
