-- +goose Up
CREATE TABLE plan_upload (
	blob TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	ref TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX plan_upload_at ON plan_upload (at);

-- +goose Down
DROP TABLE plan_upload;
