package notice

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// secretMark begins a secret, as Standard Webhooks has it.
const secretMark = "whsec_"

// postPatience bounds one message: a receiver has nothing to do but to take it.
const postPatience = 15 * time.Second

// poster sends messages over HTTP. It follows no redirect: whoever is sent elsewhere would get what was meant for another.
var poster = &http.Client{
	Timeout: postPatience,
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

// sign is the signature of a message: HMAC-SHA256 over id, time and body (Standard Webhooks 1.0.0).
func sign(secret, id, at string, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretMark))
	if err != nil {
		return "", errors.New("the secret of a receiver cannot be read")
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.", id, at)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// postTo is the carrier to a hook.
func (d *Desk) postTo(h Hook) carrier {
	return func(ctx context.Context, letters []letter, came func(at int, err error)) {
		for i, l := range letters {
			body, contentType, err := d.messageTo(ctx, h, l)
			if err != nil {
				came(i, &failure{why: "the template could not be filled", final: true})
				continue
			}
			f := post(ctx, h, strings.ToLower(l.id), d.now(), body, contentType)
			if f == nil {
				came(i, nil)
				continue
			}
			if came(i, f); f.line || ctx.Err() != nil {
				return
			}
		}
	}
}

// messageTo puts a letter into the form that a hook takes.
func (d *Desk) messageTo(ctx context.Context, h Hook, l letter) (body []byte, contentType string, err error) {
	c := Content{Title: l.title, N: len(l.message.lines) + l.more}
	if h.Kind == SMS {
		c.Phone = l.pref.Phone
	}
	if d.Site != "" {
		c.URL = d.address("/inbox")
	}
	card := plainCard{Type: "notice.told", Timestamp: d.now().UTC().Truncate(time.Second), Data: cardData{Title: l.title, URL: c.URL, More: l.more}}
	var texts []string
	for _, s := range l.message.lines {
		texts = append(texts, s.text)
		m := cardMatter{Kind: s.Kind, Text: s.text, Due: s.Due}
		if d.Site != "" {
			m.URL = d.address(s.Href)
		}
		card.Data.Matters = append(card.Data.Matters, m)
	}
	c.Text = strings.Join(texts, "\n")
	if h.Template != "" {
		return fill(h.Template, c)
	}
	card.Data.Text = c.Text
	body, err = json.Marshal(card)
	return body, "application/json", err
}

// post sends one message and reads the answer.
func post(ctx context.Context, h Hook, id string, now time.Time, body []byte, contentType string) *failure {
	at := strconv.FormatInt(now.Unix(), 10)
	signature, err := sign(h.Secret, id, at, body)
	if err != nil {
		return &failure{why: err.Error(), final: true}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, strings.NewReader(string(body)))
	if err != nil {
		return &failure{why: "the address is not one that can be sent to", final: true}
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", "liandong")
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", at)
	req.Header.Set("webhook-signature", signature)
	answer, err := poster.Do(req)
	if err != nil {
		return &failure{why: "receiver: " + unreached(err), line: true}
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
	if err != nil && answer.StatusCode/100 != 2 {
		said = nil
	}
	return judged(answer, said)
}

// judged is what an answer means. Nothing of what it says is kept: it may repeat what was sent.
func judged(answer *http.Response, said []byte) *failure {
	f := &failure{why: "the receiver answered " + strconv.Itoa(answer.StatusCode)}
	switch code := answer.StatusCode; {
	case code/100 == 2:
		// The robots of 企业微信 and 钉钉 answer 200 to what they do not take, and say so by errcode.
		var robot struct {
			Code int `json:"errcode"`
		}
		if json.Unmarshal(said, &robot) != nil || robot.Code == 0 {
			return nil
		}
		f.why += ", errcode " + strconv.Itoa(robot.Code)
	case code/100 == 3:
		f.why, f.final = f.why+": redirects are not followed", true
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code == http.StatusTooManyRequests, code >= 500:
		f.line = true
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
			f.after = min(time.Duration(seconds)*time.Second, longest)
		}
	default:
		f.final = true
	}
	return f
}

// unreached is why no answer came, without the address, which may hold a key.
func unreached(err error) string {
	var at *url.Error
	if errors.As(err, &at) {
		if at.Timeout() {
			return "no answer in time"
		}
		err = at.Err
	}
	var to *net.OpError
	if errors.As(err, &to) {
		return to.Error()
	}
	return firstCause(err)
}

// TryHook sends a card to a hook at once, so that who sets it up sees whether it arrives; why is empty if it did.
func (d *Desk) TryHook(ctx context.Context, h Hook, text string) (why string, err error) {
	l := letter{id: "try-" + h.ID + "-" + strconv.FormatInt(d.now().UnixMilli(), 36), message: message{title: text, lines: []said{{Matter{Kind: "try", Href: "/inbox"}, text}}}}
	body, contentType, err := d.messageTo(ctx, h, l)
	if err != nil {
		return "", err
	}
	if f := post(ctx, h, l.id, d.now(), body, contentType); f != nil {
		return f.why, nil
	}
	return "", nil
}
