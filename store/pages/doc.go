// Package pages reads the pages of a SQLite file by itself, without SQLite, and finds damage of the
// file: of its header, its trees, its rows' form, its indexes and its free pages. Source: the file
// format, https://www.sqlite.org/fileformat2.html; the sections named here are of that document.
//
// Words: a tree (树) is a table or an index; its leaves hold cells (单元), an interior page holds the
// pages below it; what does not fit into a cell goes on in a chain of overflow pages (溢出页).
//
// Every page of the file must be reached exactly once, every byte of a page's content must belong to one
// thing, rows must stand in order, and an index must hold just the rows of its table. A changed value inside
// a row is not seen here: that is what hashes are for.
package pages
