//! What a browser makes of the end of a request: `src/fetch/request.rs` without a browser.

use crate::page::Page;
use crate::proxy::Answer;
use std::time::Duration;
use zoho_backup_core::fault::Fault;
use zoho_backup_core::feed::Exchange;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::no_answer::{Attempt, NoAnswer};
use zoho_backup_core::reply::{self, Body, Details, Reply};

/// How a request ends.
#[derive(Clone, Debug)]
pub enum Ending {
    Answer { answer: Answer, is_replay: bool },
    Refusal { status: u16, body: &'static str, retry_after: Option<u32> },
    Dropped,
    TimedOut,
}

impl Ending {
    pub fn name(&self) -> &'static str {
        match self {
            Ending::Answer { is_replay: false, .. } => "an answer",
            Ending::Answer { is_replay: true, .. } => "a replayed answer",
            Ending::Refusal { .. } => "a refusal",
            Ending::Dropped => "no answer: dropped",
            Ending::TimedOut => "no answer: timed out",
        }
    }

    /// The exchange that the page's feed is told of. `sent` is by the page's clock.
    pub fn exchange(&self, sent: Timestamp, page: &mut Page) -> Exchange {
        let (now, is_online) = (page.now(), page.browser.is_online);
        // As `Request::reply` reads the headers.
        let (result, age, date) = match self {
            Ending::Answer { answer, .. } => {
                let age = Duration::from_secs(answer.age.unwrap_or(0));
                let date = answer.date.map(Timestamp::from_millis);
                (read(200, (*answer.body).clone(), None), age, date)
            }
            Ending::Refusal { status, body, retry_after } => {
                let body = Body::read(body, |text| serde_json::from_str(text).ok());
                let wait = retry_after.map(|seconds| Duration::from_secs(seconds.into()));
                (read(*status, body, wait.map(|wait| now.after(wait))), Duration::ZERO, None)
            }
            Ending::Dropped => (Err(no_answer(NoAnswer::Failed, is_online)), Duration::ZERO, None),
            Ending::TimedOut => (Err(no_answer(NoAnswer::TimedOut, is_online)), Duration::ZERO, None),
        };
        let has_arrived = matches!(self, Ending::Answer { .. } | Ending::Refusal { .. });
        let set_back = page.set_back();
        Exchange { result, sent, arrived: has_arrived.then_some(now), age, date, set_back }
    }
}

fn read(status: u16, body: Body, retry_at: Option<Timestamp>) -> Result<Details, Fault> {
    let status = if status == 200 && body == Body::Empty { 204 } else { status };
    reply::read(Reply { status, body, retry_at })
}

fn no_answer(ended: NoAnswer, is_online: bool) -> Fault {
    Fault::no_answer(&Attempt { ended, is_online, ..Attempt::default() })
}
