// Package demo (演示) makes the demonstration: Suining's year 2022 with three task lists, some months of reports, and
// people for every seat; beside it, each with a short list of its own, the nodes of its neighbours Tongnan and Yibin.
//
// Words: the demonstration data (演示数据) is what stands here: subjects from public reports, all
// wordings, figures, dates and persons invented; the demonstration clock (演示时钟) stands at
// 2022-06-20 09:00 in Beijing when the node is made, and runs on from there; a story (经过) is what
// becomes of one item from month to month.
//
// The demonstration is made as an office would make it: list files are written first (they stay
// beside the node for a visitor to try), taken in through an import, and reported on by the units'
// people. The nodes are made side by side, each from what it knows itself; at the end Tongnan reads what Suining's
// joint list asks of it, and all else is read when they are served. The same version makes the same books each time.
package demo
