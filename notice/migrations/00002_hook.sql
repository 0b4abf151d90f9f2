-- +goose Up
CREATE TABLE notice_hook (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	org TEXT NOT NULL,
	url TEXT NOT NULL,
	secret TEXT NOT NULL,
	template TEXT NOT NULL,
	made_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE notice_hook;
