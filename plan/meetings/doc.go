// Package meetings are the pages of meetings and working groups (会议, 专班): an agenda drawn from what is late, disputed or due, the invitation and its
// answers, the minutes with their decisions, and what became of those at the next meeting.
//
// Words: a working group (工作专班) has a convener (召集单位), member units and contacts (联络员); a meeting has points (议题) and is answered (回执); minutes
// (会议纪要) hold decisions (议定事项), and are confirmed (确认) or objected to (异议).
package meetings
