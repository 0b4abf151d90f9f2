package books

import (
	"context"
	"embed"
	"errors"
	"log/slog"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// MayRead says whether an actor may read an entry of the own book, of a kind that is not region's
// or the node's.
type MayRead func(ctx context.Context, tx *store.Tx, actor node.Actor, e book.Entry) (bool, error)

// NamesIn are the names of what an entry names by id, of kinds that are not region's or the node's:
// a reader knows an item by its title. What has no name is missing, and is shown by its id.
type NamesIn func(ctx context.Context, tx *store.Tx, e book.Entry) (map[string]string, error)

type pages struct {
	node  *node.Node
	may   MayRead
	names NamesIn
	out   Outside
	log   *slog.Logger
	now   verifying

	secure bool // people reach the site by https
}

// Room is the pages, to which the calls belong: a verification is one, whoever asks for it.
type Room struct{ *pages }

// Routes adds the pages of the books.
func Routes(site *web.Site, n *node.Node, may MayRead, names NamesIn, out Outside) *Room {
	p := &pages{node: n, may: may, names: names, out: out, log: site.Log, secure: site.BehindTLS}
	site.Watch(web.Home, p.faulty)
	site.Handle("GET /books/{$}", region.BookRead, p.list)
	site.Handle("GET /books/verify", region.BookVerify, p.verifyPage)
	site.Handle("POST /books/verify", region.BookVerify, p.postVerify)
	site.Handle("GET /proof/{circle}/{index}", region.BookRead, p.proof)
	site.Handle("GET /proof/{circle}/{index}/evidence.json", region.BookRead, p.evidence)
	site.Handle("GET /check", region.Public, checkPage)
	site.Handle("GET /proof/{circle}/{index}/erase", region.WordsErase, p.erasePage)
	site.Handle("POST /proof/{circle}/{index}/erase", region.WordsErase, p.postErase)
	site.Handle("GET /erasures", region.ErasuresRead, p.erasuresPage)
	site.Handle("GET /notes", region.NoteRead, p.notesPage)
	site.Handle("POST /notes", region.NoteSay, p.postNote)
	site.Handle("GET /hearsay", region.HearsayRead, p.hearsayPage)
	site.Handle("POST /hearsay", region.HearsaySay, p.postHearsay)
	site.Handle("POST /hearsay/{circle}/{index}/withdraw", region.HearsaySay, p.postWithdraw)
	site.Handle("POST /hearsay/{member}/{circle}/{index}/answer", region.HearsaySay, p.postAnswer)
	site.Handle("GET /audit", region.AuditRead, p.audit)
	site.Nav(
		web.NavItem{LabelKey: "books.nav", Href: "/books/", Group: "web.nav.books", Action: region.BookRead},
		web.NavItem{LabelKey: "books.notes.nav", Href: "/notes", Group: "web.nav.books", Action: region.NoteRead},
		web.NavItem{LabelKey: "books.hearsay.nav", Href: "/hearsay", Group: "web.nav.books", Action: region.HearsayRead},
		web.NavItem{LabelKey: "books.erasures.nav", Href: "/erasures", Group: "web.nav.books", Action: region.ErasuresRead},
		web.NavItem{LabelKey: "books.audit.nav", Href: "/audit", Action: region.AuditRead},
	)
	return &Room{p}
}

// found makes what is not here, or not for the reader, the page that says both.
func found(err error) error {
	if errors.Is(err, node.ErrNoBook) {
		return web.ErrNotFound
	}
	return err
}
