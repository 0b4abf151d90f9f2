-- +goose Up
CREATE TABLE account_passkey (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	site TEXT NOT NULL,
	name TEXT NOT NULL,
	credential TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL
);
CREATE INDEX account_passkey_person ON account_passkey (person);

-- +goose Down
DROP TABLE account_passkey;
