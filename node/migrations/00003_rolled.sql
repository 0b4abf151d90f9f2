-- +goose Up
CREATE TABLE book_rolled (
	book TEXT NOT NULL,
	verifier TEXT NOT NULL,
	size BIGINT NOT NULL,
	checkpoint BYTEA NOT NULL,
	PRIMARY KEY (book, verifier)
);

-- +goose Down
DROP TABLE book_rolled;
