//! What happened last, for the story of a failing seed.

use crate::units::{Millis, START, text};
use std::collections::VecDeque;
use std::fmt;
use zoho_backup_core::news::HostEvent;
use zoho_backup_core::reason::{Reason, State, Tone};
use zoho_backup_core::verdict::Verdict;

/// How many events a story tells. With its head and its end it has ten lines.
const TOLD: usize = 6;

/// One event.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    Asked,
    Ended { how: &'static str, source_age: Option<Millis> },
    Shown { widget: usize, state: State, tone: Tone, is_stale: bool, reason: Reason },
    Told { widget: usize, event: HostEvent },
    Truth(State),
    Clock(Millis),
    Page(&'static str),
}

#[derive(Clone, Debug, Default)]
pub struct Story(VecDeque<(Millis, Entry)>);

impl Story {
    pub fn note(&mut self, at: Millis, entry: Entry) {
        // What repeats itself is told once.
        if let (Some((_, Entry::Shown { .. })), Entry::Shown { .. }) = (self.0.back(), entry) {
            self.0.pop_back();
        }
        if self.0.len() == TOLD {
            self.0.pop_front();
        }
        self.0.push_back((at, entry));
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, entry) in &self.0 {
            writeln!(f, "    {:>13}  {entry}", text(at - START))?;
        }
        Ok(())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Asked => write!(f, "a request starts"),
            Entry::Ended { how, source_age: None } => write!(f, "it ends with {how}"),
            Entry::Ended { how, source_age: Some(age) } => {
                write!(f, "it ends with {how}, read {} before", text(*age))
            }
            Entry::Shown { widget, state, tone, is_stale, reason } => {
                let stale = if *is_stale { ", stale" } else { "" };
                write!(f, "widget {widget} shows {state}, {tone}{stale} ({reason})")
            }
            Entry::Told { widget, event } => write!(f, "widget {widget} tells {event}"),
            Entry::Truth(state) => write!(f, "the truth is now: {state}"),
            Entry::Clock(ahead) => write!(f, "the reader's clock is set to {} ahead", text(*ahead)),
            Entry::Page(what) => write!(f, "{what}"),
        }
    }
}

/// What a widget shows, in one line.
pub fn shown(verdict: &Verdict) -> String {
    let Verdict { state, tone, reason, countdown, stale, .. } = verdict;
    let fault = verdict.fault.as_ref().map(|fault| format!(", fault {}", fault.kind())).unwrap_or_default();
    format!("{state}, {tone} ({reason}), stale: {stale}, {countdown:?}{fault}")
}
