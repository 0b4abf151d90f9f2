// Package twin finds the same work in two task lists (同一事项): it compares a new row
// with the items there are and proposes likely twins with a score and a reason in words.
//
// Words: a work is cut into terms by an own lexicon of government phrases: verbs such as 推进
// weigh nothing, different words for one thing (社保卡, 社会保障卡) are one term, and what the
// lexicon does not know - mostly names - is cut into bigrams. A term weighs more the rarer it
// is among the items. Two works are twins when they share weighty terms and when not both of
// them have weighty terms of their own: 遂渝高速 and 成南高速 share 高速, but each keeps a name
// that the other does not have.
//
// The package is pure and deterministic: no clock, no randomness, no I/O. An Index is safe for
// concurrent Propose as long as nobody calls Add.
package twin
