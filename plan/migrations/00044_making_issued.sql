-- +goose Up
-- What became of lists in the making that were issued: who kept the address is led to the list.
CREATE TABLE plan_making_issued (
	making TEXT PRIMARY KEY,
	plan TEXT NOT NULL
);

-- +goose Down
DROP TABLE plan_making_issued;
