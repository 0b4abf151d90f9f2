-- +goose Up
CREATE TABLE notice_pref (
	person TEXT PRIMARY KEY,
	lang TEXT NOT NULL,
	mail TEXT NOT NULL,
	by_mail BIGINT NOT NULL,
	phone TEXT NOT NULL,
	by_sms BIGINT NOT NULL,
	digest_hour BIGINT NOT NULL,
	quiet_from BIGINT NOT NULL,
	quiet_until BIGINT NOT NULL,
	at_once BIGINT NOT NULL
);

CREATE TABLE notice_inbox (
	person TEXT NOT NULL,
	matter TEXT NOT NULL,
	day TEXT NOT NULL,
	org TEXT NOT NULL,
	seat TEXT NOT NULL,
	kind TEXT NOT NULL,
	ref TEXT NOT NULL,
	period TEXT NOT NULL,
	due TEXT NOT NULL,
	href TEXT NOT NULL,
	n BIGINT NOT NULL,
	urgent BIGINT NOT NULL,
	told_at BIGINT NOT NULL,
	read_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,
	PRIMARY KEY (person, matter, day)
);
CREATE INDEX notice_inbox_open ON notice_inbox (ended_at, person, read_at);
CREATE INDEX notice_inbox_person ON notice_inbox (person, told_at);

CREATE TABLE notice_delivery (
	id TEXT PRIMARY KEY,
	recipient TEXT NOT NULL,
	line TEXT NOT NULL,
	day TEXT NOT NULL,
	batch TEXT NOT NULL,
	state TEXT NOT NULL,
	tries BIGINT NOT NULL,
	made_at BIGINT NOT NULL,
	since_at BIGINT NOT NULL,
	next_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL,
	why TEXT NOT NULL,
	UNIQUE (recipient, line, day, batch)
);
CREATE INDEX notice_delivery_next ON notice_delivery (state, line, next_at);
CREATE INDEX notice_delivery_ended ON notice_delivery (ended_at);

CREATE TABLE notice_carried (
	recipient TEXT NOT NULL,
	line TEXT NOT NULL,
	matter TEXT NOT NULL,
	day TEXT NOT NULL,
	delivery TEXT NOT NULL,
	PRIMARY KEY (recipient, line, matter, day)
);
CREATE INDEX notice_carried_delivery ON notice_carried (delivery);

-- +goose Down
DROP TABLE notice_carried;
DROP TABLE notice_delivery;
DROP TABLE notice_inbox;
DROP TABLE notice_pref;
