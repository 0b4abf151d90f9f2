package figure

import "github.com/cockroachdb/apd/v3"

// Progress is the completion ratio (完成率) of a value on the way from base to target, as a decimal
// with at most four decimals: "0.85" is 85 %, more than "1" is over-fulfilled, never below "0".
// An empty base is zero. Decimals are cut, not rounded: what is not complete never reads 1.
//
// Where there is no way to go - the target equals the base, or lies against the direction, as
// with "不低于80" from a base of 100 - the target is a line to hold: "1" on its good side,
// else how near the value is to it.
func Progress(base, target, value string, d Direction) (string, error) {
	if base == "" {
		base = "0"
	}
	var n [3]*apd.Decimal
	for i, s := range []string{base, target, value} {
		v, ok := number(s)
		if !ok {
			return "", errorf("figure.unclear", s, "“%s”不是数字，无法计算完成率。", "“%s” is not a number; there is no ratio.")
		}
		n[i] = v
	}
	b, t, v := n[0], n[1], n[2]
	way := t.Cmp(b)
	if way == 0 || way < 0 && d == Up || way > 0 && d == Down {
		return hold(t, v, d), nil
	}
	return ratio(minus(v, b), minus(t, b)), nil
}

// hold is the ratio where the target is a line to hold.
func hold(t, v *apd.Decimal, d Direction) string {
	c := v.Cmp(t)
	if c == 0 || d == Up && c > 0 || d == Down && c < 0 {
		return "1"
	}
	if v.Sign() <= 0 || t.Sign() <= 0 {
		return "0"
	}
	if c < 0 {
		return ratio(v, t)
	}
	return ratio(t, v)
}

func minus(a, b *apd.Decimal) *apd.Decimal {
	out := new(apd.Decimal)
	_, _ = exact.Sub(out, a, b) // digits are bounded, the difference fits the context
	return out
}

// ratio divides, cuts behind four decimals and is never below zero.
func ratio(part, whole *apd.Decimal) string {
	if part.IsZero() || part.Negative != whole.Negative {
		return "0"
	}
	cut := *exact
	cut.Rounding = apd.RoundDown
	q := new(apd.Decimal)
	_, _ = cut.Quo(q, part, whole) // the divisor is not zero
	_, _ = cut.Quantize(q, q, -4)
	return text(q)
}
