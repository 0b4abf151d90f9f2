-- +goose Up
ALTER TABLE account_session ADD COLUMN second BIGINT NOT NULL DEFAULT 0;

CREATE TABLE account_second (
	person TEXT PRIMARY KEY,
	secret TEXT NOT NULL,
	step BIGINT NOT NULL,
	fails BIGINT NOT NULL,
	since_at BIGINT NOT NULL
);

CREATE TABLE account_recovery (
	person TEXT NOT NULL,
	code TEXT NOT NULL,
	PRIMARY KEY (person, code)
);

CREATE TABLE account_begun (
	secret TEXT PRIMARY KEY,
	way TEXT NOT NULL,
	person TEXT NOT NULL,
	data TEXT NOT NULL,
	ends_at BIGINT NOT NULL
);

CREATE TABLE account_known (
	secret TEXT NOT NULL,
	person TEXT NOT NULL,
	seen_at BIGINT NOT NULL,
	PRIMARY KEY (secret, person)
);

-- +goose Down
DROP TABLE account_known;
DROP TABLE account_begun;
DROP TABLE account_recovery;
DROP TABLE account_second;
ALTER TABLE account_session DROP COLUMN second;
