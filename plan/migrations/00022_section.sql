-- +goose Up
CREATE TABLE plan_search_section (
	plan TEXT NOT NULL,
	section TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (plan, section)
);
INSERT INTO plan_search_section (plan, section, n)
SELECT plan, section, count(*) FROM plan_search WHERE section <> '' GROUP BY plan, section;

-- +goose Down
DROP TABLE plan_search_section;
