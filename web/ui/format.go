package ui

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"liandong/rules/civil"
	"liandong/web/lang"
)

// Date writes a civil date "2022-06-30" as prose: 2022年6月30日. Anything else comes back as it is.
func Date(ctx context.Context, civil string) string {
	t, err := time.Parse(time.DateOnly, civil)
	if err != nil {
		return civil
	}
	return lang.Pick(ctx, t.Format("2006年1月2日"), t.Format("2 January 2006"))
}

// Clock writes an instant for tables and as-of lines: 2022-06-20 09:00, in Beijing.
func Clock(t time.Time) string { return t.In(civil.Beijing).Format("2006-01-02 15:04") }

// Ago writes an instant relative to the frame's clock within a day, absolute after.
func Ago(ctx context.Context, t time.Time) string {
	d := FrameOf(ctx).Now.Sub(t)
	switch {
	case d < 0 || d >= 24*time.Hour:
		return Clock(t)
	case d < time.Minute:
		return T(ctx, "ui.ago.now")
	case d < time.Hour:
		return T(ctx, "ui.ago.minutes", "n", int(d.Minutes()))
	}
	return T(ctx, "ui.ago.hours", "n", int(d.Hours()))
}

// Number groups the whole part of a decimal by thousands: -1234567.50 becomes -1,234,567.50.
func Number(decimal string) string {
	sign, rest := "", decimal
	if strings.HasPrefix(rest, "-") {
		sign, rest = "-", rest[1:]
	}
	whole, fraction, dotted := strings.Cut(rest, ".")
	if strings.Trim(whole, "0123456789") != "" {
		return decimal
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + fraction
	}
	return sign + whole
}

// Count groups a whole number by thousands.
func Count[N ~int | ~int64](n N) string { return Number(strconv.FormatInt(int64(n), 10)) }

// Percent writes part of whole as "86 %" rounded half up; a whole of 0 is a dash.
func Percent(part, whole int) string {
	if whole == 0 {
		return "—"
	}
	return fmt.Sprintf("%d %%", (200*part+whole)/(2*whole))
}

// With is the address of the same page with parameters changed, given as pairs of name and value; an
// empty value drops the parameter, and the cursor "after" is dropped unless given: the state of a
// page is in its address.
func With(u *url.URL, pairs ...string) string {
	q := u.Query()
	q.Del("after")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return u.Path
	}
	return u.Path + "?" + q.Encode()
}

// Capital begins a word that stands alone with a capital letter; what has none stays.
func Capital(word string) string {
	if word == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}
