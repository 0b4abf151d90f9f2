// Package book (账本) is the log itself: what an entry looks like, how entries add up to a tree,
// how a checkpoint is signed, and how anybody proves afterwards that an entry stands in a book.
//
// Words: a book belongs to one member and one circle and is named by its origin ("suining.example/suitong").
// An entry (记录) is one thing somebody did; its facts stand in the log for ever, its words (正文) lie beside it
// and are bound by a salted hash, so that they can be erased while the proof that they existed stays.
// A checkpoint (签名账头) states size and root of a book; evidence (证据) is one entry with all that is
// needed to check it without us.
//
// Hashes are those of RFC 6962, tiles and paths those of c2sp.org/tlog-tiles, checkpoints those of
// c2sp.org/tlog-checkpoint in signed notes (c2sp.org/signed-note). The entry's format is in docs/reference/entry.md;
// formats of logs are never changed later, so whatever is accepted here is accepted for ever.
//
// The package knows no SQL, no HTTP and no domain.
package book
