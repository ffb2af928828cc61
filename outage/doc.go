// Package outage holds what happened: which resource served less than it
// should, and when. It knows nothing of promises. What counts, what is excused
// and what is owed is stated by an agreement, in package sla.
//
// # Windows
//
// A [Window] is the time from its start up to, but not including, its end.
// That holds for every window in this module and is said only here: an outage
// from 20:00 to 21:00 and one from 21:00 to 22:00 touch, share no moment, and
// together last two hours. Windows are exact to the nanosecond. A window that
// does not end after it starts is empty; in a record, where it could cost
// money, that is an error.
//
// A [Set] is any number of windows taken together. All its operations, from
// union to "two of three zones down", are one count of starts and ends.
//
// # Records
//
// There are five kinds of [Record]. An [Outage] was a loss of service. A
// [Maintenance] was planned. A [Traffic] counts requests. A [Coverage] states
// that somebody was watching. A [Lifetime] states that the resource was to be
// served at all.
//
// A field left out of a record never costs the customer anything. An outage
// without a served share is a full outage. An outage without an end is still
// under way. A maintenance without an announcement excuses nothing where notice
// is required. A coverage or a life without an end goes on.
//
// All faults of all records are reported together, each with the record's ID
// and the field, up to the first hundred. A record that comes twice counts
// once. Two records with one ID and different content are an error, since
// nothing says which of them holds.
//
// # Revisions
//
// Records are corrected, and a correction erases nothing. A [Log] holds every
// [Revision] of a record: who recorded it, when it became known, what it
// supersedes and why. [Log.AsOf] returns the records as they were known at an
// instant, for a timeline as of that instant. Revisions have an order, so two
// revisions of one record may differ; two with the same number may not.
//
// # Timelines
//
// A [Timeline] is everything known about one resource. It keeps the five
// kinds apart. [Timeline.Segments] walks through a window, cut wherever
// anything begins or ends.
//
// Nothing here reads the clock. [Options].AsOf is the instant at which the
// records speak: an outage or maintenance without an end ends there, for now,
// and no outage reaches beyond it. Without AsOf the records are taken as
// complete, and an outage or maintenance without an end is an error.
//
// # Unknown
//
// Unknown time is neither up nor down. Time is unknown in two cases: it lies
// at or after the as-of instant, or the resource has coverage and this time is
// outside all of it. Where there is no coverage at all, silence means that the
// resource was up. An outage is itself an observation: the time that it
// covers is known, even if nobody else was watching.
//
// Time outside the life of a resource is another matter. It counts toward
// nobody's downtime, whatever is recorded in it. A resource without any life
// was always to be served.
//
// # Overlaps
//
// Where several outages cover a moment, the worst loss counts; losses are
// never added up. Causes excuse records: a moment under one excused outage and
// one that counts is a moment that counts. Maintenance excuses moments:
// downtime within it is excused whatever its cause, as far as the agreement
// allows. Maintenance on its own is not downtime.
package outage
