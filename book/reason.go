package book

import "fmt"

// Reason is the machine code of a refusal by Scan. Codes are stable: they are stored with entries set aside.
type Reason string

// The reasons for which an entry (or facts, or words) is refused.
const (
	TooLong       Reason = "too-long"
	CutShort      Reason = "cut-short"
	Trailing      Reason = "trailing"
	Whitespace    Reason = "whitespace"
	Syntax        Reason = "syntax"
	KeyUnknown    Reason = "key-unknown"
	KeyCase       Reason = "key-case"
	KeyDoubled    Reason = "key-doubled"
	KeyOrder      Reason = "key-order"
	BadVersion    Reason = "version"
	BadKind       Reason = "kind"
	BadMember     Reason = "member"
	BadCircle     Reason = "circle"
	BadID         Reason = "id"
	BadTime       Reason = "time"
	BadFacts      Reason = "facts"
	BadOrigin     Reason = "origin"
	BadIndex      Reason = "index"
	BadHash       Reason = "hash"
	BadUTF8       Reason = "utf8"
	LoneSurrogate Reason = "surrogate"
	LongEscape    Reason = "escape"
	RawControl    Reason = "control"
	NulCharacter  Reason = "nul"
	TooDeep       Reason = "depth"
	Float         Reason = "float"
	Exponent      Reason = "exponent"
	MinusZero     Reason = "minus-zero"
	LeadingZero   Reason = "leading-zero"
	IntegerRange  Reason = "integer-range"
	WrongType     Reason = "type"
)

var reasonText = map[Reason]string{
	TooLong:       "超过 65535 字节 (longer than 65,535 bytes)",
	CutShort:      "内容不完整 (ends too early)",
	Trailing:      "结尾之后还有内容 (bytes after the end)",
	Whitespace:    "不允许空白 (whitespace is not allowed)",
	Syntax:        "不是 JSON (not JSON)",
	KeyUnknown:    "未知的键 (unknown key)",
	KeyCase:       "键的大小写不对 (key in wrong case)",
	KeyDoubled:    "键重复 (doubled key)",
	KeyOrder:      "键的次序不对或缺键 (key missing or out of order)",
	BadVersion:    "未知的格式版本 (unknown version of the envelope)",
	BadKind:       "类别应如 plan.report.accepted/1 (kind must look like plan.report.accepted/1)",
	BadMember:     "成员应为 GB/T 2260 六位代码 (member must be a six-digit GB/T 2260 code)",
	BadCircle:     "圈名应为小写字母开头的 1 至 32 位 (circle must be 1-32 of a-z, 0-9, -, beginning with a letter)",
	BadID:         "标识应为 1 至 64 位 A-Za-z0-9._:- (id must be 1-64 of A-Za-z0-9._:-)",
	BadTime:       "时间应如 2022-06-20T01:00:00.000Z (time must look like 2022-06-20T01:00:00.000Z)",
	BadFacts:      "事实应为 JSON 对象 (facts must be a JSON object)",
	BadOrigin:     "账本来源应如 suining.example/suitong (origin must look like suining.example/suitong)",
	BadIndex:      "序号应为 0 至 2^53 的整数 (index must be an integer from 0 to 2^53)",
	BadHash:       "散列应为 32 字节的标准 base64 (hash must be 32 bytes in standard base64)",
	BadUTF8:       "不是 UTF-8 (broken UTF-8)",
	LoneSurrogate: "孤立的代理码 (lone surrogate)",
	LongEscape:    "转义写法不是最短 (escape that is not the shortest form)",
	RawControl:    "字符串中有未转义的控制字符 (raw control character in a string)",
	NulCharacter:  "不允许 U+0000 (U+0000 is not allowed)",
	TooDeep:       "嵌套超过 16 层 (deeper than 16)",
	Float:         "不允许小数,请写成字符串 (no fractions; decimals are strings)",
	Exponent:      "不允许指数写法 (no exponents)",
	MinusZero:     "不允许 -0 (no -0)",
	LeadingZero:   "数字不能以 0 开头 (leading zero)",
	IntegerRange:  "整数超过 2^53 (integer beyond 2^53)",
	WrongType:     "值的类型不对 (value of another type)",
}

// ScanError says where bytes stop being an entry, and why. Offset counts bytes from 0.
type ScanError struct {
	Offset int
	Reason Reason
	Key    string // the key concerned, where that helps; never a value
}

func (e *ScanError) Error() string {
	at := ""
	if e.Key != "" {
		at = fmt.Sprintf(" %q", e.Key)
	}
	return fmt.Sprintf("第 %d 字节 [%s]%s: %s", e.Offset, e.Reason, at, reasonText[e.Reason])
}
