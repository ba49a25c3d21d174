//! The timeline that Zoho's own path plays, if it plays one.

use std::sync::{Arc, Mutex, PoisonError};

use zoho_backup_core::instant::Timestamp;

use crate::timeline::{Moment, Name, Playing, zoho_answer};
use crate::wire_response::WireResponse;

/// Clones share one state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replay(Arc<Mutex<Option<(Name, Playing)>>>);

impl Replay {
    pub(crate) fn start(&self, timeline: Name, playing: Playing) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((timeline, playing));
    }

    /// What Zoho answers now.
    pub(crate) fn answer(&self, now: Timestamp) -> Option<WireResponse> {
        let (name, playing) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let timeline = name.timeline();
        Some(zoho_answer(&timeline, &Moment::played(&timeline, playing, now)))
    }
}
