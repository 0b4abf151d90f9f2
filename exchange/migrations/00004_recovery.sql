-- +goose Up
CREATE TABLE exchange_recovery (
	id BIGINT PRIMARY KEY,
	at BIGINT NOT NULL,
	report TEXT NOT NULL
);

-- +goose Down
DROP TABLE exchange_recovery;
