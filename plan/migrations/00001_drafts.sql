-- +goose Up
CREATE TABLE plan_import (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	org TEXT NOT NULL,
	name TEXT NOT NULL,
	blob TEXT NOT NULL,
	options TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE TABLE plan_shape (
	shape TEXT PRIMARY KEY,
	corrections TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE TABLE plan_bulletin_draft (
	month TEXT PRIMARY KEY,
	text TEXT NOT NULL,
	chosen TEXT NOT NULL,
	version BIGINT NOT NULL,
	at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE plan_bulletin_draft;
DROP TABLE plan_shape;
DROP TABLE plan_import;
