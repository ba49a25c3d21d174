//! What a gateway reads that asks Zoho regularly: every five minutes, and every minute while a run is due or under way, as
//! with `--watch-seconds 300`.

use std::time::Duration;

use serde_json::from_value;
use time::OffsetDateTime;
use zoho_backup_core::backup::Status;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::{History, Observation, Seen};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reply::{self, Body, Reply};

use crate::timeline::course::Timeline;
use crate::timeline::said::{OFFSET, Said, Statement};

const INTERVAL: Duration = Duration::from_mins(5);
const RUN_INTERVAL: Duration = Duration::from_mins(1);
/// How long a run is due.
const DUE_WITHIN: Duration = Duration::from_hours(1);
/// How long after its date the question for a run comes.
const AFTER_DUE: Duration = Duration::from_secs(1);

impl Timeline {
    /// What a gateway has seen by this instant that watches from the start on, and is asked by a reader now.
    #[must_use]
    pub fn history_at(&self, at: Timestamp) -> History {
        History::of(&observe(self, at), at, Policy::default().overdue_after)
    }
}

fn observe(timeline: &Timeline, until: Timestamp) -> Vec<Observation> {
    let mut observations = Vec::<Observation>::new();
    let mut last = None;
    let mut at = timeline.start();
    loop {
        let said = timeline.said_at(at);
        if let Some(seen) = seen(said, &mut last).filter(|_| timeline.is_watched(at)) {
            let next = match observations.last_mut() {
                Some(observation) => observation.extend(seen, at),
                None => Some(Observation::new(seen, at)),
            };
            observations.extend(next);
        }
        if at >= until {
            return observations;
        }
        at = next_look(said, at).min(until);
    }
}

fn next_look(said: &Said, at: Timestamp) -> Timestamp {
    let Said::Backup(Statement { status, next, .. }) = said else { return at.after(INTERVAL) };
    let status = Status::read(status);
    let next = next.filter(|_| status != Status::Stopped);
    let is_due = next.is_some_and(|next| next <= at && at.since(next) <= DUE_WITHIN);
    let interval = if is_due || status == Status::InProgress { RUN_INTERVAL } else { INTERVAL };
    let due = next.filter(|next| *next > at).map(|next| next.after(AFTER_DUE));
    let usual = at.after(interval);
    due.map_or(usual, |due| usual.min(due))
}

/// What core reads of Zoho's document; `None` if there is none that can be read. `last` is what was read last, as Zoho
/// says the same for hours.
fn seen<'a>(said: &'a Said, last: &mut Option<(&'a Said, Seen)>) -> Option<Seen> {
    if let Some((_, seen)) = last.as_ref().filter(|(read, _)| *read == said) {
        return Some(seen.clone());
    }
    let seen = match said {
        Said::Down => return None,
        Said::Nothing => Seen::Nothing,
        Said::Backup(statement) => read(statement)?,
    };
    *last = Some((said, seen.clone()));
    Some(seen)
}

fn read(statement: &Statement) -> Option<Seen> {
    let document = statement.document(|at| DateTime { at, offset: OFFSET }, true);
    let body = Body::Json(from_value(document.to_json(OffsetDateTime::UNIX_EPOCH)).ok()?);
    let details = reply::read(Reply { status: 200, body, retry_at: None }).ok()?;
    Some(Seen::of(details.backup.as_ref()))
}
