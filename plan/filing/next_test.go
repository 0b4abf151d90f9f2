package filing

import "testing"

func TestNextStepsAreToldFromProblems(t *testing.T) {
	for _, c := range []struct{ cell, problem, next string }{
		{"", "", ""},
		{"管线迁改较慢", "管线迁改较慢", ""},
		{"下一步：办理班线许可", "", "办理班线许可"},
		{"下一步工作打算:办理许可", "", "办理许可"},
		{"管线迁改较慢\n下步：协调潼南段\n月底前完成", "管线迁改较慢", "协调潼南段\n月底前完成"},
		{"下一步方案还没有定", "下一步方案还没有定", ""}, // a problem that begins with the word
	} {
		problem, next := cutNext(c.cell)
		if problem != c.problem || next != c.next {
			t.Errorf("%q: %q and %q, want %q and %q", c.cell, problem, next, c.problem, c.next)
		}
	}
	for _, c := range [][2]string{{"甲", "乙"}, {"", "乙"}, {"甲", ""}, {"甲\n乙", "丙\n丁"}} {
		if problem, next := cutNext(withNext(c[0], c[1])); problem != c[0] || next != c[1] {
			t.Errorf("%q came back as %q and %q", c, problem, next)
		}
	}
}
