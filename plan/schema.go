package plan

// rows are the tables whose rows belong to one book each: what its entries say.
// Days are civil dates "2006-01-02", empty where there is none.
const rows = `
CREATE TABLE plan_plan (
	book TEXT NOT NULL,
	plan TEXT NOT NULL,
	circle TEXT NOT NULL,
	year BIGINT NOT NULL,
	cycle TEXT NOT NULL,
	cutoff_day BIGINT NOT NULL,
	ten_day_grace BIGINT NOT NULL,
	open_days BIGINT NOT NULL,
	warn_days BIGINT NOT NULL,
	issued TEXT NOT NULL,
	begun TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, plan)
);
CREATE INDEX plan_plan_id ON plan_plan (plan);
CREATE TABLE plan_listing (
	book TEXT NOT NULL,
	listing TEXT NOT NULL,
	plan TEXT NOT NULL,
	circle TEXT NOT NULL,
	ord BIGINT NOT NULL,
	deadline_kind TEXT NOT NULL,
	deadline TEXT NOT NULL,
	listed TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, listing)
);
CREATE INDEX plan_listing_plan ON plan_listing (plan, ord);
CREATE INDEX plan_listing_id ON plan_listing (listing);
CREATE TABLE plan_dropped (
	book TEXT NOT NULL,
	listing TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, listing)
);
CREATE TABLE plan_pointer (
	book TEXT NOT NULL,
	listing TEXT NOT NULL,
	item TEXT NOT NULL,
	ord BIGINT NOT NULL,
	PRIMARY KEY (book, listing, item)
);
CREATE INDEX plan_pointer_item ON plan_pointer (item);
CREATE INDEX plan_pointer_listing ON plan_pointer (listing);
CREATE TABLE plan_verdict (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	listing TEXT NOT NULL,
	state TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_verdict_listing ON plan_verdict (book, listing, idx);
CREATE TABLE plan_call (
	book TEXT NOT NULL,
	plan TEXT NOT NULL,
	day TEXT NOT NULL,
	called TEXT NOT NULL,
	whole BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, plan, day)
);
CREATE INDEX plan_call_plan ON plan_call (plan, day);
CREATE TABLE plan_call_row (
	book TEXT NOT NULL,
	plan TEXT NOT NULL,
	day TEXT NOT NULL,
	listing TEXT NOT NULL,
	PRIMARY KEY (book, plan, day, listing)
);
CREATE TABLE plan_item (
	book TEXT NOT NULL,
	item TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, item)
);
CREATE INDEX plan_item_id ON plan_item (item);
CREATE TABLE plan_item_unit (
	book TEXT NOT NULL,
	item TEXT NOT NULL,
	org TEXT NOT NULL,
	leads BIGINT NOT NULL,
	ord BIGINT NOT NULL,
	PRIMARY KEY (book, item, org)
);
CREATE INDEX plan_item_unit_org ON plan_item_unit (book, org, leads);
CREATE TABLE plan_milestone (
	book TEXT NOT NULL,
	item TEXT NOT NULL,
	milestone TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, item, milestone)
);
CREATE TABLE plan_indicator (
	book TEXT NOT NULL,
	item TEXT NOT NULL,
	indicator TEXT NOT NULL,
	unit TEXT NOT NULL,
	base TEXT NOT NULL,
	target TEXT NOT NULL,
	direction TEXT NOT NULL,
	mode TEXT NOT NULL,
	decimals BIGINT NOT NULL,
	ord BIGINT NOT NULL,
	PRIMARY KEY (book, item, indicator)
);
CREATE TABLE plan_filed (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	item TEXT NOT NULL,
	period TEXT NOT NULL,
	org TEXT NOT NULL,
	claim TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_filed_item ON plan_filed (item, period, idx);
CREATE TABLE plan_part (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	item TEXT NOT NULL,
	period TEXT NOT NULL,
	org TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_part_item ON plan_part (item, period, org, idx);
CREATE TABLE plan_returned (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	filed BIGINT NOT NULL,
	item TEXT NOT NULL,
	period TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_returned_item ON plan_returned (item, period, idx);
CREATE TABLE plan_accepted (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	circle TEXT NOT NULL,
	item TEXT NOT NULL,
	period TEXT NOT NULL,
	period_last TEXT NOT NULL,
	org TEXT NOT NULL,
	claim TEXT NOT NULL,
	filed TEXT NOT NULL,
	day TEXT NOT NULL,
	done_on TEXT NOT NULL,
	confirmed BIGINT NOT NULL,
	cause BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_accepted_item ON plan_accepted (item, book, period, idx, circle, period_last, day);
CREATE TABLE plan_figure (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	indicator TEXT NOT NULL,
	item TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (book, idx, indicator)
);
CREATE TABLE plan_met (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	item TEXT NOT NULL,
	milestone TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx, milestone)
);
CREATE INDEX plan_met_item ON plan_met (book, item);
CREATE TABLE plan_legend (
	book TEXT NOT NULL,
	plan TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, plan)
);
CREATE TABLE plan_bulletin (
	book TEXT NOT NULL,
	bulletin TEXT NOT NULL,
	month TEXT NOT NULL,
	as_of TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, bulletin)
);
`

