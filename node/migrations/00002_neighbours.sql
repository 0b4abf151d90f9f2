-- +goose Up
CREATE TABLE book_cause (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	n BIGINT NOT NULL,
	evidence BYTEA NOT NULL,
	PRIMARY KEY (book, idx, n)
);

-- +goose Down
DROP TABLE book_cause;
