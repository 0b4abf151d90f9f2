-- +goose Up
CREATE TABLE exchange_seen (
	origin TEXT PRIMARY KEY,
	size BIGINT NOT NULL,
	root BYTEA NOT NULL,
	checkpoint BYTEA NOT NULL,
	at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE exchange_seen;
