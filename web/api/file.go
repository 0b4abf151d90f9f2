package api

import (
	"context"
	"mime"

	"github.com/danielgtaylor/huma/v2"

	"liandong/region"
)

// File is an answer that is saved as a file.
type File struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// FileOf is the file with its name and its type (RFC 6838).
func FileOf(name, contentType string, content []byte) *File {
	return &File{Type: contentType, Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": name}), Body: content}
}

// Binary describes the answer of an operation that gives a file of that type.
func Binary(contentType string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: "The file", Content: map[string]*huma.MediaType{
			contentType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		},
		Headers: map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
}

// RegisterFile adds an operation that gives the file of what {id} in its path names; write gives its name and its bytes.
func RegisterFile(a *API, op huma.Operation, act region.Action, contentType string, write func(ctx context.Context, id string) (name string, content []byte, err error)) {
	op.Responses = Binary(contentType)
	Register(a, op, act, func(ctx context.Context, in *struct {
		ID string `path:"id"`
	},
	) (*File, error) {
		name, content, err := write(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return FileOf(name, contentType, content), nil
	})
}
