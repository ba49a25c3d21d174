//! Recurrence rules as Zoho sends them: the parts of which a sentence is made, and a preview of further dates.
//!
//! A rule never says when the next run is: the countdown uses the server's `scheduled_date` only. A rule says in which
//! rhythm runs continue.

mod certainty;
mod occurrences;
mod parse;
mod rule;

pub use certainty::{contradicts, fits, lacks_days, last_run_is_behind_at, may_follow};
pub use occurrences::{Upcoming, upcoming};
pub use rule::{End, Frequency, NthWeekday, Rule, Until};
pub use time::{Date, PrimitiveDateTime, Weekday};
