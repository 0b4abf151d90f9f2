-- +goose Up
ALTER TABLE account_session ADD COLUMN provider BIGINT NOT NULL DEFAULT 0;

CREATE TABLE account_provider (
	issuer TEXT NOT NULL,
	sub TEXT NOT NULL,
	person TEXT NOT NULL,
	name TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	PRIMARY KEY (issuer, sub)
);
CREATE UNIQUE INDEX account_provider_person ON account_provider (issuer, person);

-- +goose Down
DROP TABLE account_provider;
ALTER TABLE account_session DROP COLUMN provider;
