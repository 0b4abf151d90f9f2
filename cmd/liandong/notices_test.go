package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSettingsOfNotices: what cannot work is refused before the node serves, and no error shows the password.
func TestSettingsOfNotices(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("geheim-geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		f    noticeFlags
		want string // in the error; empty: none
		mail bool
	}{
		{"nothing", noticeFlags{}, "", false},
		{"a server", noticeFlags{MailServer: "127.0.0.1:25", MailFrom: "notice@suining.example"}, "", true},
		{"with a password", noticeFlags{MailServer: "127.0.0.1:25", MailFrom: "n@suining.example", MailUser: "n", MailPasswordFile: secret, MailSecurity: "starttls"}, "", true},
		{"a password in the open", noticeFlags{MailServer: "127.0.0.1:25", MailFrom: "n@suining.example", MailUser: "n", MailPasswordFile: secret, MailSecurity: "none"}, "mail-security", false},
		{"a user alone", noticeFlags{MailServer: "127.0.0.1:25", MailFrom: "n@suining.example", MailUser: "n"}, "mail-password-file", false},
		{"no sender", noticeFlags{MailServer: "127.0.0.1:25"}, "sender", false},
		{"no port", noticeFlags{MailServer: "mail", MailFrom: "n@suining.example"}, "host:port", false},
		{"no such file", noticeFlags{MailServer: "127.0.0.1:25", MailFrom: "n@suining.example", MailUser: "n", MailPasswordFile: secret + "x"}, "password", false},
		{"no address", noticeFlags{PublicURL: "javascript:alert(1)"}, "public-url", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, err := c.f.options()
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || (o.Mail != nil) != c.mail {
				t.Errorf("%+v, %v", o, err)
			}
			if err != nil && strings.Contains(err.Error(), "geheim") {
				t.Error("the password is in the error")
			}
		})
	}
}
