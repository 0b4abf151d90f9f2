-- +goose Up
-- Entries of neighbours that were looked at for files before their words came.
CREATE TABLE exchange_file_unread (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);

-- +goose Down
DROP TABLE exchange_file_unread;
