-- +goose Up
-- The newest form of each module's view that this database was opened with: an older program leaves it alone.
CREATE TABLE node_view (
	module TEXT PRIMARY KEY,
	view BIGINT NOT NULL
);

-- +goose Down
DROP TABLE node_view;
