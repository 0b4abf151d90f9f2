// Package letter (公文) writes the documents a plan sends out: the monthly bulletin
// (月度通报) as a .docx in the official format and as an .xlsx with the rows behind it.
//
// It is pure: figures and chosen reports come in, bytes go out. It knows no database, no
// clock and no network, and the same input always gives the same bytes, so that an issued
// file can be named by its hash.
//
// Words: a Document is what is printed, block by block, whatever it is about; a Bulletin is
// the editable draft of one month, whose prose keeps its figures as fields ({{事项数}}) until
// it is filled; a Submission is the one page that is laid before a leader; a Workbook is the same month as sheets.
//
// Source of the page: GB/T 9704-2012 党政机关公文格式. One line (行) and one character (字)
// below are the standard's own units: 22 lines of 28 characters fill the type area (版心).
package letter
