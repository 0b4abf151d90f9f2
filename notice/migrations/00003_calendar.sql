-- +goose Up
CREATE TABLE notice_calendar (
	secret TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	org TEXT NOT NULL,
	seat TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	UNIQUE (person, org, seat)
);

-- +goose Down
DROP TABLE notice_calendar;
