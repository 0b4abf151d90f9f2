// Package notice tells people what waits for them (提醒): on a page of this site, by one letter a day, and over whatever line an office has.
//
// Words: a matter (事项提醒) is something a person is to hear of; it says what it is about by an id and never in words, so that words
// that are erased are told nobody. The inbox (提醒箱) is what a person was told here. A line (线路) leads out of this node: mail, a
// receiver of cards (webhook), a gateway for short messages. A delivery (投递) is one message over one line to one recipient; it is tried
// again until it arrives, and a dead letter (死信) when it cannot. Quiet hours (免打扰时段) hold deliveries back.
//
// Nobody is told twice: a matter stands in a person's inbox once for a day, and is carried over a line once; both are unique keys, filled
// in the transaction that makes the delivery. A process that dies between sending and noting it sends once more, under the same id of the
// message, by which receivers know it. Nothing of this is in a book: what is to be told follows from the books at any time.
package notice
