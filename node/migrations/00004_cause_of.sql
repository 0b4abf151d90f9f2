-- +goose Up
ALTER TABLE book_cause ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE book_cause ADD COLUMN of_idx BIGINT NOT NULL DEFAULT 0;
CREATE INDEX book_cause_of ON book_cause (origin, of_idx);

-- +goose Down
DROP INDEX book_cause_of;
ALTER TABLE book_cause DROP COLUMN of_idx;
ALTER TABLE book_cause DROP COLUMN origin;
