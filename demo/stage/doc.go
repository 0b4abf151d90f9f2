// Package stage (演示台) lets a visitor of the demonstration do to its nodes what happens to real ones, and see what the
// others notice: a link that is cut, a byte changed in a published entry, another book shown to one neighbour.
//
// Words: a post (节点) is one node of the demonstration in this process; a wire (线路) is what lies between two of them;
// another history (另一份账) is a book under the true key in which one entry stands otherwise.
//
// The exchange knows nothing of all this: the stage stands outside it, where its requests leave (Transport) and arrive
// (Before), and writes into a store what no node would. Whatever is done here is set right by a button, by a new start, or by
// making the demonstration anew.
package stage
