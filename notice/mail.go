package notice

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// mailLine is the line of letters.
const mailLine = "mail"

// Mail is the mail server by which letters go out.
type Mail struct {
	Server   string // host:port
	From     string // address of the sender
	User     string // empty: the server asks for none
	Password string
	Security string // "starttls", "tls" or "none"
}

// mailPatience bounds how long the server may keep silent; it may be busy, but a round of letters must end before its claim does.
const mailPatience = 20 * time.Second

// client is a client for one round.
func (m *Mail) client() (*mail.Client, error) {
	host, port, err := net.SplitHostPort(m.Server)
	if err != nil {
		return nil, fmt.Errorf("mail server %q is not host:port", m.Server)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("port of the mail server %q", m.Server)
	}
	o := []mail.Option{mail.WithPort(n), mail.WithTimeout(mailPatience), mail.WithoutNoop()}
	switch m.Security {
	case "tls":
		o = append(o, mail.WithSSL())
	case "none":
		o = append(o, mail.WithTLSPolicy(mail.NoTLS))
	default:
		o = append(o, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.User != "" {
		o = append(o, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	return mail.NewClient(host, o...)
}

// Check says what is wrong with the settings.
func (m *Mail) Check() error {
	if err := mail.NewMsg().From(m.From); err != nil {
		return fmt.Errorf("sender %q of notices: %w", m.From, err)
	}
	_, err := m.client()
	return err
}

// carry sends letters over one connection.
func (m *Mail) carry(ctx context.Context, d *Desk, letters []letter, came func(at int, err error)) {
	client, err := m.client()
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	if err != nil {
		came(0, &failure{why: "mail server: " + m.reason(err), line: true})
		return
	}
	defer client.Close() // what was sent is sent, whatever it answers to QUIT
	for i, l := range letters {
		msg, err := m.message(ctx, d, l)
		if err != nil {
			came(i, &failure{why: "the address is not one that mail can be sent to", final: true})
			continue
		}
		f := m.failed(client.Send(msg))
		if f == nil {
			came(i, nil)
			continue
		}
		if came(i, f); f.line || ctx.Err() != nil {
			return
		}
	}
}

func (m *Mail) message(ctx context.Context, d *Desk, l letter) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.FromFormat(d.node.Name, m.From), msg.To(l.pref.Mail)); err != nil {
		return nil, err
	}
	_, host, _ := strings.Cut(m.From, "@")
	msg.SetMessageIDWithValue(strings.ToLower(l.id) + "@" + host) // the same at each try: whoever gets it twice shows it once
	msg.SetDateWithValue(d.now())
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's machine answers it
	msg.Subject(l.title)
	msg.SetBodyString(mail.TypeTextPlain, d.body(ctx, l))
	return msg, nil
}

// failed reads what the client says. What the server answers to an address is this letter's affair; all else is the line's.
func (m *Mail) failed(err error) *failure {
	if err == nil {
		return nil
	}
	var s *mail.SendError
	if !errors.As(err, &s) {
		return &failure{why: "mail server: " + m.reason(err), line: true}
	}
	code := s.ErrorCode()
	if code == 0 || code == 421 { // RFC 5321, 4.2.1: the server closes the channel
		return &failure{why: "mail server: the connection was lost", line: true}
	}
	why := strings.TrimSpace(fmt.Sprintf("the mail server answered %d %s", code, s.EnhancedStatusCode()))
	return &failure{why: why, final: !s.IsTemp() && code >= 500}
}

// reason is an error of the connection without what the server says in words, which may repeat an address.
func (m *Mail) reason(err error) string {
	var to *net.OpError
	var said *textproto.Error
	switch {
	case errors.As(err, &said):
		return fmt.Sprintf("it answered %d", said.Code)
	case errors.As(err, &to):
		return to.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	}
	return "the connection could not be made: " + firstCause(err)
}

// firstCause is the innermost error: what the layers around it add may repeat what was sent.
func firstCause(err error) string {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err.Error()
}
