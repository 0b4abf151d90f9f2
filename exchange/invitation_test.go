package exchange_test

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
)

func invitation(t testing.TB) (exchange.Invitation, book.Key) {
	t.Helper()
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat("500152", 8)))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := region.KeysOf("tongnan.example", key)
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Invitation{
		Member: "500152", Name: "重庆市潼南区", Origin: "tongnan.example", Key: keys.Key, Witness: keys.Witness, Request: keys.Request,
		Address: "https://tongnan.example:8443", Circles: []exchange.InvitedCircle{
			{Circle: "suitong", Name: "遂潼一体化", Members: []string{"500152", "510900"}},
		},
	}, key
}

func text(t testing.TB, i exchange.Invitation, key book.Key) string {
	t.Helper()
	s, err := i.Text(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnInvitationIsRead(t *testing.T) {
	want, key := invitation(t)
	written := text(t, want, key)
	for name, s := range map[string]string{
		"as written":          written,
		"in one line":         strings.ReplaceAll(written, "\n", " "),
		"without breaks":      strings.ReplaceAll(written, "\n", ""),
		"lines of Windows":    strings.ReplaceAll(written, "\n", "\r\n"),
		"quoted":              "> " + strings.ReplaceAll(written, "\n", "\n> "),
		"indented, wide":      strings.ReplaceAll(written, "\n", "\n\u3000\u00a0 "),
		"with hidden marks":   "\ufeff" + strings.ReplaceAll(written, "\n", "\u200b\n"),
		"amid a message":      "王主任您好,邀请如下:\n" + written + "\n请用电话核对指纹。谢谢!",
		"with a Chinese stop": strings.Replace(written, ".\n", "。", 1),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := exchange.ReadInvitation(s)
			if err != nil {
				t.Fatal(err)
			}
			if got.Fingerprint() != want.Fingerprint() || got.Address != want.Address || got.Circles[0].Name != want.Circles[0].Name {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestASlipIsFound(t *testing.T) {
	want, key := invitation(t)
	written := text(t, want, key)
	for name, c := range map[string]struct {
		text, code string
	}{
		"nothing":             {"", "exchange.invitation.absent"},
		"another text":        {"请加入遂潼圈", "exchange.invitation.absent"},
		"cut off":             {written[:len(written)/2], "exchange.invitation.cut"},
		"a foreign letter":    {strings.Replace(written, "\n", "\n*", 2), "exchange.invitation.letter"},
		"a line is missing":   {strings.Join(append(strings.Split(written, "\n")[:3:3], strings.Split(written, "\n")[4:]...), "\n"), "exchange.invitation.damaged"},
		"a letter is another": {swap(written, 200), "exchange.invitation.damaged"},
		"of the signature":    {swap(written, 30), "exchange.invitation.damaged"},
		"endless":             {written + strings.Repeat(" ", 64<<10), "exchange.invitation.long"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exchange.ReadInvitation(c.text); !refuse.Is(err, c.code) {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

// swap puts another letter of the alphabet at a place.
func swap(s string, at int) string {
	letter := "A"
	if s[at] == 'A' {
		letter = "B"
	}
	return s[:at] + letter + s[at+1:]
}

// TestASignedInvitationMustMakeSense: the signature is the writer's own, so it proves nothing of the content.
func TestASignedInvitationMustMakeSense(t *testing.T) {
	for name, c := range map[string]struct {
		change func(i *exchange.Invitation)
		code   string
	}{
		"no code":             {func(i *exchange.Invitation) { i.Member = "潼南" }, "exchange.invitation.damaged"},
		"no name":             {func(i *exchange.Invitation) { i.Name = "" }, "exchange.invitation.damaged"},
		"a name that hides":   {func(i *exchange.Invitation) { i.Name = "潼南\x1b[2J" }, "exchange.invitation.damaged"},
		"a name turned round": {func(i *exchange.Invitation) { i.Name = "潼南\u202e" }, "exchange.invitation.damaged"},
		"no origin":           {func(i *exchange.Invitation) { i.Origin = "a b" }, "exchange.invitation.damaged"},
		"no witness's origin": {func(i *exchange.Invitation) { i.Origin = strings.Repeat("a", 249) }, "exchange.invitation.damaged"},
		"a short key":         {func(i *exchange.Invitation) { i.Witness = "AAAA" }, "exchange.invitation.damaged"},
		"one key twice":       {func(i *exchange.Invitation) { i.Witness = i.Request }, "exchange.invitation.damaged"},
		"a file's address":    {func(i *exchange.Invitation) { i.Address = "file:///etc/passwd" }, "exchange.invitation.address"},
		"a password in it":    {func(i *exchange.Invitation) { i.Address = "https://a:b@tongnan.example" }, "exchange.invitation.address"},
		"a query in it":       {func(i *exchange.Invitation) { i.Address = "https://tongnan.example?x" }, "exchange.invitation.address"},
		"no circle":           {func(i *exchange.Invitation) { i.Circles = nil }, "exchange.invitation.circles"},
		"the own book":        {func(i *exchange.Invitation) { i.Circles[0].Circle = "self" }, "exchange.invitation.circle"},
		"a circle twice":      {func(i *exchange.Invitation) { i.Circles = append(i.Circles, i.Circles[0]) }, "exchange.invitation.circle"},
		"without the inviter": {func(i *exchange.Invitation) { i.Circles[0].Members = []string{"510900", "511500"} }, "exchange.invitation.circle"},
		"a member twice":      {func(i *exchange.Invitation) { i.Circles[0].Members = []string{"500152", "500152"} }, "exchange.invitation.circle"},
	} {
		t.Run(name, func(t *testing.T) {
			i, key := invitation(t)
			c.change(&i)
			if _, err := exchange.ReadInvitation(text(t, i, key)); !refuse.Is(err, c.code) {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

// TestOnlyOneForm: what means the same but is written otherwise is none, as keys twice or out of order.
func TestOnlyOneForm(t *testing.T) {
	i, key := invitation(t)
	written := text(t, i, key)
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimSuffix(strings.Join(strings.Split(written, "\n")[1:], ""), "."))
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"a blank":      strings.Replace(string(raw[64:]), ":", ": ", 1),
		"a key more":   strings.Replace(string(raw[64:]), "{", `{"x":1,`, 1),
		"a key twice":  strings.Replace(string(raw[64:]), "{", `{"member":"510900",`, 1),
		"a key less":   strings.Replace(string(raw[64:]), `"member":"500152",`, "", 1),
		"after it all": string(raw[64:]) + "{}",
	} {
		signature, err := key.Signer("tongnan.example").Sign([]byte("liandong-invitation/1\n" + body))
		if err != nil {
			t.Fatal(err)
		}
		s := "liandong-invitation/1\n" + base64.RawURLEncoding.EncodeToString(append(signature, body...)) + "."
		if got, err := exchange.ReadInvitation(s); err == nil {
			t.Errorf("%s is read: %+v", name, got)
		}
	}
}

func TestFingerprint(t *testing.T) {
	i, _ := invitation(t)
	print := i.Fingerprint()
	if !regexp.MustCompile(`^([0-9]{4} ){4}[0-9]{4}$`).MatchString(print) {
		t.Fatalf("%q", print)
	}
	const want = "0379 2933 6407 3471 2481" // also printed on paper: it may never change
	if print != want {
		t.Errorf("%q, want %q", print, want)
	}
	for name, change := range map[string]func(i *exchange.Invitation){
		"member": func(i *exchange.Invitation) { i.Member = "510900" }, "origin": func(i *exchange.Invitation) { i.Origin = "a.example" },
		"key": func(i *exchange.Invitation) { i.Key = i.Witness }, "witness": func(i *exchange.Invitation) { i.Witness = i.Key },
		"request": func(i *exchange.Invitation) { i.Request = i.Key },
	} {
		other, _ := invitation(t)
		if change(&other); other.Fingerprint() == print {
			t.Errorf("another %s has the same fingerprint", name)
		}
	}
	other, _ := invitation(t)
	other.Address, other.Circles = "", nil
	if other.Fingerprint() != print {
		t.Error("the address changes the fingerprint")
	}
	wide := strings.Map(func(r rune) rune {
		if r == ' ' {
			return '\u3000'
		}
		return r - '0' + '０'
	}, print)
	for typed, want := range map[string]bool{
		print: true, strings.ReplaceAll(print, " ", ""): true, strings.ReplaceAll(print, " ", "-"): true, wide: true,
		"": false, print[:19]: false, print + "1": false, print + "x": false, swapDigit(print): false,
	} {
		if exchange.SameFingerprint(print, typed) != want {
			t.Errorf("%q is the same: %v", typed, !want)
		}
	}
}

func swapDigit(s string) string { return string('0'+('9'-s[0])%10) + s[1:] }

func TestANodeInvites(t *testing.T) {
	g := governs(t, "510900", "suining.example")
	circle := region.Circle{ID: "suitong", Name: "遂潼", Members: []string{"500152", "510900"}}
	i, err := exchange.Invite(g.Node, []region.Circle{circle}, " https://suining.example:8443/ ")
	if err != nil {
		t.Fatal(err)
	}
	got, err := exchange.ReadInvitation(text(t, i, g.SigningKey()))
	if err != nil {
		t.Fatal(err)
	}
	cosigner, err := g.Cosigner()
	if err != nil {
		t.Fatal(err)
	}
	if got.Address != "https://suining.example:8443" || got.Key != region.KeyText(g.PublicKey()) || got.Witness != region.KeyText(cosigner.Public()) {
		t.Errorf("%+v", got)
	}
	if _, err := exchange.Invite(g.Node, []region.Circle{{ID: node.Self, Name: "x", Members: []string{"510900"}}}, ""); err == nil {
		t.Error("into the own book")
	}
}

func FuzzReadInvitation(f *testing.F) {
	i, key := invitation(f)
	written := text(f, i, key)
	for _, s := range []string{written, strings.ReplaceAll(written, "\n", ""), "> " + written, "liandong-invitation/1.", "liandong-invitation/1\n\xff.", written[:300]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := exchange.ReadInvitation(s)
		if err != nil {
			if _, ok := refuse.As(err); !ok {
				t.Errorf("not a refusal: %v", err)
			}
			return
		}
		if len(got.Fingerprint()) != 24 || len(got.Circles) == 0 {
			t.Errorf("%+v", got)
		}
	})
}
