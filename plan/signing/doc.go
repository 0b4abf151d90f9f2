// Package signing is where the head of a unit signs (审签) what the unit reports before it is filed, and where it is set whether that is needed.
//
// Words: signing is inside the unit, by a reviewer of that very organisation, before filing; review (审核) is by the office that keeps the lists,
// after it. Who drafted a report does not sign it unless the unit's setting lets him.
package signing
