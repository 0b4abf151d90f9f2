// Package brand is where an administrator says how the platform is called on this member's pages (标识与文字): its name and mark, whom to call, and what
// stands on the sign-in page and at the foot. Each page of the site shows it; who may change it is in region's table.
//
// Words: a mark (标识图) is a small picture that can do nothing but be looked at (rules/mark); texts are region.site.named.
package brand
