package main

import (
	"liandong/exchange"
	"liandong/node"
	"liandong/notice"
	"liandong/plan"
	"liandong/region"
)

// modules is the one list of what a node is made of. Adding a module adds one line here.
func modules() []node.Module {
	return []node.Module{
		region.Module(),
		plan.Module(),
		exchange.Module(),
		notice.Module(),
	}
}
