-- +goose Up
CREATE TABLE plan_search (
	doc BIGINT PRIMARY KEY,
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	plan TEXT NOT NULL,
	section TEXT NOT NULL,
	item TEXT NOT NULL,
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	ord BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_search_id ON plan_search (kind, id);
CREATE INDEX plan_search_plan ON plan_search (plan, section, ord);
CREATE INDEX plan_search_entry ON plan_search (book, idx);
CREATE TABLE plan_search_at (
	book TEXT PRIMARY KEY,
	next BIGINT NOT NULL
);

-- +goose Down
DROP TABLE plan_search_at;
DROP TABLE plan_search;
