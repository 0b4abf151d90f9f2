-- +goose Up
CREATE TABLE book_forget (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	files TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);

-- +goose Down
DROP TABLE book_forget;
