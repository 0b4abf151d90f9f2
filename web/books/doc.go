// Package books shows people the books: how they stand, what one entry says and how to prove it
// without us, whether everything still adds up, and to the auditor all that was written.
//
// Words: the proof page (凭证) of an entry says in words who said what and when, draws the hashes that
// lead to the signed head, and gives the evidence file (证据); to verify (核验) is to recompute the
// books from their entries.
//
// Kinds belong to rooms above this one, so entries are shown by their JSON: names of kinds and of
// fields stand in the locales under "books.kind." and "books.field.", and whatever has none is shown
// as it is written. Who may read an entry of the own book is decided by a function handed in.
package books
