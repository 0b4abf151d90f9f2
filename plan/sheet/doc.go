// Package sheet reads a task list (任务清单) as offices write it - a workbook, the tables of a
// document, a text table - into an understood structure, and writes progress back into it.
//
// Words: a source is the file as it came; a grid is its cells as read; a sheet is one table that was
// understood; a row is one task (任务), a field says what a column means. A problem is something a
// person should look at before the list is imported; a refusal says why a file is not read at all.
// A shape (表样) is the layout of the headers: what a person corrected once is remembered for it.
//
// The package is pure: bytes in, structure out. It keeps no copy of what it reads, opens no other
// file, follows no link and evaluates no formula (the cached value is read).
//
// Workbooks are read by a reader of our own (ooxml.go, xlsx.go) because a file comes from outside:
// it counts parts, cells and letters as they stream by and stops at a limit, where a library that
// builds the whole workbook first would already have spent the memory or put a copy on disk.
// Writing back into the office's own layout is done by excelize, on a file that was read first.
package sheet
