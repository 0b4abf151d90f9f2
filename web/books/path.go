package books

import (
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
)

// path is how the hash of an entry leads to the root of its book, RFC 6962 section 2.1.1.
type path struct {
	Leaf  string
	Steps []step
	Root  string
}

// step joins what was reached with a neighbour's hash.
type step struct {
	Level    int
	Left     bool // the neighbour stands to the left: older entries
	Sibling  string
	Together string
}

// pathOf walks the inclusion proof and checks that it ends at the root that was signed.
func pathOf(inclusion []tlog.Hash, r book.Report) (path, error) {
	p := path{Leaf: r.Leaf.String(), Root: r.Root.String()}
	at, last, hash := r.Index, r.Size-1, r.Leaf
	for n, sibling := range inclusion {
		s := step{Level: n + 1, Sibling: sibling.String(), Left: at&1 == 1 || at == last}
		if s.Left {
			hash = tlog.NodeHash(sibling, hash)
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		} else {
			hash = tlog.NodeHash(hash, sibling)
		}
		at, last = at>>1, last>>1
		s.Together = hash.String()
		p.Steps = append(p.Steps, s)
	}
	if hash != r.Root {
		return p, fmt.Errorf("the path of entry %d does not end at the signed root", r.Index)
	}
	return p, nil
}

// The drawing: one row for each step, the path in one of two columns, the neighbour in the other.
const (
	rowHeight = 64
	boxWidth  = 190
	boxHeight = 34
	leftX     = 4
	rightX    = 246
	drawWidth = 440
)

// box is a hash in the drawing.
type box struct {
	X, Y  int
	Class string // "own", "other" or "root"
	Text  string
}

// wire leads from a box to the one that it is part of.
type wire struct{ X1, Y1, X2, Y2 int }

type drawing struct {
	Height int
	Boxes  []box
	Wires  []wire
}

// draw lays the path out from the root above to the entry below.
func (p path) draw() drawing {
	d := drawing{Height: (len(p.Steps)+1)*rowHeight + boxHeight - rowHeight + 8}
	middle := (drawWidth - boxWidth) / 2
	ownX := make([]int, len(p.Steps)+1) // of what was reached before each step; the last is the root
	for n, s := range p.Steps {
		ownX[n] = leftX
		if s.Left {
			ownX[n] = rightX
		}
	}
	ownX[len(p.Steps)] = middle
	y := func(level int) int { return 4 + (len(p.Steps)-level)*rowHeight }
	hash, class := p.Leaf, "own"
	for n := 0; n <= len(p.Steps); n++ {
		if n == len(p.Steps) {
			class = "root"
		}
		d.Boxes = append(d.Boxes, box{ownX[n], y(n), class, short(hash)})
		if n == len(p.Steps) {
			break
		}
		s := p.Steps[n]
		otherX := leftX + rightX - ownX[n]
		d.Boxes = append(d.Boxes, box{otherX, y(n), "other", short(s.Sibling)})
		to := ownX[n+1] + boxWidth/2
		for _, x := range []int{ownX[n], otherX} {
			d.Wires = append(d.Wires, wire{x + boxWidth/2, y(n), to, y(n+1) + boxHeight})
		}
		hash = s.Together
	}
	return d
}

func (b box) mid() string    { return px(b.X + boxWidth/2) }
func (b box) middle() string { return px(b.Y + boxHeight/2 + 5) }

func px(n int) string { return strconv.Itoa(n) }
