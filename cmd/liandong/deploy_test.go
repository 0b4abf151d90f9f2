package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/knadh/koanf/parsers/yaml"
)

// fold is the top of the checkout.
const fold = "../../"

func inCheckout(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(fold, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestDeployedCommandsAreOurs: what the units of systemd, the image and the page about them run are commands and settings of this version.
func TestDeployedCommandsAreOurs(t *testing.T) {
	command := regexp.MustCompile(`(?m)(?:^|/usr/local/bin/|-u liandong |liandong" )liandong ((?:init|serve|backup|restore|book verify|plan status)\b[^'|#\n]*)`)
	asked := regexp.MustCompile(`\$\([^)]*\)`) // of the shell
	found := 0
	for _, name := range []string{"deploy/liandong.service", "deploy/liandong-nightly.service", "docs/how-to/run-as-a-service.md"} {
		for _, m := range command.FindAllStringSubmatch(inCheckout(t, name), -1) {
			found++
			k, err := newParser(&terminal{ctx: context.Background(), out: &bytes.Buffer{}, err: &bytes.Buffer{}}, func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			_, err = k.Parse(strings.Fields(asked.ReplaceAllString(m[1], "today")))
			if err != nil && !strings.Contains(err.Error(), "--dir") && !strings.Contains(err.Error(), "no such file") { // the image sets LIANDONG_DIR
				t.Errorf("%s: liandong %s: %v", name, m[1], err)
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d commands were found", found)
	}
	image := inCheckout(t, "deploy/Containerfile")
	settings := inCheckout(t, "docs/reference/settings.md")
	for _, m := range regexp.MustCompile(`LIANDONG_[A-Z_]+`).FindAllString(image, -1) {
		if !strings.Contains(settings, m) {
			t.Errorf("the image sets %s, which is no setting", m)
		}
	}
	goes := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(inCheckout(t, "go.mod"))
	if !strings.Contains(image, "golang:"+goes[1]+"-") {
		t.Errorf("the image is not built with Go %s", goes[1])
	}
}

// TestAlertsNameOurFigures: each rule asks for a figure that this version has, and each figure that the page says to watch has a rule.
func TestAlertsNameOurFigures(t *testing.T) {
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Annotations struct{ Summary, Runbook string }
			}
		}
	}
	raw, page := inCheckout(t, "deploy/alerts.yml"), inCheckout(t, "docs/how-to/alerts.md")
	tree, err := yaml.Parser().Unmarshal([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(tree)
	if err == nil {
		err = json.Unmarshal(asJSON, &rules)
	}
	if err != nil {
		t.Fatal(err)
	}
	made := inCheckout(t, "exchange/figures.go") + inCheckout(t, "web/health.go")
	figure := regexp.MustCompile(`liandong_[a-z_]+`)
	ruled := map[string]bool{}
	for _, r := range rules.Groups[0].Rules {
		for _, f := range figure.FindAllString(r.Expr, -1) {
			f = strings.TrimSuffix(f, "_bucket")
			ruled[f] = true
			if !strings.Contains(made, `"`+f+`"`) {
				t.Errorf("%s asks for %s, which nobody makes", r.Alert, f)
			}
		}
		if _, err := os.Stat(filepath.Join(fold, r.Annotations.Runbook)); err != nil || r.Annotations.Summary == "" {
			t.Errorf("%s does not say what to do: %v", r.Alert, err)
		}
	}
	for _, line := range strings.Split(page, "\n") {
		if f := figure.FindString(line); strings.HasPrefix(line, "| `liandong_") && !ruled[f] {
			t.Errorf("the page says to watch %s, and no rule does", f)
		}
	}
}

// TestUnitsAreValid asks systemd itself, where it is installed.
func TestUnitsAreValid(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd here")
	}
	dir := t.TempDir()
	var units []string
	for _, name := range []string{"liandong.service", "liandong-nightly.service", "liandong-nightly.timer"} {
		unit := strings.ReplaceAll(inCheckout(t, "deploy/"+name), "/usr/local/bin/liandong", "/bin/true") // which is not installed here
		units = append(units, filepath.Join(dir, name))
		if err := os.WriteFile(units[len(units)-1], []byte(unit), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(analyze, append([]string{"verify", "--man=no"}, units...)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), dir) {
		t.Errorf("%v\n%s", err, out)
	}
}
