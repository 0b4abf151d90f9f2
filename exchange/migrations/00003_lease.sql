-- +goose Up
CREATE TABLE exchange_lease (
	id BIGINT PRIMARY KEY,
	holder TEXT NOT NULL,
	until_ms BIGINT NOT NULL
);

-- +goose Down
DROP TABLE exchange_lease;
