-- The index of words is made anew at the next start: it has slips, leaders' words and comments on draft lists too.
-- +goose Up
DROP TABLE IF EXISTS plan_search_terms;
DELETE FROM plan_search;
DELETE FROM plan_search_section;
DELETE FROM plan_search_at;
DELETE FROM plan_search_unread;

-- +goose Down
DELETE FROM plan_search WHERE kind IN ('slip', 'instruction', 'comment');
