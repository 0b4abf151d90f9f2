-- The index of words is made anew at the next start: it keeps single characters and the beginnings of Latin words.
-- +goose Up
DROP TABLE IF EXISTS plan_search_terms;
DELETE FROM plan_search;
DELETE FROM plan_search_section;
DELETE FROM plan_search_at;
DROP INDEX plan_search_plan;
CREATE INDEX plan_search_plan ON plan_search (plan, section, ord, id);
CREATE INDEX plan_search_listing ON plan_search (doc, plan, section, id) WHERE kind = 'listing';

-- +goose Down
DROP INDEX plan_search_listing;
