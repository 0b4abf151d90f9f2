package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
)

// mostText bounds the values of a form with files together, in bytes.
const mostText = 1 << 20

// ReadForm reads the values of a form, and hands each file of a multipart one to file as it comes: memory holds only the values. What
// asks the request for a value afterwards finds it.
func ReadForm(r *http.Request, file func(*multipart.Part) error) (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		err := r.ParseForm()
		return r.PostForm, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	values := url.Values{}
	for room := int64(mostText); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			if err := file(part); err != nil {
				return nil, err
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, room+1))
		if err != nil {
			return nil, err
		}
		if room -= int64(len(text)); room < 0 {
			return nil, &http.MaxBytesError{Limit: mostText}
		}
		values.Add(part.FormName(), string(text))
	}
	r.Form, r.PostForm = values, values
	return values, nil
}
