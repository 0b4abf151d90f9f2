package letter

import "bytes"

// Docx is d as WriteDocx writes it.
func Docx(d Document) ([]byte, error) {
	var out bytes.Buffer
	err := WriteDocx(&out, d)
	return out.Bytes(), err
}

// Xlsx is b as WriteXlsx writes it.
func Xlsx(b Workbook) ([]byte, error) {
	var out bytes.Buffer
	err := WriteXlsx(&out, b)
	return out.Bytes(), err
}
