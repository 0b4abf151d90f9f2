// Package civil holds the civil time (民用时间) by which members keep their days.
package civil

import "time"

// Beijing (北京时间) is the zone of every civil day here. China has kept UTC+8 without summer
// time since 1991, so no zone database is needed.
var Beijing = time.FixedZone("Asia/Shanghai", 8*60*60)
