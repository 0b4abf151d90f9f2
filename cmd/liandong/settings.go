package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/v2"
)

// settingsFiles are read when they exist, the later over the earlier.
var settingsFiles = []string{"/etc/liandong/liandong.yaml", "liandong.yaml"}

// fileSettings is a file of settings: its keys are the names of flags that have an environment
// variable. A flag goes before the environment, and that before the file.
type fileSettings struct{ k *koanf.Koanf }

// fromReader hands koanf the bytes of an open file.
type fromReader struct{ io.Reader }

func (r fromReader) ReadBytes() ([]byte, error)    { return io.ReadAll(r.Reader) }
func (r fromReader) Read() (map[string]any, error) { return nil, errors.New("only bytes") }

func readSettings(r io.Reader) (kong.Resolver, error) {
	k := koanf.New(".")
	if err := k.Load(fromReader{r}, yaml.Parser()); err != nil {
		return nil, fmt.Errorf("设置文件读不懂 (the file of settings is not YAML): %w", err)
	}
	return fileSettings{k}, nil
}

// Validate refuses keys that no flag has: a mistyped setting must not pass silently.
func (s fileSettings) Validate(app *kong.Application) error {
	var known []string
	for _, f := range settingsOf(app) {
		known = append(known, f.Name)
	}
	for _, key := range s.k.Keys() {
		if !slices.Contains(known, key) {
			return fmt.Errorf("设置文件中的 %q 不是设置项,可用的有 %s (unknown setting)", key, strings.Join(known, ", "))
		}
	}
	return nil
}

// Resolve answers for a flag that was not given.
func (s fileSettings) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	if len(f.Envs) == 0 || !s.k.Exists(f.Name) {
		return nil, nil
	}
	for _, name := range f.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return nil, nil
		}
	}
	if list := s.k.Strings(f.Name); len(list) > 0 {
		return strings.Join(list, ","), nil
	}
	return s.k.String(f.Name), nil
}

// settingsOf lists the flags that may also stand in the environment or in a file, each once.
func settingsOf(app *kong.Application) []*kong.Flag {
	var all []*kong.Flag
	seen := map[string]bool{"config": true}
	_ = kong.Visit(app, func(n kong.Visitable, next kong.Next) error {
		if f, ok := n.(*kong.Flag); ok && len(f.Envs) > 0 && !seen[f.Name] {
			seen[f.Name] = true
			all = append(all, f)
		}
		return next(nil)
	})
	slices.SortFunc(all, func(a, b *kong.Flag) int { return strings.Compare(a.Name, b.Name) })
	return all
}
