// Package docs holds what the documentation promises about the code.
package docs

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// room is a line of the code map's table.
type room struct {
	name    string
	imports []string
}

var code = regexp.MustCompile("`([a-z/*]+)`")

func rooms(t *testing.T) []room {
	t.Helper()
	text, err := os.ReadFile("explanation/code-map.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []room
	for line := range strings.SplitSeq(string(text), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		r := room{name: code.FindStringSubmatch(cells[1])[1]}
		for _, m := range code.FindAllStringSubmatch(cells[3], -1) {
			r.imports = append(r.imports, m[1])
		}
		if strings.Contains(cells[3], "all above") {
			for _, above := range all {
				r.imports = append(r.imports, above.name)
			}
		}
		all = append(all, r)
	}
	return all
}

// homeOf is the room of a package: the longest name that its path begins with.
func homeOf(all []room, path string) *room {
	var home *room
	for i, r := range all {
		if path == r.name || strings.HasPrefix(path, r.name+"/") {
			if home == nil || len(r.name) > len(home.name) {
				home = &all[i]
			}
		}
	}
	return home
}

func TestRoomsImportOnlyWhatTheMapAllows(t *testing.T) {
	all := rooms(t)
	for _, p := range packages(t) {
		home := homeOf(all, p.name)
		if home == nil {
			t.Errorf("%s is in no room of the code map", p.name)
			continue
		}
		for _, imported := range p.imports {
			to := homeOf(all, imported)
			if to == nil || to == home || home.allows(to.name, all) {
				continue
			}
			t.Errorf("%s (room %s) imports %s (room %s), which the code map does not allow", p.name, home.name, imported, to.name)
		}
	}
}

// allows: named itself, or as one of the pure rooms of plan.
func (r *room) allows(other string, all []room) bool {
	if slices.Contains(r.imports, other) {
		return true
	}
	pure := []string{"plan/judge", "plan/figure", "plan/sheet", "plan/twin", "plan/letter"}
	if slices.Contains(r.imports, "plan/*") && slices.Contains(pure, other) {
		return true
	}
	for _, direct := range r.imports { // what an allowed room may import itself
		for i := range all {
			if all[i].name == direct && direct != r.name && slices.Contains(all[i].imports, other) {
				return true
			}
		}
	}
	return false
}

type pkg struct {
	name    string
	imports []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var one struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		name, ok := strings.CutPrefix(one.ImportPath, "liandong/")
		if !ok || name == "docs" || strings.HasPrefix(name, "internal/") {
			continue
		}
		p := pkg{name: name}
		for _, i := range one.Imports {
			if in, ours := strings.CutPrefix(i, "liandong/"); ours {
				p.imports = append(p.imports, in)
			}
		}
		all = append(all, p)
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// TestLinksLead: every relative link of the documentation leads to a file.
func TestLinksLead(t *testing.T) {
	out, err := exec.Command("git", "ls-files", "-co", "--exclude-standard", "..").Output()
	if err != nil {
		t.Skip("not a git checkout")
	}
	for file := range strings.FieldsSeq(string(out)) {
		if !strings.HasSuffix(file, ".md") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			continue // deleted but not committed
		}
		dir := file[:strings.LastIndex(file, "/")+1]
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(dir + m[1]); err != nil {
				t.Errorf("%s: the link %s leads nowhere", file, m[1])
			}
		}
	}
}
