//! What becomes of a backup over weeks: what Zoho says at each instant, and what a gateway that watches and remembers has
//! seen by then. Pure: the time is passed in.
//!
//! A [`Story`] is told in the words of the field and becomes a [`Timeline`]. A [`Moment`] is where a timeline is, and how
//! its instants lie in the reader's time: at rest at its end, or played at any speed.
//!
//! ```
//! use std::time::Duration;
//! use sandbox::timeline::{Story, zoho_answer, Moment};
//! use zoho_backup_core::history::Outcome;
//! use zoho_backup_core::instant::Timestamp;
//!
//! let timeline = Story::daily_at(2, 0).completes(3).fails().ends_after(Duration::from_hours(6));
//! let outcomes: Vec<_> = timeline.history_at(timeline.end()).runs.iter().map(|run| run.outcome).collect();
//! assert_eq!(outcomes, [Outcome::Failed, Outcome::Completed, Outcome::Completed, Outcome::Completed]);
//!
//! let now = Timestamp::from_millis(1_800_000_000_000);
//! let answer = zoho_answer(&timeline, &Moment::at_rest(&timeline, now));
//! assert!(String::from_utf8_lossy(&answer.body).contains("SCHEDULED"));
//! ```

mod answer;
mod course;
mod moment;
mod name;
mod said;
mod story;
mod watch;

pub use answer::{gateway_answer, zoho_answer};
pub use course::{Timeline, TrueRun};
pub use moment::{MAX_SPEED, Moment, Playing};
pub use name::Name;
pub use said::{OFFSET, Said, Statement};
pub use story::Story;
