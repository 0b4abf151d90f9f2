package plan

import "liandong/store"

// The joint tables, for rows that are inserted many at a time: where nothing old is to be replaced.
var (
	nowTable = store.TableOf("plan_now", "listing", "book", "circle", "plan", "ord", "idx", "item", "items", "lead", "cycle",
		"owed_from", "owed_until", "last_period", "last_book", "last_idx", "gap", "begun")
	spanTable = store.TableOf("plan_span", "listing", "seq", "plan", "from_day", "until_day", "fork", "state",
		"code", "day", "on_day", "ref")
	itemNowTable  = store.TableOf("plan_item_now", "item", "book", "idx", "leads", "lists", "cycle", "scopes")
	itemSpanTable = store.TableOf("plan_item_span", "item", "scope", "seq", "from_day", "until_day", "fork", "state", "code", "day",
		"on_day", "ref")
	itemOwedTable    = store.TableOf("plan_item_owed", "item", "scope", "cycle", "owed_from", "owed_until")
	askedTable       = store.TableOf("plan_asked", "owner", "scope", "day", "called")
	filingTable      = store.TableOf("plan_filing", "listing", "period", "plan", "lead", "state", "on_time", "steps", "scopes")
	waitingTable     = store.TableOf("plan_waiting", "item", "period", "book", "idx", "org", "claim", "day")
	tallyTable       = store.TableOf("plan_tally", "scope", "state", "from_day", "n")
	tallyMonthTable  = store.TableOf("plan_tally_month", "scope", "state", "month", "n")
	filingTallyTable = store.TableOf("plan_filing_tally", "scope", "period", "state", "on_time", "from_day", "n")
)
