// Package plan keeps what members promised together and what became of it (the main job).
//
// Words: a plan (工作要点, 重点任务清单) is a year's list with its document and its rhythm of
// reports; a listing (清单事项) is one row of it, in its own wording, with its own deadline; an
// item (事项) is the real piece of work, which exists once and may stand in several lists; a
// report (进展填报) is what the lead unit says of an item for one period (填报期); a part (协办
// 填报) is what a supporting unit adds; the coordinator accepts (采用) or returns (退回) a report;
// a verdict (认定) is his own judgement of how a listing stands; a bulletin (月度通报) is the
// monthly document made from what was accepted.
//
// A unit reports once. What is accepted enters the book of every circle in which the item is
// listed, in one transaction; drafts, filings and returns stay in the member's own book.
package plan
