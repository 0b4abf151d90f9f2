package notice_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"liandong/notice"
)

// reference is what docs/reference/webhooks.md says, read as its reader reads it.
type reference struct {
	text                     string
	secret, body, python     string
	id, timestamp, signature string
}

func readReference(t *testing.T) (r reference) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "docs", "reference", "webhooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	r.text = string(raw)
	block := func(lang string) string {
		_, after, found := strings.Cut(r.text, "```"+lang+"\n")
		inside, _, closed := strings.Cut(after, "\n```")
		if !found || !closed {
			t.Fatalf("no %s", lang)
		}
		return inside
	}
	header := func(name string) string {
		found := regexp.MustCompile(`(?m)^webhook-` + name + `: (.+)$`).FindStringSubmatch(r.text)
		if found == nil {
			t.Fatalf("no webhook-%s", name)
		}
		return found[1]
	}
	r.secret, r.body, r.python = block("secret"), block("json"), block("python")
	r.id, r.timestamp, r.signature = header("id"), header("timestamp"), header("signature")
	return r
}

// TestTheWorkedExampleIsSignedAsWeSign: the documented signature is the one that this program makes, and any other byte has another.
func TestTheWorkedExampleIsSignedAsWeSign(t *testing.T) {
	r := readReference(t)
	if got, err := notice.Sign(r.secret, r.id, r.timestamp, []byte(r.body)); err != nil || got != r.signature {
		t.Errorf("%s, %v; the reference says %s", got, err, r.signature)
	}
	if got, _ := notice.Sign(r.secret, r.id, r.timestamp, []byte(r.body+" ")); got == r.signature {
		t.Error("another body has the same signature")
	}
}

// TestTheDocumentedReceiverVerifies runs the receiver of the reference on the example, and on what it must refuse.
func TestTheDocumentedReceiverVerifies(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no Python here")
	}
	r := readReference(t)
	ask, err := json.Marshal(map[string]any{
		"secret": r.secret, "body": r.body,
		"headers": map[string]string{"webhook-id": r.id, "webhook-timestamp": r.timestamp, "webhook-signature": r.signature},
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", r.python+`
import json, sys
a = json.load(sys.stdin)
sent, body = int(a["headers"]["webhook-timestamp"]), a["body"].encode()
at = lambda seconds: lambda: sent + seconds
print(verify(a["secret"], a["headers"], body, at(10)), verify(a["secret"], a["headers"], body + b" ", at(10)), verify(a["secret"], a["headers"], body, at(301)))
`)
	cmd.Stdin = strings.NewReader(string(ask))
	if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "True False False" {
		t.Errorf("%s, %v", out, err)
	}
}

// TestEachFieldOfACardIsDocumented, and the example is a card and has no field that there is not.
func TestEachFieldOfACardIsDocumented(t *testing.T) {
	r := readReference(t)
	for _, field := range jsonFields("", reflect.TypeOf(notice.PlainCard{})) {
		if !strings.Contains(r.text, "| `"+field+"` |") {
			t.Errorf("%s stands nowhere", field)
		}
	}
	var card notice.PlainCard
	d := json.NewDecoder(strings.NewReader(r.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&card); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(card); err != nil || string(again) != r.body {
		t.Errorf("sent it would be %s, %v", again, err)
	}
}

func jsonFields(under string, t reflect.Type) (all []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Type.Kind() == reflect.Slice:
			all = append(all, jsonFields(under+name+"[].", f.Type.Elem())...)
		case f.Type.Kind() == reflect.Struct && f.Type.PkgPath() != "time":
			all = append(all, jsonFields(under+name+".", f.Type)...)
		default:
			all = append(all, under+name)
		}
	}
	return all
}
