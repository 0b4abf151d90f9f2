package sheet

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
)

const bracketedMark = `[(\[【〔<《](?:绝密|机密|秘密)(?:级|件|文件)?(?:[*·:]?\d{1,3}年|长期)?[)\]】〕>》]`

var (
	// 机密★10年, 秘密★: the star of GB/T 9704 6.2.2 makes it a mark wherever it stands.
	starred = regexp.MustCompile(`(绝密|机密|秘密)级?[(（]?[★☆⭐✩✪]`)
	// a cell, paragraph or part of a file name that is a mark and nothing else.
	alone = regexp.MustCompile(`^[(\[【〔<《]?(绝密|机密|秘密)(级|件|文件|级文件)?[)\]】〕>》]?([*·:]?(\d{0,3}年?|长期))?$`)
	// 密级：机密
	graded = regexp.MustCompile(`(密级|保密等级|保密级别|涉密等级|秘密等级)[:：]?[(\[]?(绝密|机密|秘密)`)
	// in brackets of its own at either end of a title: （机密）…, …【秘密】; in a name wherever it stands.
	enclosed = regexp.MustCompile(`^` + bracketedMark + `|` + bracketedMark + `$`)
	inName   = regexp.MustCompile(bracketedMark)
)

// bearsMark says whether a text bears a mark of secrecy (密级标志). Speaking of secrets is none:
// "商业秘密保护", "保守国家秘密".
func bearsMark(text string) bool {
	if !strings.ContainsRune(text, '密') {
		return false
	}
	for line := range strings.SplitSeq(text, "\n") {
		s := fold(line)
		if starred.MatchString(s) || alone.MatchString(s) || graded.MatchString(s) || enclosed.MatchString(s) {
			return true
		}
	}
	s := fold(text)
	return starred.MatchString(s) || alone.MatchString(s) || graded.MatchString(s)
}

// Readable says by a file's name whether Marked can look inside: .xlsx, .docx, .csv and their kin.
func Readable(name string) bool {
	return slices.Contains([]string{".xlsx", ".xltx", ".docx", ".dotx", ".csv", ".tsv", ".txt"}, extension(name))
}

// MarkedName says whether the name of a file or sheet bears a mark of secrecy (密级标志): as a text
// does, or in one of its parts (任务清单_机密).
func MarkedName(name string) bool {
	name = strings.TrimSuffix(baseName(name), extension(name))
	return bearsMark(name) || inName.MatchString(fold(name)) || slices.ContainsFunc(nameParts.Split(name, -1), bearsMark)
}

var nameParts = regexp.MustCompile(`[\s_+.·—－-]+`)

// Marked says whether a file bears a mark of secrecy, in its name or anywhere inside, whatever else
// it may be. What cannot be read is not marked. The error is that of ctx.
func Marked(ctx context.Context, src Source) (bool, error) {
	if MarkedName(src.Name) {
		return true, nil
	}
	_, _, err := open(ctx, src, DefaultLimits)
	return errors.Is(err, ErrSecret), ctx.Err()
}

// secret looks for a mark everywhere: cells of hidden sheets too, headers, footers, text boxes,
// the names of file and sheets.
func (r *raw) secret(name string) bool {
	if MarkedName(name) || slices.ContainsFunc(r.names, MarkedName) {
		return true
	}
	for _, t := range r.loose {
		if bearsMark(headerCode.ReplaceAllString(t, "\n")) {
			return true
		}
	}
	for _, g := range r.grids {
		for i := range g.Rows {
			if rowSecret(&g.Rows[i]) {
				return true
			}
		}
	}
	return false
}

// rowSecret looks at each cell and at a label beside its value: 密级 | 机密, 机 | 密.
func rowSecret(r *GridRow) bool {
	seen := false
	for c := range r.Cells {
		t := r.Cells[c].Text
		if bearsMark(t) {
			return true
		}
		seen = seen || strings.ContainsAny(t, "密★")
	}
	return seen && starred.MatchString(fold(strings.ReplaceAll(rowText(*r), " ", "")))
}

// headerCode are the codes of page headers: &C centre, &"font,style", &14 size.
var headerCode = regexp.MustCompile(`&"[^"]*"|&[LCRPNDTFAGZBIUESXYO]|&\d+|&K[0-9A-Fa-f]{6}`)
