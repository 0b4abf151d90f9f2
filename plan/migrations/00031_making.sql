-- +goose Up
-- Lists in the making, which nobody was told of yet.
CREATE TABLE plan_making (
	id TEXT PRIMARY KEY,
	title TEXT NOT NULL,
	plan TEXT NOT NULL,
	year BIGINT NOT NULL,
	circle TEXT NOT NULL,
	consultation TEXT NOT NULL,
	rows_made BIGINT NOT NULL,
	at BIGINT NOT NULL
);
CREATE TABLE plan_making_row (
	making TEXT NOT NULL,
	row_id BIGINT NOT NULL,
	ord BIGINT NOT NULL,
	words TEXT NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY (making, row_id)
);

-- +goose Down
DROP TABLE plan_making_row;
DROP TABLE plan_making;
