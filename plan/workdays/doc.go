// Package workdays is where a member's calendar of working days (工作日历) is read and entered: pages and calls.
//
// Words: a year's arrangement (放假安排) are its days off and the weekend days that are worked instead (调休); the notices that the program brings
// along are shipped (随软件); what a member enters goes over them from the day on which it is entered. A year of which nothing is known is
// provisional (暂定): its weekdays count. How days are counted is rules/workday's, what is said of them region's (region.calendar.set).
package workdays
