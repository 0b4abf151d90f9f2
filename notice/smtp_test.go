package notice_test

import (
	"bytes"
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// mailbox is a real mail server on this machine that keeps what it takes.
type mailbox struct {
	t       *testing.T
	Address string
	server  *smtp.Server

	mu   sync.Mutex
	took []taken
	// answer says what becomes of a letter; nil: it is taken.
	answer func(to string) error
	lost   int // so many letters are taken, but the connection breaks before that is said
}

// taken is a letter as it arrived.
type taken struct{ to, subject, id, body string }

// openMailbox starts it; address is empty for a free port, or that of one that was closed.
func openMailbox(t *testing.T, address string) *mailbox {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	m := &mailbox{t: t, Address: l.Addr().String()}
	m.server = smtp.NewServer(m)
	m.server.Domain = "mail.example"
	m.server.ErrorLog = silent{}
	go m.server.Serve(l)
	t.Cleanup(m.Close)
	return m
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

func (m *mailbox) Close() { m.server.Close() }

// letters are what was taken.
func (m *mailbox) letters() []taken {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]taken(nil), m.took...)
}

func (m *mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{box: m, conn: c}, nil
}

type session struct {
	box  *mailbox
	conn *smtp.Conn
	to   string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if s.box.answer != nil {
		return s.box.answer(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		s.box.t.Errorf("a letter that cannot be read: %v\n%s", err, raw)
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		s.box.t.Error(err)
	}
	body := decoded(s.box.t, msg)
	s.box.mu.Lock()
	s.box.took = append(s.box.took, taken{s.to, subject, msg.Header.Get("Message-ID"), body})
	lost := s.box.lost > 0
	if lost {
		s.box.lost--
	}
	s.box.mu.Unlock()
	if lost {
		s.conn.Conn().Close()
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func decoded(t *testing.T, msg *mail.Message) string {
	var r io.Reader = msg.Body
	switch msg.Header.Get("Content-Transfer-Encoding") {
	case "quoted-printable":
		r = quoted(r)
	case "base64":
		r = base64Of(r)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// mailError is an answer of the server, with words that must stand in no log.
func mailError(code int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "no such box: reporter@example.cn"}
}
