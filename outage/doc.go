// Package outage holds records of what happened: which resource served less than
// it should, and when. It knows nothing of promises. An agreement, in package sla,
// states which downtime counts, which is excused and how much is owed.
//
// # Windows
//
// A [Window] is the time from its start up to, but not including, its end.
// That holds for every window in this module and is said only here: an outage
// from 20:00 to 21:00 and one from 21:00 to 22:00 touch, share no moment, and
// together last two hours. Windows are exact to the nanosecond. A window that
// does not end after it starts is empty; a record with such a window is an error,
// since it could cost money.
//
// A [Set] is a set of moments, made of any number of windows. All its operations,
// from union to "two of three zones down", count starts and ends in one way.
//
// # Records
//
// There are five kinds of [Record]. An [Outage] is a loss of service. A
// [Maintenance] is planned work. A [Traffic] is a count of requests. A [Coverage]
// states that the resource was observed. A [Lifetime] states that the resource was
// in service at all.
//
// A field that is left out of a record never costs the customer anything. An outage
// without a served share is a full outage. An outage without an end is still under
// way. Maintenance without an announcement excuses nothing where notice is
// required. Coverage and a lifetime without an end continue.
//
// All faults of all records are reported together, up to the first hundred, each
// with the ID of the record and the field. A record that is given twice counts
// once. Two records with one ID and different content are an error, since nothing
// tells which of them is right.
//
// # Revisions
//
// Records are corrected, and a correction erases nothing. A [Log] holds every
// [Revision] of a record, with its author, the instant at which it became known,
// the revision that it supersedes, and the reason. [Log.AsOf] returns the records
// as they were known at an instant, for a timeline as of that instant. Two
// revisions of one record may differ, since they have an order; two with the same
// number may not.
//
// # Timelines
//
// A [Timeline] is everything that is known about one resource. It keeps the five
// kinds of records apart. [Timeline.Segments] divides a window wherever a record
// begins or ends.
//
// Nothing here reads the clock. [Options].AsOf is the instant up to which the
// records tell what happened. An outage or maintenance without an end provisionally
// ends there, and no outage reaches beyond it. Without AsOf the records are taken as
// complete, and an outage or maintenance without an end is an error.
//
// # Unknown
//
// Unknown time is neither up nor down. Time is unknown in two cases: it lies at or
// after the as-of instant, or the resource has coverage and the time lies outside
// all of it. A resource without any coverage is up wherever no outage is recorded.
// An outage is itself an observation: the time that it covers is known, even
// without coverage.
//
// Time outside the lifetime of a resource is different. It counts toward nobody's
// downtime, whatever is recorded in it. A resource without any lifetime was always
// in service.
//
// # Overlaps
//
// Where several outages cover a moment, the worst loss counts; losses are never
// added up. A cause excuses a record: a moment that one excused outage and one
// other outage cover counts. Maintenance excuses moments: downtime within it is
// excused whatever its cause, as far as the agreement allows. Maintenance on its
// own is not downtime.
package outage
