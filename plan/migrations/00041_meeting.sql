-- +goose Up
-- Meetings and minutes that are being written, which nobody was told of yet.
CREATE TABLE plan_meeting_draft (
	id TEXT PRIMARY KEY,
	sort TEXT NOT NULL,
	body TEXT NOT NULL,
	version BIGINT NOT NULL,
	at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE plan_meeting_draft;
