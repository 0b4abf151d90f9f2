// Package twin finds the same work in two task lists (同一事项): it compares a new row
// with the items there are and proposes likely twins with a score and a reason in words.
//
// Words: a work is cut into terms by an own lexicon of government phrases (lexicon.txt): verbs
// such as 推进 weigh nothing, different words for one thing (社保卡, 社会保障卡) are one term, and
// what the lexicon does not know - mostly names - is cut into bigrams. A term weighs more the
// rarer it is among the items. Topics (kin.txt) tell of words that are not one thing but are said
// of one thing (植树, 造林); grams are the characters themselves and need no lexicon. Figures are
// brought to one form (1.3万人, 13000名) and tell much, together with the same lead unit.
//
// The score is a logistic model over such evidence (model.go), fitted on labelled rows
// (weights.go, by TestFit). What each title says for itself, in no word of the same topic (odd.go), and
// what is done with the thing (acts.txt: planned, built, mended) speak against. One rule is outweighed by no likeness:
// another 期 or 号, another bridge, river or road (object.go), or other
// names among the same words (红江镇污水处理站, 文井镇污水处理站), is another work. Items compete for a
// row and rows for an item (propose.go): what fits clearly less well is shown as weak and says so.
// How well it does, and on what, is told in testdata/README.md.
//
// The package is pure and deterministic: no clock, no randomness, no I/O. An Index is safe for
// concurrent Propose as long as nobody calls Add.
package twin
