package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"liandong/rules/refuse"
	"liandong/web"
)

func init() {
	// What huma itself refuses (types, ranges, unknown fields) must look like our own refusals; it
	// offers no other place for that than its package's variable.
	huma.NewErrorWithContext = func(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
		ctx := context.Background()
		if hc != nil {
			ctx = hc.Context()
		}
		return &problem{Problem: malformed(ctx, status, msg, errs)}
	}
	// The description takes the form of an error from what this one returns.
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return &problem{Problem: malformed(context.Background(), status, msg, errs)}
	}
}

// malformed makes refusals of what huma found, so that title, detail and fields come from the same
// texts as those of a rule, in the language that was asked for.
func malformed(ctx context.Context, status int, msg string, errs []error) web.Problem {
	refusals := []error{refuse.New("api.malformed", "why", web.RefusalText(ctx, whole(status, msg)))}
	for _, err := range errs {
		if err != nil {
			refusals = append(refusals, field(err))
		}
	}
	p := web.ProblemOf(ctx, errors.Join(refusals...))
	if p.Status = status; len(p.Errors) > 0 {
		p.Errors = p.Errors[1:] // the detail says the first
	}
	return p
}

// whole is what is wrong with the call as a whole. The bytes that a body may have stand in huma's
// sentence only.
func whole(status int, msg string) *refuse.Refusal {
	var most int64
	switch {
	case status == http.StatusRequestEntityTooLarge:
		if _, err := fmt.Sscanf(msg, "request body is too large limit=%d bytes", &most); err == nil {
			return refuse.New("api.body.large", "most", most)
		}
	case msg == "request body is required":
		return refuse.New("api.body.none")
	case status == http.StatusBadRequest:
		return refuse.New("api.body.form")
	case status == http.StatusUnsupportedMediaType:
		return refuse.New("api.body.type")
	case status == http.StatusRequestTimeout:
		return refuse.New("api.body.slow")
	case status == http.StatusUnprocessableEntity:
		return refuse.New("api.fields")
	}
	return refuse.New("api.status", "status", strconv.Itoa(status))
}

// field is what is wrong in one place. A field that is missing is named itself, not what it is
// missing in.
func field(err error) *refuse.Refusal {
	said, at := err.Error(), ""
	if d, ok := err.(huma.ErrorDetailer); ok {
		detail := d.ErrorDetail()
		said, at = detail.Message, detail.Location
	}
	at = strings.TrimPrefix(at, "body.")
	for _, s := range sentences {
		found := s.said.FindStringSubmatch(said)
		if found == nil {
			continue
		}
		r := refuse.New(s.code)
		if len(found) > 1 {
			r.Args["a"] = found[1]
		}
		if s.code == "api.value.missing" {
			at = strings.TrimPrefix(at+"."+found[1], "body.")
		}
		return r.At(at)
	}
	return refuse.New("api.value.other").At(at)
}

type sentence struct {
	said *regexp.Regexp
	code string
}

// sentences are huma's, each with the code of our text for it; what stands at a verb is that text's
// argument a. What none of them fits gets a text that leads to the description of the call.
var sentences = []sentence{
	said(validation.MsgExpectedRequiredProperty, "api.value.missing"),
	said("required %s parameter is missing", "api.value.empty"),
	said(validation.MsgUnexpectedProperty, "api.value.unknown"),
	said("unknown query parameter", "api.value.unknown"),
	said("expected at most one value, but received multiple values", "api.value.once"),
	said(validation.MsgExpectedString, "api.value.string"),
	said(validation.MsgExpectedInteger, "api.value.integer"),
	said("invalid integer", "api.value.integer"),
	said(validation.MsgExpectedNumber, "api.value.number"),
	said("invalid floa%s", "api.value.number"),
	said(validation.MsgExpectedBoolean, "api.value.boolean"),
	said("invalid boolean", "api.value.boolean"),
	said(validation.MsgExpectedArray, "api.value.array"),
	said(validation.MsgExpectedObject, "api.value.object"),
	said(validation.MsgExpectedOneOf, "api.value.one-of"),
	said(validation.MsgExpectedMinimumNumber, "api.value.least"),
	said(validation.MsgExpectedMaximumNumber, "api.value.most"),
	said(validation.MsgExpectedMinLength, "api.value.short"),
	said(validation.MsgExpectedMaxLength, "api.value.long"),
	said(validation.MsgExpectedMinItems, "api.value.few"),
	said(validation.MsgExpectedMaxItems, "api.value.many"),
	said(validation.MsgExpectedMatchPattern, "api.value.pattern"),
	said("unexpected end of JSON input", "api.value.cut"),
	said("unexpected EOF", "api.value.cut"),
	said("invalid character %s", "api.value.json"),
}

var verbs = regexp.MustCompile(`%[vsd]`)

func said(pattern, code string) sentence {
	literal := verbs.Split(pattern, -1)
	for i := range literal {
		literal[i] = regexp.QuoteMeta(literal[i])
	}
	return sentence{regexp.MustCompile("(?s)^" + strings.Join(literal, "(.*)") + "$"), code}
}
