// Package node ties book, store and modules together: the running liandong of one member.
//
// Words: a request (请求) is what a person or program asks to be written; an act (行为) is the
// code that answers it and says entries; a batch (批) is the requests that share a commit; a
// head (账头) is the size and root of a book; a kind (类别) says how entries of its sort are
// allowed, checked and applied; a module (模块) brings kinds and the tables of the view that
// they add up to; the generation (代) counts how often the view was made anew.
//
// Everything is written by one way: allow, check, append, apply, project, tree and checkpoint
// in one SQL transaction, and the answer goes out after its commit.
package node
