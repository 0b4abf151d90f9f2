// Package exchange carries books between members. So far it serves the books of this node over
// HTTP, so that any client of c2sp.org/tlog-tiles reads them unchanged, and speaks the witness's side of
// c2sp.org/tlog-witness; that is mounted once members recognise each other (docs/decisions/0006).
//
// Words: a book is open (公开) when its member lets anyone read it; a reader (读者) of another
// book is let in by the site that the handler is mounted in. The member's own book (内部账) is
// never served.
package exchange
