// Package judge decides how promised work stands and how the reporting on it stands:
// two questions, never mixed.
//
// Words: a listing (清单事项) is one row of a plan's list and has its own deadline; the work
// state (工作状态) says how the work on it stands, the filing state (填报状态) how the report of
// one period (填报期) stands. A cycle (填报周期) is how often a plan wants to hear. An outlook
// (推演) is the row of spans in which a listing will stand as days pass, if nobody writes
// anything more.
//
// Everything here is a pure function of dates. There is no clock: the as-of date (截至日期) is
// an argument. A state is never to be stored as "the present state"; spans of dates may be,
// because they do not change when midnight passes. The rule, with its reasons, stands in
// docs/reference/status.md.
package judge
