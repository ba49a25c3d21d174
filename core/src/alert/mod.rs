//! What somebody must be told of a backup without looking: history, present and the alerts so far → the next alerts.
//!
//! Each fact is told once. A failed or a missed run, a schedule that was stopped, and answers that do not arrive are
//! *troubles*. A trouble is told of as it begins, again once a day while it lasts, and when it is over.
//!
//! ```
//! use std::time::Duration;
//! use zoho_backup_core::alert::{Answers, Present, Trouble, decide};
//! use zoho_backup_core::backup::Status;
//! use zoho_backup_core::date_time::DateTime;
//! use zoho_backup_core::history::{History, Observation, Seen};
//!
//! let due = DateTime::parse("2026-11-27T02:00:00Z").unwrap();
//! let seen = Seen::Backup {
//!     job: None,
//!     status: Some(Status::Scheduled),
//!     scheduled_date: Some(due.clone()),
//!     rrule: None,
//! };
//! let mut watched = Observation::new(seen, due.at);
//! watched.last = due.at.after(Duration::from_secs(3_601));
//! let (now, observations) = (watched.last, [watched]);
//! let history = History::of(&observations, now, Duration::from_secs(3_600));
//! let present = Present::of(&observations, Answers::Arriving, now);
//! let alerts = decide(&history, &present, &[], now);
//! assert_eq!((alerts.len(), alerts[0].trouble, alerts[0].key), (1, Trouble::Missed, due.at));
//! assert!(decide(&history, &present, &alerts, now).is_empty(), "it is told once");
//! ```

mod decide;
mod facts;
mod kind;
mod present;

pub use decide::decide;
pub use facts::Facts;
pub use kind::{Alert, News, Topic, Trouble};
pub use present::{Answers, Doubt, Present, Schedule, UNREADABLE_AFTER};
