// Package instructions are the pages of what leaders say (批示): their words as they stand, one word with its story, the leader's one
// screen, and the paper that is laid before him (呈阅件).
//
// Words: an instruction is a leader's word (批示) to one or more units about an item, a list, or neither, with a day by which it is to be
// answered. He types it himself, or the office enters it from paper with a scan. Each unit signs for it (签收) and answers (回复); an
// answer may be returned (退回重办); the leader or the office closes it (办结). It stays in the member's own book.
package instructions
