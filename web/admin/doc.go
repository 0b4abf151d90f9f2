// Package admin is where an administrator keeps the directory of organisations, opens circles, sees who
// is signed in without seeing who they are, and answers for the clock and for writing on after a
// restore. People and their seats have pages of their own (web/people).
//
// Words: the directory (单位名录) names the organisations that lists may name; a group (单位组) such as
// 各县(市、区)人民政府 stands for several. Every change is an entry in the member's books.
package admin
