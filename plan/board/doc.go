// Package board shows plans to those who read: the overview (总览), a list, an item with its story,
// who has not reported, and the search. What a coordinator decides on a list - links, verdicts,
// an item's description - is done from here too.
package board

import (
	"embed"

	"liandong/web/lang"
)

//go:embed locales/*.toml
var locales embed.FS

func init() { lang.Add(locales) }
