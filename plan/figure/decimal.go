package figure

import (
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// maxDigits bounds a figure; 万亿元 with two decimals has 15.
const maxDigits = 30

// exact computes without loss on figures of maxDigits: products need twice as many.
var exact = apd.BaseContext.WithPrecision(100)

// canonical gives the one form of a decimal: "-" only before what is not zero, no leading zeros,
// decimals as they were typed. It takes digits with or without groups of three (1,200.50).
func canonical(s string) (string, bool) {
	sign := ""
	switch {
	case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "−"):
		sign, s = "-", strings.TrimPrefix(strings.TrimPrefix(s, "-"), "−")
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	whole, part, dot := strings.Cut(s, ".")
	whole, ok := ungroup(whole)
	if !ok || whole == "" || !digits(whole) || dot && (part == "" || !digits(part)) || len(whole)+len(part) > maxDigits {
		return "", false
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if strings.Trim(whole+part, "0") == "" {
		sign = ""
	}
	if dot {
		part = "." + part
	}
	return sign + whole + part, true
}

// ungroup takes the commas out of 1,234,567 and refuses 12,34.
func ungroup(s string) (string, bool) {
	groups := strings.Split(s, ",")
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && (g == "" || len(g) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// number makes a decimal of a canonical string; ok is false for anything else.
func number(s string) (*apd.Decimal, bool) {
	c, ok := canonical(s)
	if !ok || c != s {
		return nil, false
	}
	d, _, err := apd.NewFromString(s)
	return d, err == nil
}

// text writes a decimal without exponent and without zeros at the end of its decimals.
func text(d *apd.Decimal) string {
	if d.IsZero() {
		return "0"
	}
	s := d.Text('f')
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Canonical is the one form of a typed decimal that facts are filed in: without groups of three and
// without zeros at the end of its decimals ("1,203.50" is 1203.5). Refused: figure.unclear.
func Canonical(value string) (string, error) {
	c, _ := canonical(value)
	d, ok := number(c)
	if !ok {
		return "", unclear(value)
	}
	return text(d), nil
}

func unclear(value string) error {
	return errorf("figure.unclear", value, "“%s”不是数字。请只填数字，如 1200.5。", "“%s” is not a number. Give digits only, such as 1200.5.")
}

// decimalsOf counts the digits behind the point.
func decimalsOf(s string) int {
	_, part, _ := strings.Cut(s, ".")
	return len(part)
}

// Sum adds canonical decimals up without loss; of none it is "0". ok is false where one is no canonical decimal.
func Sum(values ...string) (sum string, ok bool) {
	total := apd.New(0, 0)
	for _, v := range values {
		d, ok := number(v)
		if !ok {
			return "", false
		}
		if _, err := exact.Add(total, total, d); err != nil {
			return "", false
		}
	}
	return text(total), true
}
