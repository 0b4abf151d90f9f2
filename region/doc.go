// Package region knows who acts: members, circles, organisations, people and their seats.
//
// Words: a member (成员) is a government that takes part; a circle (圈) a set of members that
// act together; an organisation (单位) a department, county or zone of a member; a person (人员)
// an opaque id with a name in words; a seat (席位) what a person may do for one organisation.
// All of it stands in the member's own book, but for a circle, which opens its own book.
package region
