-- +goose Up
CREATE TABLE plan_report_draft (
	org TEXT NOT NULL,
	name TEXT NOT NULL,
	version BIGINT NOT NULL,
	text TEXT NOT NULL,
	person TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (org, name)
);
CREATE INDEX plan_report_draft_at ON plan_report_draft (at);

-- +goose Down
DROP TABLE plan_report_draft;
