// Package peer reads our books with clients that other teams wrote, as an auditor would who does not trust us:
// Tessera's fsck (as a library and as its command) and the tile reader of the Go checksum database. It is a module
// of its own, so that their many libraries stay out of liandong's.
//
// Tessera's client of the witness protocol has our witness cosign the checkpoints of a log of its own.
//
// The tests make books of several sizes with package book, serve them as plain files, and read them; each reading
// is repeated on tampered copies, which must fail, since a tool that never fails proves nothing (Tessera's command
// exits with 0 even when the log is broken: its words are read).
//
// Its attachments lie in an object store (Versity's gateway), and in sync a client that a generator made from the node's description reports.
//
// A running node is read when these are set:
//
//	LIANDONG_BOOK_URL=http://127.0.0.1:8080/book/suitong/ LIANDONG_BOOK_KEY=$(curl -s …/book/suitong/key) go test ./...
package peer
