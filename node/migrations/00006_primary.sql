-- +goose Up
ALTER TABLE node_state ADD COLUMN server TEXT NOT NULL DEFAULT '';
ALTER TABLE node_state ADD COLUMN answers_copied BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE node_state DROP COLUMN answers_copied;
ALTER TABLE node_state DROP COLUMN server;
