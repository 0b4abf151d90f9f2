package plan

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"liandong/node"
	"liandong/plan/letter"
	"liandong/plan/sheet"
	"liandong/rules/refuse"
	"liandong/store"
)

// DefaultFileLimit is how large one attachment may be, in bytes.
const DefaultFileLimit int64 = 20 << 20

// uploadLife is how long a file that was never filed is kept for a form that is still open.
const uploadLife = 48 * time.Hour

// Attach stores an attachment before it is filed: streamed to the folder, of at most limit bytes,
// its type sniffed, bound by a salted hash. File, FilePart or a sweep after two days end its time
// as a draft. A mark of secrecy (密级标志) is looked for in what plan/sheet reads, before a byte of it
// is stored. Refused: plan.file-too-large, plan.file-empty, plan.file-secret.
func (d *Desk) Attach(ctx context.Context, actor node.Actor, name string, r io.Reader, limit int64) (FileRef, error) {
	f := FileRef{Name: plainName(name)}
	r, err := unmarked(ctx, f.Name, r, limit)
	if err != nil {
		return f, err
	}
	head := &firstBytes{}
	kept, err := d.node.Blobs.Put(io.TeeReader(r, head), limit)
	if errors.Is(err, node.ErrTooLarge) {
		return f, tooLarge(f.Name, limit)
	}
	if err != nil {
		return f, err
	}
	if kept.Size == 0 {
		return f, errors.Join(refuse.New("plan.file-empty", "name", f.Name).At("files"), d.node.Blobs.Delete(kept.Name))
	}
	f = fileRef(kept, f.Name, sniff(head.Bytes(), f.Name))
	ref, err := json.Marshal(f)
	if err != nil {
		return f, err
	}
	err = d.node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO plan_upload (blob, person, ref, at) VALUES (?, ?, ?, ?)`,
			f.Blob, actor.Person, string(ref), d.node.Now().UnixMilli())
		return err
	})
	return f, err
}

func tooLarge(name string, limit int64) error {
	return refuse.New("plan.file-too-large", "name", name, "most", limit>>20).At("files")
}

// unmarked gives back what it read of a file, unless that bears a mark of secrecy. Only tables and
// documents that can be looked into are taken into memory; a photo goes on as a stream.
func unmarked(ctx context.Context, name string, r io.Reader, limit int64) (io.Reader, error) {
	secret := sheet.MarkedName(name)
	if !secret && sheet.Readable(name) {
		content, err := io.ReadAll(io.LimitReader(r, limit+1))
		if err != nil {
			return nil, err
		}
		if int64(len(content)) > limit {
			return nil, tooLarge(name, limit)
		}
		data := bytes.NewReader(content)
		if secret, err = sheet.Marked(ctx, sheet.Source{Name: name, Data: data, Size: data.Size()}); err != nil {
			return nil, err
		}
		r = data
	}
	if secret {
		return nil, refuse.New("plan.file-secret", "name", name).At("files")
	}
	return r, nil
}

// firstBytes keeps what sniffing needs.
type firstBytes struct{ bytes.Buffer }

func (b *firstBytes) Write(p []byte) (int, error) {
	if room := 512 - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// office types are zip files; which one, only the name says. What it is not is never executed.
var office = map[string]string{
	".docx": letter.DocxType,
	".xlsx": letter.XlsxType,
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

func sniff(head []byte, name string) string {
	kind := http.DetectContentType(head)
	ext := strings.ToLower(path.Ext(name))
	if kind == "application/zip" && office[ext] != "" {
		return office[ext]
	}
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) {
		return "application/x-ole-storage" // .doc and .xls of old
	}
	return kind
}

// plainName is a file name without folders, controls and what turns texts around.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`"/\`, r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:60]) + "…" + string(runes[len(runes)-50:])
	}
	if strings.Trim(name, ". ") == "" {
		return "附件"
	}
	return name
}

// Uploaded finds attachments of a person that are not filed yet, by name of the blob: a form that
// is shown again keeps them.
func (d *Desk) Uploaded(ctx context.Context, person string, blobs []string) (all []FileRef, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		for _, b := range blobs {
			var raw string
			err := tx.Row(ctx, `SELECT ref FROM plan_upload WHERE blob = ? AND person = ?`, b, person).Scan(&raw)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			var f FileRef
			if err := errors.Join(err, json.Unmarshal([]byte(raw), &f)); err != nil {
				return fmt.Errorf("attachment not filed: %w", err)
			}
			all = append(all, f)
		}
		return nil
	})
	return all, err
}

// used ends the time of attachments as drafts. A file must be the person's own upload, or lie with
// an earlier report of the item: nobody takes a file along that he never had.
func (d *Desk) used(ctx context.Context, w *node.Writing, item string, files []FileRef) error {
	for _, f := range files {
		n, err := w.Tx().Exec(ctx, `DELETE FROM plan_upload WHERE blob = ? AND person = ?`, f.Blob, w.Actor.Person)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		had, err := d.hadFile(ctx, w.Tx(), item, f.Blob)
		if err != nil {
			return err
		}
		if !had {
			return refuse.New("plan.file-gone", "name", f.Name).At("files")
		}
	}
	return nil
}

func (d *Desk) hadFile(ctx context.Context, tx *store.Tx, item, blob string) (bool, error) {
	self := d.node.BookName(node.Self)
	rows, err := tx.Query(ctx, `SELECT e.words FROM (SELECT idx FROM plan_filed WHERE book = ? AND item = ?
		UNION SELECT idx FROM plan_part WHERE book = ? AND item = ?
		UNION SELECT idx FROM plan_submitted WHERE book = ? AND item = ?
		UNION SELECT r.idx FROM plan_share s JOIN plan_share_report r ON r.book = s.book AND r.share = s.share WHERE s.book = ? AND s.item = ?) x
		JOIN book_entry e ON e.book = ? AND e.idx = x.idx`, self, item, self, item, self, item, self, item, self)
	if err != nil {
		return false, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (w ReportWords, err error) {
		var raw []byte
		if err = scan(&raw); err == nil {
			w, _, err = words[ReportWords](raw)
		}
		return w, err
	})
	return slices.ContainsFunc(all, func(w ReportWords) bool {
		return slices.ContainsFunc(w.Files, func(f FileRef) bool { return f.Blob == blob })
	}), err
}

// SweepUploads removes attachments that were sent two days ago and never filed, and says how many.
func (d *Desk) SweepUploads(ctx context.Context) (n int, err error) {
	before := d.node.Now().Add(-uploadLife).UnixMilli()
	var gone []string
	err = d.node.Store.Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT blob FROM plan_upload WHERE at < ? ORDER BY at LIMIT 1000`, before)
		if err != nil {
			return err
		}
		if gone, err = texts(rows); err != nil {
			return err
		}
		for _, b := range gone {
			if _, err := tx.Exec(ctx, `DELETE FROM plan_upload WHERE blob = ?`, b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, b := range gone {
		if err := d.node.Blobs.Delete(b); err != nil && !errors.Is(err, os.ErrNotExist) {
			return n, fmt.Errorf("remove an attachment that was never filed: %w", err)
		}
		n++
	}
	return n, nil
}
