-- +goose Up
CREATE TABLE node_state (
	id BIGINT PRIMARY KEY,
	generation BIGINT NOT NULL,
	view_schema TEXT NOT NULL,
	reading_since BIGINT NOT NULL,
	reading_why TEXT NOT NULL,
	clock_seen BIGINT NOT NULL
);
INSERT INTO node_state (id, generation, view_schema, reading_since, reading_why, clock_seen)
VALUES (1, 0, '', 0, '', 0);

CREATE TABLE book_head (
	book TEXT PRIMARY KEY,
	member TEXT NOT NULL,
	circle TEXT NOT NULL,
	origin TEXT NOT NULL,
	verifier TEXT NOT NULL,
	size BIGINT NOT NULL,
	root BYTEA NOT NULL,
	last_at BIGINT NOT NULL,
	clock_ok BIGINT NOT NULL,
	checkpoint BYTEA NOT NULL
);

CREATE TABLE book_entry (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	entry BYTEA NOT NULL,
	leaf BYTEA NOT NULL,
	salt BYTEA,
	words BYTEA,
	erased BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (book, idx)
);

CREATE TABLE book_tile (
	book TEXT NOT NULL,
	level BIGINT NOT NULL,
	n BIGINT NOT NULL,
	hashes BYTEA NOT NULL,
	PRIMARY KEY (book, level, n)
);

CREATE TABLE node_request (
	id TEXT PRIMARY KEY,
	print BYTEA NOT NULL,
	receipt TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX node_request_at ON node_request (at);

-- +goose Down
DROP TABLE node_request;
DROP TABLE book_tile;
DROP TABLE book_entry;
DROP TABLE book_head;
DROP TABLE node_state;
