// Package bulletin is the page on which the monthly bulletin (月度通报) is written and issued.
//
// Words: the draft (草稿) is text with live figures; a source (来源) is an accepted report that it
// quotes; issuing (印发) freezes files, as-of date, heads of the books and sources; a correction
// (更正) is what was said otherwise after that.
package bulletin
