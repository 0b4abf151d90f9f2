package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"regexp"

	"liandong/store"
)

// Module is one room of the platform: what it brings to a node.
type Module struct {
	Name  string
	Kinds []AnyKind
	// View is counted up when Check, Apply or Project come to other rows without the tables
	// changing: the view is then made anew at the next start.
	View int

	// Rows is the schema of the tables whose rows belong to one book each; their first column
	// is book. Only Apply writes them.
	Rows string
	// Joint is the schema of the tables that join several books. Only Project writes them.
	Joint string
	// Project brings the joint rows of the touched keys up to date. It is a pure function of
	// the rows of all books; keys are what Apply returned, sorted and each once. May be nil.
	Project func(ctx context.Context, tx *store.Tx, keys []string) error

	// Stands refuses a request whose actor says that he acts for somebody (Actor.For) and may not do so now. One module knows; where none
	// does nobody acts for anybody. May be nil.
	Stands func(ctx context.Context, w *Writing) error

	// Migrations are the module's lasting tables (drafts, accounts): no part of the view, never
	// rebuilt. May be nil.
	Migrations fs.FS
	// Indexes names those of the lasting tables that the module makes anew from the books when
	// they are empty. A backup from one engine to another leaves them out.
	Indexes []string

	// Forget takes out of the lasting tables what the module made from words that are being erased: an index, drafts.
	// It runs in the erasure's transaction. May be nil.
	Forget func(ctx context.Context, tx *store.Tx, f Forgotten) error
	// Scrub makes the bytes of what was forgotten leave the disk, after the commit. May be nil.
	Scrub func(ctx context.Context, s *store.Store) error
}

var createTable = regexp.MustCompile(`(?i)CREATE TABLE (\w+)`)

func tablesOf(schema string) []string {
	var names []string
	for _, m := range createTable.FindAllStringSubmatch(schema, -1) {
		names = append(names, m[1])
	}
	return names
}

// RowTables names the tables whose rows belong to one book each.
func (m Module) RowTables() []string { return tablesOf(m.Rows) }

// JointTables names the tables that join several books.
func (m Module) JointTables() []string { return tablesOf(m.Joint) }

// base is the view that the node itself keeps: which entries were set aside and why, which
// entries are about what, so that the story of a thing is found without reading its books, which
// keys of neighbours' books a book recognises (Own.Recognise), whose words were erased by which
// entry, who confirmed that, and by which key words are sealed for a book's member.
var base = Module{
	Name: "node",
	Rows: `CREATE TABLE node_aside (
		book TEXT NOT NULL,
		idx BIGINT NOT NULL,
		reason TEXT NOT NULL,
		PRIMARY KEY (book, idx)
	);
	CREATE TABLE node_subject (
		book TEXT NOT NULL,
		subject TEXT NOT NULL,
		idx BIGINT NOT NULL,
		PRIMARY KEY (subject, book, idx)
	);
	CREATE TABLE node_key (
		book TEXT NOT NULL,
		origin TEXT NOT NULL,
		verifier TEXT NOT NULL,
		member TEXT NOT NULL,
		until BIGINT NOT NULL,
		idx BIGINT NOT NULL,
		PRIMARY KEY (book, origin, verifier)
	);
	CREATE TABLE node_erased (
		book TEXT NOT NULL,
		idx BIGINT NOT NULL,
		erasure BIGINT NOT NULL,
		PRIMARY KEY (book, idx)
	);
	CREATE TABLE node_gone (
		book TEXT NOT NULL,
		member TEXT NOT NULL,
		erasure BIGINT NOT NULL,
		idx BIGINT NOT NULL,
		at BIGINT NOT NULL,
		PRIMARY KEY (book, member, erasure)
	);
	CREATE TABLE node_seal (
		book TEXT PRIMARY KEY,
		pubkey TEXT NOT NULL,
		idx BIGINT NOT NULL
	);
	CREATE TABLE node_seal_sm2 (
		book TEXT PRIMARY KEY,
		pubkey TEXT NOT NULL,
		idx BIGINT NOT NULL
	);`,
	Kinds: []AnyKind{ClockConfirmed, Resumed, WordsErased, WordsGone},
}

// shape is the state of kinds and tables that a generation of the view was made with.
func shape(modules []Module) string {
	h := sha256.New()
	for _, m := range modules {
		fmt.Fprintf(h, "%s %d\n%s\n%s\n", m.Name, m.View, m.Rows, m.Joint)
		for _, k := range m.Kinds {
			h.Write([]byte(k.KindName() + "\n"))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func viewTables(modules []Module) []string {
	var names []string
	for _, m := range modules {
		names = append(names, m.RowTables()...)
		names = append(names, m.JointTables()...)
	}
	return names
}
