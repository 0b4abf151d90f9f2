-- +goose Up
ALTER TABLE account_session ADD COLUMN acting TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE account_session DROP COLUMN acting;
