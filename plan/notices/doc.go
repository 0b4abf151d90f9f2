// Package notices says what of plans people are to be told: a report that is due soon, late or sent back, filings to review, a part that a lead asks for, a
// supervision slip to sign, to answer or to check, a row or a change that a neighbour asks for, a draft list to comment on.
//
// It asks the questions that my day asks, and makes matters of the answers. A matter names an item, a row or a slip by its id.
package notices
