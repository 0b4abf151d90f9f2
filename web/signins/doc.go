// Package signins shows the auditor who signed in when, by which way and from where, and what was done with accounts.
//
// Words: the record of sign-ins (登录记录) is account's, and lies in the node's own tables; a line (行) is one act; a seal (封存) is an
// entry of the own book that says how far the record went on a day, so that nothing of it can be changed later unseen.
package signins
