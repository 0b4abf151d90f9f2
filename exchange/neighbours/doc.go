// Package neighbours (各方) is how people join circles with neighbours: invitations, who recognises whom, how far each
// one's book was received and who has seen it; its pages and the calls behind the commands.
//
// Words: a member is recognised (认可) in a circle by an entry of our book there; an invitation (邀请) is what it sends
// beforehand, a fingerprint (指纹) what both sides read to each other over the telephone; to suspend (暂停往来) a member is to
// read nothing from it and show it nothing until resumed (恢复往来); to leave (退出) is to say nothing more in a circle.
package neighbours
