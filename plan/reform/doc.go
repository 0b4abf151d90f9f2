// Package reform are the pages on which units are renamed (更名) and merged (撤并) where government is reformed: what a unit was called, whose
// work it does, what it did itself, and before a merge how much of it passes.
package reform
