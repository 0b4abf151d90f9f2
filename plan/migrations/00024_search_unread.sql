-- +goose Up
-- Entries of neighbours that the index of words passed before their words came.
CREATE TABLE plan_search_unread (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
INSERT INTO plan_search_unread (book, idx)
SELECT e.book, e.idx FROM book_entry e JOIN plan_search_at a ON a.book = e.book WHERE e.erased = 2 AND e.idx < a.next;

-- +goose Down
DROP TABLE plan_search_unread;