// joint are the tables that Project keeps: how each listing and item stands over all days, and
// the sums that a board shows. No row changes when midnight passes: spans hold dates, and a
// count on a day is the sum of the tallies from before it.
//
// A page of a list asks many rows whether it shows them: the key of plan_span and plan_now_found
// answer that by themselves.
const joint = `
CREATE TABLE plan_now (
	listing TEXT PRIMARY KEY,
	book TEXT NOT NULL,
	circle TEXT NOT NULL,
	plan TEXT NOT NULL,
	ord BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	item TEXT NOT NULL,
	items BIGINT NOT NULL,
	lead TEXT NOT NULL,
	cycle TEXT NOT NULL,
	owed_from TEXT NOT NULL,
	owed_until TEXT NOT NULL,
	last_period TEXT NOT NULL,
	last_book TEXT NOT NULL,
	last_idx BIGINT NOT NULL,
	gap TEXT NOT NULL,
	begun TEXT NOT NULL
);
CREATE INDEX plan_now_plan ON plan_now (plan, ord, listing, begun);
CREATE INDEX plan_now_lead ON plan_now (plan, lead, ord, listing, begun);
CREATE INDEX plan_now_found ON plan_now (listing, plan, ord, lead, begun, owed_from, owed_until);
CREATE INDEX plan_now_gap ON plan_now (plan, gap, listing);
CREATE TABLE plan_span (
	listing TEXT NOT NULL,
	seq BIGINT NOT NULL,
	plan TEXT NOT NULL,
	from_day TEXT NOT NULL,
	until_day TEXT NOT NULL,
	fork BIGINT NOT NULL,
	state TEXT NOT NULL,
	code TEXT NOT NULL,
	day TEXT NOT NULL,
	on_day TEXT NOT NULL,
	ref TEXT NOT NULL,
	PRIMARY KEY (listing, from_day, until_day, state)
);
CREATE INDEX plan_span_begun ON plan_span (plan, state, fork, from_day, until_day, listing);
CREATE INDEX plan_span_ended ON plan_span (plan, state, fork, until_day, from_day, listing);
CREATE TABLE plan_filing (
	listing TEXT NOT NULL,
	period TEXT NOT NULL,
	plan TEXT NOT NULL,
	lead TEXT NOT NULL,
	state TEXT NOT NULL,
	on_time BIGINT NOT NULL,
	steps TEXT NOT NULL,
	scopes TEXT NOT NULL,
	PRIMARY KEY (listing, period)
);
CREATE INDEX plan_filing_plan ON plan_filing (plan, period, steps, listing);
CREATE TABLE plan_item_now (
	item TEXT PRIMARY KEY,
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	leads TEXT NOT NULL,
	lists BIGINT NOT NULL,
	cycle TEXT NOT NULL,
	scopes TEXT NOT NULL
);
CREATE TABLE plan_item_owed (
	item TEXT NOT NULL,
	scope TEXT NOT NULL,
	cycle TEXT NOT NULL,
	owed_from TEXT NOT NULL,
	owed_until TEXT NOT NULL,
	PRIMARY KEY (item, scope, owed_from)
);
CREATE TABLE plan_asked (
	owner TEXT NOT NULL,
	scope TEXT NOT NULL,
	day TEXT NOT NULL,
	called TEXT NOT NULL,
	PRIMARY KEY (owner, scope, day)
);
CREATE INDEX plan_asked_day ON plan_asked (day, scope);
CREATE TABLE plan_item_span (
	item TEXT NOT NULL,
	scope TEXT NOT NULL,
	seq BIGINT NOT NULL,
	from_day TEXT NOT NULL,
	until_day TEXT NOT NULL,
	fork BIGINT NOT NULL,
	state TEXT NOT NULL,
	code TEXT NOT NULL,
	day TEXT NOT NULL,
	on_day TEXT NOT NULL,
	ref TEXT NOT NULL,
	PRIMARY KEY (scope, item, seq)
);
CREATE INDEX plan_item_span_begun ON plan_item_span (scope, state, fork, from_day, until_day, item);
CREATE INDEX plan_item_span_ended ON plan_item_span (scope, state, fork, until_day, from_day, item);
CREATE TABLE plan_tally (
	scope TEXT NOT NULL,
	state TEXT NOT NULL,
	from_day TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (scope, state, from_day)
);
CREATE TABLE plan_tally_month (
	scope TEXT NOT NULL,
	state TEXT NOT NULL,
	month TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (scope, state, month)
);
CREATE TABLE plan_filing_tally (
	scope TEXT NOT NULL,
	period TEXT NOT NULL,
	state TEXT NOT NULL,
	on_time BIGINT NOT NULL,
	from_day TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (scope, period, state, on_time, from_day)
);
`
