// Package figure reads, converts and checks the figures of indicators (指标).
//
// Words: a figure (数值) is a decimal with a unit and the words around it that bind it:
// 约200亿元, 20万亩以上, 不低于95%, 增长8%左右. An indicator (指标) is what a figure measures:
// its unit, base, target, direction and whether it counts this period (当期) or from the
// beginning of the year (累计).
//
// Figures are decimals held as strings and never floats. Conversions are exact or refused.
// The package is pure: no clock, no I/O.
package figure
