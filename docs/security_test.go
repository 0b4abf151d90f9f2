package docs

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sorts are how a requirement is met, in the order of the figures at the head of security.md.
var sorts = []string{"test", "setting", "file", "operator", "n.a.", "not yet"}

var (
	securityRow = regexp.MustCompile(`^\| (\d+(?:\.\d+){2,3}(?: [a-g])?) \| (.+) \|$`)
	quoted      = regexp.MustCompile("`([^`]+)`")
	testName    = regexp.MustCompile(`^((?:[a-z]+/)*[a-z]+)\.((?:Test|Fuzz)\w+)$`)
	settingName = regexp.MustCompile(`^--[a-z0-9-]+$`)
	pathName    = regexp.MustCompile(`^(?:[a-z][\w.-]*/)+[\w.-]+$|^[\w-]+\.(?:md|mod|sum)$|^Makefile$`)
	testFunc    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	settingRow  = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| `(--[a-z0-9-]+)")
	numbers     = regexp.MustCompile(`\d+(?:\.\d+){2,3}`)
	howTo       = regexp.MustCompile(`\]\(how-to/[\w-]+\.md\)`)
)

// TestSecurityMap: what the maps of security requirements name is there, each row names what it is
// met by, none stands twice, and the head has the figures of the rows and all that is not met yet.
func TestSecurityMap(t *testing.T) {
	tests, settings := testsByPackage(t), settingsByFlag(t)
	head, err := os.ReadFile("security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, lacks, _ := strings.Cut(string(head), "(not yet)\n")
	lacks, _, _ = strings.Cut(lacks, "\n## ")
	figures := map[string]map[string]int{}
	for page, title := range map[string]string{"security.md": "GB/T 22239-2019 三级", "security-asvs.md": "ASVS 5.0.0, L1 + L2"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		seen, counts := map[string]bool{}, map[string]int{}
		for line := range strings.SplitSeq(string(text), "\n") {
			found, unknown := named(line, tests, settings)
			for _, wrong := range unknown {
				t.Errorf("%s names %s, which is not there: %s", page, wrong, line)
			}
			row := securityRow.FindStringSubmatch(line)
			if row == nil {
				continue
			}
			if seen[row[1]] {
				t.Errorf("%s: %s stands twice", page, row[1])
			}
			seen[row[1]] = true
			cells := strings.Split(row[2], " | ")
			by := cells[max(0, len(cells)-2)]
			counts[by]++
			switch {
			case !slices.Contains(sorts, by):
				t.Errorf("%s: %s is met by %q, which is none of %v", page, row[1], by, sorts)
			case by == "not yet" && !slices.Contains(numbers.FindAllString(lacks, -1), numbers.FindString(row[1])):
				t.Errorf("%s: %s is not met yet, and the list at the head of security.md does not say so", page, row[1])
			case strings.TrimSpace(cells[len(cells)-1]) == "":
				t.Errorf("%s: %s does not say how or why", page, row[1])
			case by == "operator" && !howTo.MatchString(line):
				t.Errorf("%s: %s is the operator's and names no how-to", page, row[1])
			case slices.Contains([]string{"test", "setting", "file"}, by) && found[by] == 0:
				t.Errorf("%s: %s is met by a %s and names none", page, row[1], by)
			}
		}
		figures[title] = counts
	}
	if n := total(figures["ASVS 5.0.0, L1 + L2"]); n != asvsRequirements {
		t.Errorf("%d requirements of ASVS, and levels 1 and 2 have %d", n, asvsRequirements)
	}
	for title, counts := range figures {
		want := "| " + title
		for _, s := range sorts {
			want += fmt.Sprintf(" | %d", counts[s])
		}
		if want += fmt.Sprintf(" | %d |", total(counts)); !strings.Contains(string(head), want+"\n") {
			t.Errorf("the head of security.md should say\n%s", want)
		}
	}
}

// asvsRequirements is how many ASVS 5.0.0 has of level 1 (70) and 2 (183).
const asvsRequirements = 253

func total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// named counts what a line names, by sort, and lists what is named and is not there.
func named(line string, tests map[string]bool, settings map[string]bool) (found map[string]int, unknown []string) {
	found = map[string]int{}
	for _, q := range quoted.FindAllStringSubmatch(line, -1) {
		name, sort, there := q[1], "", false
		switch {
		case testName.MatchString(name):
			sort, there = "test", tests[name]
		case settingName.MatchString(name):
			sort, there = "setting", settings[name] || name == "--sm2" // of init, no setting of the node's
		case pathName.MatchString(name):
			_, err := os.Stat(filepath.Join("..", name))
			sort, there = "file", err == nil
		case securityRow.MatchString(line) && !strings.HasPrefix(name, "/") && !strings.Contains(line, "folder `"+name+"`"):
			unknown = append(unknown, strconv.Quote(name)+" (neither test, setting nor file)")
			continue
		default:
			continue
		}
		if found[sort]++; !there {
			unknown = append(unknown, name)
		}
	}
	return found, unknown
}

// testsByPackage are the names of all tests as the maps write them: web/account.TestSessions.
func testsByPackage(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			if d != nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
				return filepath.SkipDir
			}
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), ".."+string(filepath.Separator)))
		for _, m := range testFunc.FindAllStringSubmatch(string(text), -1) {
			all[dir+"."+m[1]] = true
		}
		return nil
	})
	if err != nil || len(all) < 100 {
		t.Fatalf("only %d tests found: this test looks at nothing (%v)", len(all), err)
	}
	return all
}

// settingsByFlag are the settings of reference/settings.md by their flags.
func settingsByFlag(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("reference/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, m := range settingRow.FindAllStringSubmatch(string(text), -1) {
		all[m[2]] = true
	}
	if len(all) < 5 {
		t.Fatalf("only %v found: this test looks at nothing", slices.Sorted(maps.Keys(all)))
	}
	return all
}

// TestSecurityMapNoticesWhatIsNotThere is the control of TestSecurityMap.
func TestSecurityMapNoticesWhatIsNotThere(t *testing.T) {
	tests, settings := map[string]bool{"web.TestGate": true}, map[string]bool{"--store": true}
	for name, want := range map[string]int{
		"web.TestGate": 0, "web.TestGates": 1, "web/account.TestGate": 1, "--store": 0, "--stores": 1,
		"go.mod": 0, "web/site.go": 0, "web/sites.go": 1, "nothing.md": 1, "a word": 1, "/metrics": 0,
	} {
		if _, unknown := named("| 1.1.1 | 1 | x | test | `"+name+"` |", tests, settings); len(unknown) != want {
			t.Errorf("%s: %v, want %d", name, unknown, want)
		}
	}
}
