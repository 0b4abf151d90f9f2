// Package amend are the pages on which an issued list is amended (清单调整): its office gives a row another deadline or target with the reason, or
// answers a unit that asks for it.
//
// Words: an amendment (调整) is what was changed of a row and why; an application (调整申请) is what its lead unit asks for; the list's office
// says yes or no (审批).
package amend
