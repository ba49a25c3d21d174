//! What is known of one backup.

use crate::backup::Backup;
use crate::clock_error::ClockError;
use crate::fault::Fault;
use crate::freshness::Freshness;
use crate::reply::{self, Body};
use std::sync::Arc;

/// The last good answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it said; `None`: nothing was ever scheduled.
    pub backup: Option<Arc<Backup>>,
    /// How fresh it is. `None`: the host supplied it, so that it is always current and never stale.
    pub freshness: Option<Freshness>,
}

/// Everything that is known of one backup. Nothing, before the first reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    /// The last good answer, if there was one.
    pub answer: Option<Answer>,
    /// What went wrong since, if something did.
    pub fault: Option<Fault>,
    /// How far this computer's clock is from the server's. All instants here and in verdicts are by the server's.
    pub clock: ClockError,
}

impl Knowledge {
    /// What is known from a document that the host supplied.
    pub fn supplied(document: &Body) -> Knowledge {
        match reply::read_supplied(document) {
            Ok(backup) => {
                let answer = Answer { backup: backup.map(Arc::new), freshness: None };
                Knowledge { answer: Some(answer), ..Knowledge::default() }
            }
            Err(fault) => Knowledge { fault: Some(fault), ..Knowledge::default() },
        }
    }

    /// Whether there was no reply yet.
    pub fn is_empty(&self) -> bool {
        self.answer.is_none() && self.fault.is_none()
    }
}
