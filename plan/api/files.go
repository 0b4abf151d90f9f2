package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/plan"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/api"
)

// FileBody is a file as the body, raw or as the part "file" of a form.
type FileBody struct {
	Type    string `header:"Content-Type" doc:"multipart/form-data with a part file, or anything else for the bytes of the file"`
	Name    string `query:"name" doc:"Name of a file sent as bytes" example:"清单.xlsx"`
	RawBody []byte `contentType:"application/octet-stream"`
}

func (c *calls) files() {
	attach := files(post("attach", "/files", "Send a file that a report, a leader's word or the answer to one will carry", nil, Attached{
		File: "b-6f0c", Name: "现场照片.jpg", Type: "image/jpeg", Size: 184320,
	}), plan.DefaultFileLimit)
	api.Register(c.api, api.Slow(attach), region.AttachmentSend, c.attach)
	read := get("file", "/files/{member}/{circle}/{index}/{n}", "A file that an entry carries, for who may read the entry (附件)", nil)
	read.Responses = api.Binary("application/octet-stream")
	api.Register(c.api, api.Slow(read), region.AttachmentRead, c.openFile)
}

// files makes an operation one that takes a file.
func files(op huma.Operation, most int64) huma.Operation {
	op.MaxBodyBytes = most + 1<<20 // what a form adds around the file
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		"multipart/form-data": {Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"file": {Type: huma.TypeString, Format: "binary"},
		}}},
	}}
	op.SkipValidateBody = true
	op.Errors = append(op.Errors, http.StatusRequestEntityTooLarge)
	return op
}

// content is the file itself with its name.
func (in FileBody) content() (name string, content []byte, err error) {
	kind, params, err := mime.ParseMediaType(in.Type)
	if err != nil || kind != "multipart/form-data" {
		if in.Name == "" {
			return "", nil, refuse.New("api.file-name").At("name")
		}
		return in.Name, in.RawBody, nil
	}
	form := multipart.NewReader(bytes.NewReader(in.RawBody), params["boundary"])
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, refuse.New("api.file-missing").At("file")
		}
		if err != nil {
			return "", nil, refuse.New("api.body.parts").At("file")
		}
		if part.FormName() == "file" && part.FileName() != "" {
			content, err := io.ReadAll(part)
			return part.FileName(), content, err
		}
	}
}

// openFile gives an attachment as it was sent; it is streamed, since it may be large.
func (c *calls) openFile(ctx context.Context, in *struct {
	Member string `path:"member" doc:"Whose entry carries it" example:"510900"`
	Circle string `path:"circle" doc:"Circle of the entry; self: the own book" example:"suitong"`
	Index  int64  `path:"index" doc:"Number of the entry" example:"12"`
	N      int    `path:"n" doc:"Which of its files, from 0"`
},
) (*huma.StreamResponse, error) {
	ref, f, err := c.desk.OpenFile(ctx, web.ActorOf(ctx), in.Member+"/"+in.Circle, in.Index, in.N)
	if errors.Is(err, node.ErrErased) {
		return nil, web.Hide(err)
	}
	if err != nil {
		return nil, absent(err)
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		defer f.Close()
		out.SetHeader("Content-Type", ref.Type)
		out.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": ref.Name}))
		out.SetHeader("X-Content-Type-Options", "nosniff")
		_, _ = io.Copy(out.BodyWriter(), f) // the reader may have gone: that is no trouble of ours
	}}, nil
}

// Attached is a file that waits for what will carry it.
type Attached struct {
	File string `json:"file" doc:"Name it under files of a report, a word or an answer within two days"`
	Name string `json:"name"`
	Type string `json:"type" doc:"As sniffed, never as claimed"`
	Size int64  `json:"size" doc:"Bytes"`
}

func (c *calls) attach(ctx context.Context, in *FileBody) (*api.Answer[Attached], error) {
	name, content, err := in.content()
	if err != nil {
		return nil, err
	}
	ref, err := c.desk.Attach(ctx, web.ActorOf(ctx), name, bytes.NewReader(content), plan.DefaultFileLimit)
	if err != nil {
		return nil, err
	}
	return &api.Answer[Attached]{Body: Attached{File: ref.Blob, Name: ref.Name, Type: ref.Type, Size: ref.Size}}, nil
}
