-- +goose Up
CREATE TABLE account (
	person TEXT PRIMARY KEY,
	login TEXT NOT NULL UNIQUE,
	password TEXT NOT NULL,
	seat TEXT NOT NULL,
	org TEXT NOT NULL,
	changed_at BIGINT NOT NULL
);

CREATE TABLE account_session (
	id TEXT PRIMARY KEY,
	secret TEXT NOT NULL UNIQUE,
	person TEXT NOT NULL,
	seat TEXT NOT NULL,
	org TEXT NOT NULL,
	device TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL
);
CREATE INDEX account_session_person ON account_session (person);

CREATE TABLE account_link (
	secret TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	login TEXT NOT NULL,
	ends_at BIGINT NOT NULL
);

CREATE TABLE account_token (
	id TEXT PRIMARY KEY,
	secret TEXT NOT NULL UNIQUE,
	person TEXT NOT NULL,
	seat TEXT NOT NULL,
	org TEXT NOT NULL,
	name TEXT NOT NULL,
	scopes TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL
);
CREATE INDEX account_token_person ON account_token (person);

CREATE TABLE account_attempt (
	id TEXT PRIMARY KEY,
	fails BIGINT NOT NULL,
	before_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE account_attempt;
DROP TABLE account_token;
DROP TABLE account_link;
DROP TABLE account_session;
DROP TABLE account;
