// Package api serves the calls of /api/v1 on plans: lists, items, reports and their review, links,
// verdicts, bulletins, search and what waits for a seat. Files come in and go out by plan/intake.
//
// Each call ends in the function of plan.Desk that the page ends in, so both refuse alike. The
// shapes here are the outside of the platform: they are written out apart from the types of the
// room, so that a change inside is no change for a script (docs/reference/api.md).
//
// Words: a key (代号) is the short name of a list, "suitong-2022"; an id names a list of any member,
// "510900:suitong-2022". Both stand in addresses.
package api
