-- +goose Up
CREATE TABLE exchange_file (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	n BIGINT NOT NULL,
	blob TEXT NOT NULL,
	size BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	next_at BIGINT NOT NULL,
	why TEXT NOT NULL,
	PRIMARY KEY (book, idx, n)
);
CREATE TABLE exchange_file_upto (
	book TEXT PRIMARY KEY,
	size BIGINT NOT NULL
);

-- +goose Down
DROP TABLE exchange_file_upto;
DROP TABLE exchange_file;
