// Package making are the pages on which a list is made (清单编制): its rows are written, it is sent for comment, what comes back is decided on row by
// row, and it is issued with number and date.
//
// Words: a list in the making (编制中的清单) is nobody's business yet; a consultation (征求意见) sends it to units and neighbours as it stands; a comment
// (意见) says something of one row or of the whole; a decision (采纳情况) says what becomes of it.
package making
