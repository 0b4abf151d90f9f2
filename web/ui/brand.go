package ui

import (
	"context"
	"strings"
)

// Brand (标识与文字) is how a member calls the platform on its pages, and whom they name. What is empty is as the program has it.
type Brand struct {
	Name   string // of the platform
	Line   string // short, of the member
	Mark   string // address of the picture that is the mark
	Office string // who helps
	Phone  string
	Hours  string
	Notice string // on the sign-in page
	Footer string
	Filing string // 备案号
}

// ProductName is what the platform is called.
func (b Brand) ProductName(ctx context.Context) string {
	if b.Name != "" {
		return b.Name
	}
	return T(ctx, "ui.product")
}

// Foot is the line at the foot of each page.
func (b Brand) Foot(ctx context.Context) string {
	if b.Footer != "" {
		return b.Footer
	}
	return T(ctx, "ui.foot")
}

// filedAt is where a filing number of the ministry is looked up; empty: it is another office's.
func (b Brand) filedAt() string {
	if strings.Contains(b.Filing, "ICP") {
		return "https://beian.miit.gov.cn/"
	}
	return ""
}
