-- +goose Up
CREATE INDEX plan_search_item ON plan_search (item, kind, doc);

-- +goose Down
DROP INDEX plan_search_item;
