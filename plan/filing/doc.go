// Package filing is the writing side of reports: a person's day, the form of one report, the grid
// of a unit's reports, the file a unit sends back, and the review.
//
// Words: a duty (待办) is a report that a unit owes; a form (填报表) what is typed for one; a question
// (核对) what is asked about a figure before filing; the queue (审核队列) what was filed and waits for
// an answer.
//
// Everything works without JavaScript; scripts add keys and pasting from a spreadsheet.
package filing
