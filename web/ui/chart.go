package ui

import (
	"math"
	"strconv"
)

const (
	chartWidth  = 440
	chartHeight = 210
	chartLeft   = 52
	chartTop    = 26
	chartBottom = 26
)

// Chart is one indicator over its periods. Heights are drawn from Height, words are shown as given:
// figures stay decimals, and only the drawing rounds.
type Chart struct {
	Title       string
	Points      []Point
	Whole       bool    // of things that are counted: the scale has whole steps only
	Target      float64 // height of the target; 0 or less: none is drawn
	TargetLabel string
}

// Point is the figure of one period.
type Point struct {
	Label, Value string
	Height       float64
}

type gridLine struct {
	y     float64
	label string
}

type column struct {
	x, y, width, height float64
	label, value        string
}

// top is the end of the scale: the next of 1, 2, 2.5, 5 and 10 times a power of ten over all heights. Of whole things it is 1, or 2, 4, 6 and 10 times
// a power of ten, whose halves are whole.
func (c Chart) top() float64 {
	most := c.Target
	for _, p := range c.Points {
		most = max(most, p.Height)
	}
	if most <= 0 {
		return 1
	}
	steps := []float64{1, 2, 2.5, 5}
	if c.Whole {
		if most <= 1 {
			return 1
		}
		steps = []float64{1, 2, 4, 6}
	}
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, step := range steps {
		if most <= step*power {
			return step * power
		}
	}
	return 10 * power
}

func (c Chart) y(height float64) float64 {
	room := float64(chartHeight - chartTop - chartBottom)
	return chartTop + room*(1-max(height, 0)/c.top())
}

func (c Chart) grid() []gridLine {
	var lines []gridLine
	for i := range 3 {
		v := c.top() * float64(i) / 2
		if c.Whole && v != math.Trunc(v) {
			continue // of one thing at most there is no half
		}
		lines = append(lines, gridLine{c.y(v), Number(strconv.FormatFloat(v, 'f', -1, 64))})
	}
	return lines
}

func (c Chart) columns() []column {
	var out []column
	slot := float64(chartWidth-chartLeft) / float64(max(len(c.Points), 1))
	width := min(slot*0.6, 46)
	for i, p := range c.Points {
		y := c.y(p.Height)
		out = append(out, column{
			x: chartLeft + slot*float64(i) + (slot-width)/2, y: y, width: width,
			height: chartHeight - chartBottom - y, label: p.Label, value: p.Value,
		})
	}
	return out
}

func (c Chart) targetY() (float64, bool) {
	if c.Target <= 0 {
		return 0, false
	}
	return c.y(c.Target), true
}

func px[N int | float64](n N) string {
	return strconv.FormatFloat(float64(n), 'f', 1, 64)
}
