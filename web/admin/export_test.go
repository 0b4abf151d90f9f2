package admin

// ReadUnits is fuzzed: it reads bytes from outside.
var ReadUnits = readUnits
