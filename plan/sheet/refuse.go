package sheet

import "fmt"

// Refusal says why a file is not read at all. Nothing of it is kept. It never quotes the file.
type Refusal struct {
	Code       string `json:"code"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
	English    string `json:"english"`
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%s%s（%s: %s）", r.Message, r.Suggestion, r.Code, r.English)
}

// Is lets errors.Is compare refusals by their code.
func (r *Refusal) Is(target error) bool {
	t, ok := target.(*Refusal)
	return ok && t.Code == r.Code
}

// The refusals. Codes are stable.
var (
	ErrEmpty = &Refusal{
		"file-empty", "这个文件是空的，没有读入任何内容。", "请重新选择文件。",
		"the file is empty",
	}
	ErrTooLarge = &Refusal{
		"file-too-large", "文件太大，任务清单不会有这么大，没有读入。", "请去掉图片和无关的工作表后再试。",
		"the file is larger than a task list can be; remove pictures and other sheets",
	}
	ErrUnknownType = &Refusal{
		"file-type-unknown", "不认识这种文件，没有读入。", "请用 .xlsx、.docx 或 .csv 格式的任务清单。",
		"unknown type of file; use .xlsx, .docx or .csv",
	}
	ErrLegacy = &Refusal{
		"file-legacy", "这是旧版格式的文件（.xls、.doc、.et、.wps），没有读入。", "请用 WPS 或 Office 打开后另存为 .xlsx 或 .docx 再试。",
		"an old binary format; save it as .xlsx or .docx",
	}
	ErrMisnamed = &Refusal{
		"file-misnamed", "文件的内容与后缀不符，没有读入。", "请确认文件来源，用原来的程序另存为 .xlsx、.docx 或 .csv 再试。",
		"the content is not what the file name claims; save it again from its program",
	}
	ErrEncrypted = &Refusal{
		"file-encrypted", "文件设有打开密码，没有读入。", "请取消密码后再试。",
		"the file is protected by a password; remove it",
	}
	ErrMacro = &Refusal{
		"file-macro", "文件带有宏，没有读入。", "请另存为不带宏的 .xlsx 或 .docx 再试。",
		"the file contains macros; save it without them",
	}
	ErrBomb = &Refusal{
		"file-bomb", "文件展开后过大，没有读入。", "请把清单复制到一个新文件里再试。",
		"the file expands beyond the limit; copy the list into a new file",
	}
	ErrBroken = &Refusal{
		"file-broken", "文件已损坏或不完整，没有读入。", "请用 WPS 或 Office 打开检查，另存后再试。",
		"the file is damaged or cut short; open it in its program and save it again",
	}
	ErrSecret = &Refusal{
		"file-secret", "文件带有密级标志，不得在本平台处理，已拒绝，未留存任何副本。", "涉密文件请按保密规定办理；如系误标，请由原单位更正后再导入。",
		"the file bears a mark of secrecy; it was refused and no copy is kept",
	}
	ErrNotTaskList = &Refusal{
		"not-a-task-list", "没有在文件里找到任务清单：需要有“工作任务”一类的列，以及责任单位、完成时限或进展情况等列。", "请检查表头，或换一个文件。",
		"no task list found: a column of tasks and one of units, deadlines or progress are needed",
	}
	ErrTooManyRows = &Refusal{
		"too-many-rows", "表格的行数超过上限，没有读入。", "请分成几个文件导入。",
		"more rows than the limit; split the file",
	}
)
