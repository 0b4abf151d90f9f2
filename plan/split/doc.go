// Package split shows and takes the parts (分工) that the lead of an item asks of its sections, of counties and of supporting units: who
// owes what by when, what came, what was declined and why.
//
// All of it stands in the member's own book. A unit of a neighbour is never asked here: it is asked in a circle's list, and answers in
// its own book.
package split
