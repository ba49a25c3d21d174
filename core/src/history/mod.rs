//! What was seen of a backup over time, and which runs follow from it. Zoho's API knows only the present; whoever keeps
//! watching can tell what became of a run, and only that.
//!
//! ```
//! use std::time::Duration;
//! use zoho_backup_core::backup::Status;
//! use zoho_backup_core::date_time::DateTime;
//! use zoho_backup_core::history::{Observation, Outcome, Seen, runs};
//!
//! let seen = |status: &str, date: &str| Seen::Backup {
//!     job: Some("4876876000001593003".to_owned()),
//!     status: Some(Status::read(status)),
//!     scheduled_date: DateTime::parse(date),
//!     rrule: Some("RRULE:FREQ=DAILY".to_owned()),
//! };
//! let due = DateTime::parse("2026-11-27T02:00:00Z").unwrap();
//! let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
//! let mut watched = vec![Observation::new(seen("SCHEDULED", "2026-11-27T02:00:00Z"), due.at.before(minutes(5)))];
//! for (status, minute) in [("INPROGRESS", 1), ("INPROGRESS", 2), ("FAILED", 3)] {
//!     let reading = seen(status, "2026-11-28T02:00:00Z");
//!     let next = watched.last_mut().unwrap().extend(reading, due.at.after(minutes(minute)));
//!     watched.extend(next);
//! }
//! assert_eq!(watched.len(), 3);
//! let runs = runs(&watched, due.at.after(minutes(10)), minutes(60));
//! assert_eq!((runs.len(), runs[0].due.as_ref(), runs[0].outcome), (1, Some(&due), Outcome::Failed));
//! ```

pub(crate) mod document;
mod ledger;
mod observation;
mod plan;
mod run;
mod runs;
mod sight;
mod summary;

pub use document::HistoryDocument;
pub use observation::{Observation, Seen, WATCH_GAP};
pub use run::{Between, Outcome, Run};
pub use runs::runs;
pub use summary::{History, RUNS_TOLD};
