// Package retention is where an administrator says how long the words of which kinds are kept (保存期限): what is kept now, what would be erased and
// when, before it is saved. The rule is region's (region.retention.set), the erasing node's (EraseOlder).
//
// Words: words (正文) are what people typed; the entry that proves that it was said stays for ever. A kind for which nothing is set is kept for
// ever; what the operator set at the start of the program (--keep-words) holds where no entry says otherwise.
package retention
