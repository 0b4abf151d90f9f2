package main

import (
	"encoding"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/web/lang"
)

// TestKindsAreDocumented holds docs/reference/kinds.md to the code: what a kind is for stands in its
// comment, its facts and words in their types, who may say it in the permission table, and what its
// Check refuses in the functions that it calls.
func TestKindsAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("# 类别参考 (reference of kinds)\n\n由程序生成:`go test ./cmd/liandong -run Documented -update`。\n\n" +
		"A kind is how entries of one sort are checked and applied. Facts are in the log for ever; words lie beside it and may be erased.\n" +
		"Check decides alike on every node: an entry that it refuses is set aside, whoever wrote it. The form of an entry: [entry.md](entry.md).\n")
	f := startWalk(t).folder
	for _, m := range f.Modules() {
		s := readSource(t, m.Name)
		for _, k := range m.Kinds {
			kindDoc(t, &b, k, s.kinds[k.KindName()], s)
		}
	}
	same(t, "kinds.md", b.String())
}

func kindDoc(t *testing.T, b *strings.Builder, k node.AnyKind, in kindSource, s source) {
	t.Helper()
	if in.doc == "" {
		t.Errorf("%s has no comment", k.KindName())
	}
	v := reflect.ValueOf(k)
	action := region.Action(v.Elem().FieldByName("Action").String())
	var seats []string
	for _, seat := range append(slices.Clone(region.Seats), region.Machine) {
		if region.May(seat, action) {
			seats = append(seats, lang.Text(lang.Zh, "web.seat."+string(seat))+" "+string(seat))
		}
	}
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n- who may say it (`%s`): %s\n", k.KindName(), in.doc, action, strings.Join(seats, ", "))
	said := v.MethodByName("Say").Type().In(2)
	facts, _ := said.FieldByName("Facts")
	words, _ := said.FieldByName("Words")
	fieldsDoc(b, "facts", facts.Type)
	fieldsDoc(b, "words", words.Type.Elem())
	codes := s.refusals(in.check, map[ast.Node]bool{})
	if len(codes) == 0 {
		b.WriteString("- Check refuses nothing but a wrong form\n")
		return
	}
	b.WriteString("- Check refuses:\n")
	for _, c := range codes {
		fmt.Fprintf(b, "  - `%s` %s\n", c, lang.Text(lang.Zh, c, "unsaved", lang.Text(lang.Zh, "web.unsaved")))
	}
}

func fieldsDoc(b *strings.Builder, what string, t reflect.Type) {
	lines := fieldLines("", t)
	if len(lines) == 0 {
		fmt.Fprintf(b, "- %s: none\n", what)
		return
	}
	fmt.Fprintf(b, "- %s: %s\n", what, strings.Join(lines, ", "))
}

// fieldLines names the fields of an object as they stand in JSON: `figures[].value` string.
func fieldLines(under string, t reflect.Type) (lines []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			lines = append(lines, fieldLines(under, f.Type)...)
			continue
		}
		if name == "" {
			name = f.Name
		}
		lines = append(lines, valueLines(under+name, f.Type)...)
	}
	return lines
}

var (
	asText = reflect.TypeFor[encoding.TextMarshaler]()
	asJSON = reflect.TypeFor[json.Marshaler]()
)

func valueLines(path string, t reflect.Type) []string {
	switch {
	case t.Implements(asText), t.Implements(asJSON):
		return []string{"`" + path + "` string"}
	case t.Kind() == reflect.Pointer:
		return valueLines(path, t.Elem())
	case t.Kind() == reflect.Slice:
		return valueLines(path+"[]", t.Elem())
	case t.Kind() == reflect.Map:
		return valueLines(path+"{}", t.Elem())
	case t.Kind() == reflect.Struct:
		return fieldLines(path+".", t)
	case t.Kind() == reflect.String:
		return []string{"`" + path + "` string"}
	case t.Kind() == reflect.Bool:
		return []string{"`" + path + "` boolean"}
	}
	return []string{"`" + path + "` integer"}
}

// source is what a module's folder says of its kinds.
type source struct {
	kinds map[string]kindSource
	funcs map[string][]*ast.FuncDecl // by name; of methods those of facts
}

type kindSource struct {
	doc   string
	check ast.Node // the function or its name; nil: the form alone decides
}

func readSource(t *testing.T, module string) source {
	t.Helper()
	s := source{kinds: map[string]kindSource{}, funcs: map[string][]*ast.FuncDecl{}}
	files, err := filepath.Glob(filepath.Join("..", "..", module, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the folder of %s: %v", module, err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil || factsOwn(d.Recv.List[0].Type) {
					s.funcs[d.Name.Name] = append(s.funcs[d.Name.Name], d)
				}
			case *ast.GenDecl:
				s.kindsIn(d)
			}
		}
	}
	return s
}

// factsOwn says that a method belongs to facts: those of desks and pages are no part of a Check.
func factsOwn(receiver ast.Expr) bool {
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	return strings.HasSuffix(fmt.Sprint(receiver), "Facts")
}

func (s source) kindsIn(d *ast.GenDecl) {
	ast.Inspect(d, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		var name string
		k := kindSource{doc: strings.Join(strings.Fields(d.Doc.Text()), " ")}
		for _, e := range literal.Elts {
			pair, ok := e.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			switch fmt.Sprint(pair.Key) {
			case "Name":
				name = text(pair.Value)
			case "Check":
				k.check = pair.Value
			}
		}
		if kindName.MatchString(name) {
			s.kinds[name] = k
		}
		return true
	})
}

var kindName = regexp.MustCompile(`^[a-z0-9.-]+/[0-9]+$`)

// text is the value of a string literal.
func text(e ast.Node) string {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		if s, err := strconv.Unquote(l.Value); err == nil {
			return s
		}
	}
	return ""
}

// refusals are the codes that stand in a function and in those of its folder that it names.
func (s source) refusals(n ast.Node, seen map[ast.Node]bool) (codes []string) {
	if n == nil || seen[n] {
		return nil
	}
	seen[n] = true
	if name, ok := n.(*ast.Ident); ok { // Check: checkReport
		for _, f := range s.funcs[name.Name] {
			codes = append(codes, s.refusals(f.Body, seen)...)
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if code := text(n); strings.Contains(code, ".") && lang.Has(code) {
				codes = append(codes, code)
			}
		case *ast.CallExpr:
			for _, f := range s.funcs[called(n)] {
				codes = append(codes, s.refusals(f.Body, seen)...)
			}
		}
		return true
	})
	slices.Sort(codes)
	return slices.Compact(codes)
}

// called is the name of a function of the folder, or of a method, that a call calls.
func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
