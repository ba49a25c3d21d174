//! What Zoho says of a backup at one moment, and what that means.

use crate::units::{DAY, HOUR, Millis};
use std::rc::Rc;
use time::{OffsetDateTime, UtcOffset};
use zoho_backup_core::countdown::Countdown;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::reason::State;
use zoho_backup_core::reply::Body;

/// How long a run is *due* before it is *overdue*: the default of `overdue-after`.
pub const OVERDUE_AFTER: Millis = HOUR;

/// When runs are planned.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The first run.
    pub first: Millis,
    /// From run to run: days or weeks.
    pub period: Millis,
    /// How many runs there are; `None`: no end.
    pub count: Option<i64>,
    /// Seconds by which the organisation's zone is ahead of UTC.
    pub offset: i32,
}

impl Plan {
    /// The first run after an instant, if there is one.
    pub fn next_after(&self, at: Millis) -> Option<Millis> {
        let index = if at < self.first { 0 } else { (at - self.first) / self.period + 1 };
        self.count.is_none_or(|count| index < count).then(|| self.first + index * self.period)
    }

    fn rule(&self) -> String {
        let days = self.period / DAY;
        let count = self.count.map(|count| format!(";COUNT={count}")).unwrap_or_default();
        if days % 7 == 0 {
            let day = zoned(self.first, self.offset).weekday().to_string()[..2].to_uppercase();
            format!("RRULE:FREQ=WEEKLY;INTERVAL={}{count};BYDAY={day}", days / 7)
        } else {
            format!("RRULE:FREQ=DAILY;INTERVAL={days}{count}")
        }
    }
}

/// The document, or that nothing was ever scheduled.
#[derive(Clone, Debug)]
pub struct Document {
    pub status: Option<&'static str>,
    /// `scheduled_date`.
    pub next: Option<Millis>,
    pub plan: Option<Plan>,
    pub body: Rc<Body>,
}

impl Document {
    pub fn new(status: &'static str, next: Option<Millis>, plan: Option<Plan>) -> Document {
        let text = |text: String| Json::Text(text);
        let offset = plan.map_or(0, |plan| plan.offset);
        let mut members = vec![
            ("id".to_owned(), text("4876876000001593003".to_owned())),
            ("status".to_owned(), text(status.to_owned())),
        ];
        if let Some(next) = next {
            members.push(("scheduled_date".to_owned(), text(written(next, offset))));
        }
        if let Some(plan) = plan {
            members.push(("start_date".to_owned(), text(written(plan.first, offset))));
            members.push(("rrule".to_owned(), text(plan.rule())));
        }
        let body = Body::Json(Json::Object(vec![("backup".to_owned(), Json::Object(members))]));
        Document { status: Some(status), next, plan, body: Rc::new(body) }
    }

    /// Nothing was ever scheduled: HTTP 204.
    pub fn nothing() -> Document {
        Document { status: None, next: None, plan: None, body: Rc::new(Body::Empty) }
    }

    /// The state that a widget should show, by the contract's table.
    pub fn state(&self, at: Millis) -> State {
        let Some(status) = self.status else { return State::None };
        let late = self.next.map(|next| at - next);
        match status {
            "STOPPED" => State::Stopped,
            "INPROGRESS" => State::Running,
            "FAILED" | "PAYMENT_FAILED" => State::Failed,
            "SCHEDULED" | "COMPLETED" | "FINISHED" if self.plan.is_none() => State::OneOff,
            "COMPLETED" | "FINISHED" => State::Completed,
            "SCHEDULED" => match late {
                Some(late) if late < 0 => State::Scheduled,
                Some(late) if late <= OVERDUE_AFTER => State::Due,
                Some(_) => State::Overdue,
                None => State::Scheduled,
            },
            _ => State::Unknown,
        }
    }

    /// Whether all is well, so that green is the truth.
    pub fn is_good(&self, at: Millis) -> bool {
        let is_ahead = self.next.is_some_and(|next| at < next);
        match self.status {
            Some("SCHEDULED") => is_ahead,
            // Without a date the timeline has had its last run. With the date of the last run, no one can know.
            Some("COMPLETED" | "FINISHED") => {
                let is_last = self.plan.is_some_and(|plan| plan.next_after(at).is_none());
                self.plan.is_some() && (is_ahead || self.next.is_none() || is_last)
            }
            _ => false,
        }
    }

    /// Whether green must show. Without a date that takes the last run to be behind in every time zone: until then it may
    /// be neutral.
    pub fn is_surely_good(&self, at: Millis) -> bool {
        let last = self.plan.and_then(|plan| Some(plan.first + (plan.count? - 1) * plan.period));
        let is_ended = last.is_none_or(|last| at >= last + 50 * HOUR);
        self.is_good(at) && self.next.map_or(is_ended, |next| at < next)
    }

    /// What a countdown should count to.
    pub fn countdown(&self, at: Millis) -> Countdown {
        let Some(next) = self.next else { return Countdown::None };
        match self.state(at) {
            State::Stopped | State::Running | State::None | State::OneOff => Countdown::None,
            State::Due => Countdown::Due,
            State::Overdue => Countdown::OverdueSince(Timestamp::from_millis(next)),
            _ if at < next => Countdown::Until(Timestamp::from_millis(next)),
            _ => Countdown::None,
        }
    }
}

fn zoned(at: Millis, offset: i32) -> OffsetDateTime {
    let offset = UtcOffset::from_whole_seconds(offset).unwrap();
    OffsetDateTime::from_unix_timestamp(at / 1_000).unwrap().to_offset(offset)
}

/// A date and time as Zoho writes it.
fn written(at: Millis, offset: i32) -> String {
    let at = zoned(at, offset);
    let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs() / 60);
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{}T{hour:02}:{minute:02}:{second:02}{sign}{:02}:{:02}", at.date(), minutes / 60, minutes % 60)
}
