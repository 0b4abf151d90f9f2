-- +goose Up
CREATE TABLE account_record (
	seq BIGINT PRIMARY KEY,
	at BIGINT NOT NULL,
	person TEXT NOT NULL,
	actor TEXT NOT NULL,
	act TEXT NOT NULL,
	way TEXT NOT NULL,
	outcome TEXT NOT NULL,
	address TEXT NOT NULL,
	device TEXT NOT NULL,
	hash TEXT NOT NULL
);
CREATE INDEX account_record_person ON account_record (person, at);
CREATE INDEX account_record_at ON account_record (at);

CREATE TABLE account_chain (
	one BIGINT PRIMARY KEY,
	seq BIGINT NOT NULL,
	hash TEXT NOT NULL,
	cut BIGINT NOT NULL,
	cut_hash TEXT NOT NULL
);
INSERT INTO account_chain (one, seq, hash, cut, cut_hash) VALUES (1, 0, '', 0, '');

-- +goose Down
DROP TABLE account_chain;
DROP TABLE account_record;
