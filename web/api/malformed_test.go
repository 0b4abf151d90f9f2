package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// shapes is an input with every form of field and parameter that our calls have.
type shapes struct {
	Limit int    `query:"limit" minimum:"1" maximum:"500"`
	Must  string `query:"must" required:"true"`
	Body  struct {
		Title string            `json:"title" minLength:"2" maxLength:"4"`
		N     int               `json:"n"`
		F     float64           `json:"f,omitempty"`
		B     bool              `json:"b,omitempty"`
		Cycle string            `json:"cycle,omitempty" enum:"month,quarter"`
		Key   string            `json:"key,omitempty" pattern:"^[a-z]+$"`
		List  []string          `json:"list,omitempty" minItems:"2" maxItems:"3"`
		Map   map[string]string `json:"map,omitempty"`
		Deep  struct {
			Day string `json:"day"`
		} `json:"deep,omitempty"`
	}
}

// TestProblemsSpeakOneLanguage: title, detail and fields are in the language that was asked for,
// also where the call's form is refused before a rule is asked.
func TestProblemsSpeakOneLanguage(t *testing.T) {
	site := web.New(web.Options{Member: "遂宁市", Identify: func(*http.Request) (web.Identity, error) { return reporter, nil }})
	api.Register(api.New(site, "test"), huma.Operation{
		OperationID: "shapes", Method: http.MethodPost, Path: "/shapes", Summary: "Shapes", MaxBodyBytes: 200,
	}, region.ReportFile, func(context.Context, *shapes) (*api.Answer[string], error) { return &api.Answer[string]{}, nil })
	for _, c := range []struct {
		name, query, body string
		status            int
		field, zh, en     string // of the first error
	}{
		{"missing", "must=x", `{"title":"ab"}`, 422, "n", "缺少这个字段", "this field is missing"},
		{"missing below", "must=x", `{"title":"ab","n":1,"deep":{}}`, 422, "deep.day", "缺少这个字段", "this field is missing"},
		{"unknown", "must=x", `{"title":"ab","n":1,"m":1}`, 422, "m", "没有这个字段或参数", "there is no such field or parameter"},
		{"no parameter", "", `{"title":"ab","n":1}`, 422, "query.must", "缺少这个参数", "this parameter is missing"},
		{"parameter no number", "must=x&limit=y", `{"title":"ab","n":1}`, 422, "query.limit", "应为整数", "must be an integer"},
		{"parameter small", "must=x&limit=-1", `{"title":"ab","n":1}`, 422, "query.limit", "不能小于 1", "must not be less than 1"},
		{"parameter large", "must=x&limit=501", `{"title":"ab","n":1}`, 422, "query.limit", "不能大于 500", "must not be more than 500"},
		{"no string", "must=x", `{"title":5,"n":1}`, 422, "title", "应为字符串", "must be a string"},
		{"no integer", "must=x", `{"title":"ab","n":1.5}`, 422, "n", "应为整数", "must be an integer"},
		{"no number", "must=x", `{"title":"ab","n":1,"f":"x"}`, 422, "f", "应为数字", "must be a number"},
		{"no boolean", "must=x", `{"title":"ab","n":1,"b":"x"}`, 422, "b", "应为 true 或 false", "must be true or false"},
		{"no array", "must=x", `{"title":"ab","n":1,"list":"x"}`, 422, "list", "应为数组", "must be an array"},
		{"no object", "must=x", `{"title":"ab","n":1,"map":"x"}`, 422, "map", "应为对象", "must be an object"},
		{"no choice", "must=x", `{"title":"ab","n":1,"cycle":"day"}`, 422, "cycle", "应为其中之一：month, quarter", "must be one of month, quarter"},
		{"short", "must=x", `{"title":"a","n":1}`, 422, "title", "至少 2 个字符", "must have at least 2 characters"},
		{"long", "must=x", `{"title":"abcde","n":1}`, 422, "title", "至多 4 个字符", "must have at most 4 characters"},
		{"few", "must=x", `{"title":"ab","n":1,"list":["a"]}`, 422, "list", "至少 2 项", "must have at least 2 entries"},
		{"many", "must=x", `{"title":"ab","n":1,"list":["a","b","c","d"]}`, 422, "list", "至多 3 项", "must have at most 3 entries"},
		{"pattern", "must=x", `{"title":"ab","n":1,"key":"A"}`, 422, "key", "不符合规定的写法 ^[a-z]+$", "must be written as ^[a-z]+$"},
		{"cut", "must=x", `{`, 400, "body", "JSON 没有写完", "the JSON ends too early"},
		{"no JSON", "must=x", `<xml>`, 400, "body", "不是有效的 JSON", "is no valid JSON"},
		{"no body", "must=x", ``, 400, "", "", ""},
		{"large", "must=x", `{"title":"` + strings.Repeat("a", 300) + `"}`, 413, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for language, text := range map[string]string{"": c.zh, "zh-CN,en;q=0.8": c.zh, "fr, en;q=0.9": c.en} {
				w := call(site.Handler(), "POST", "/api/v1/shapes?"+c.query, c.body, "Authorization", "Bearer t", "Accept-Language", language)
				var p web.Problem
				if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != c.status || p.Status != c.status || p.Code != "api.malformed" || p.Instance == "" {
					t.Fatalf("%d %v: %s", w.Code, err, w.Body)
				}
				said := []string{p.Title, p.Detail}
				if text != "" && (len(p.Errors) == 0 || p.Errors[0] != web.FieldProblem{Field: c.field, Detail: text}) {
					t.Errorf("%q: %+v, want %s at %s", language, p.Errors, text, c.field)
				}
				for _, e := range p.Errors {
					said = append(said, e.Detail)
				}
				for _, s := range said {
					chinese := strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
					if chinese == strings.Contains(language, "fr") || strings.Contains(s, "{") {
						t.Errorf("%q: %s", language, s)
					}
				}
			}
		})
	}
}
