// Package slips are the pages of supervision (督办): what the rule proposes, slips as they stand, one slip with its story, the ladder.
//
// Words: a slip (督办单) asks one unit about one matter; a step (等次) of the ladder (督办等次) is a colour with its working days; it is signed
// for (签收), answered (反馈), returned (退回), raised (升级) and closed (销号). Between members it is a request (商请).
package slips
