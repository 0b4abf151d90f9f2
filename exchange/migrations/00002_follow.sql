-- +goose Up
CREATE TABLE exchange_follow (
	book TEXT PRIMARY KEY,
	reached_at BIGINT NOT NULL,
	grown_at BIGINT NOT NULL,
	head_size BIGINT NOT NULL,
	failed_at BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	why TEXT NOT NULL,
	stopped BIGINT NOT NULL
);
CREATE TABLE exchange_evidence (
	id TEXT PRIMARY KEY,
	book TEXT NOT NULL,
	found_at BIGINT NOT NULL,
	evidence BYTEA NOT NULL
);
CREATE TABLE exchange_cosigned (
	origin TEXT NOT NULL,
	witness TEXT NOT NULL,
	size BIGINT NOT NULL,
	root BYTEA NOT NULL,
	at BIGINT NOT NULL,
	checkpoint BYTEA NOT NULL,
	line BYTEA NOT NULL,
	PRIMARY KEY (origin, witness, size)
);

-- +goose Down
DROP TABLE exchange_cosigned;
DROP TABLE exchange_evidence;
DROP TABLE exchange_follow;
