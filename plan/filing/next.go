package filing

import (
	"regexp"
	"strings"
)

// nextStep is how a line begins that says what comes next, in a cell that holds problems and next steps.
var nextStep = regexp.MustCompile(`^(?:下一?步|下月)[^：:，。；]{0,6}[：:]\s*`)

const nextMark = "下一步："

// withNext puts a problem and a next step into one cell; cutNext takes them apart again.
func withNext(problem, next string) string {
	if next != "" && !nextStep.MatchString(next) {
		next = nextMark + next
	}
	return strings.TrimSpace(problem + "\n" + next)
}

// cutNext takes a cell apart: from the first line that says 下一步： on it is the next step.
func cutNext(cell string) (problem, next string) {
	lines := strings.Split(cell, "\n")
	for i, line := range lines {
		if mark := nextStep.FindString(strings.TrimSpace(line)); mark != "" {
			lines[i] = strings.TrimPrefix(strings.TrimSpace(line), mark)
			return strings.TrimSpace(strings.Join(lines[:i], "\n")), strings.TrimSpace(strings.Join(lines[i:], "\n"))
		}
	}
	return cell, ""
}
