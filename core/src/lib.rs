//! The engine of zoho-backup-status: everything that can be decided about a Zoho CRM data backup without a browser.
//!
//! Data flows one way: an HTTP reply is read ([`reply`]) into a [`Backup`](backup::Backup) or a
//! [`Fault`](fault::Fault), and what is known at an instant becomes a [`Verdict`](verdict::Verdict):
//! what to show and why. All functions are pure and total: time is passed in, nothing panics, and no
//! sentence for a reader is written here, only kinds and parameters.
//!
//! ```
//! use std::sync::Arc;
//! use zoho_backup_core::{clock::Timestamp, json::Json, reply::{self, Body, Reply}};
//! use zoho_backup_core::verdict::{Answer, Knowledge, Policy, State, Tone, verdict};
//!
//! let document: Json = serde_json::from_str(
//!     r#"{"backup":{"status":"SCHEDULED","scheduled_date":"2022-07-26T09:58:45+05:30"}}"#,
//! )?;
//! let backup = reply::read(Reply { status: 200, body: Body::Json(document), retry_at: None }).unwrap();
//! let now = Timestamp::from_millis(1_658_000_000_000);
//! let answer = Answer { backup: backup.map(Arc::new), read_at: Some(now) };
//! let known = Knowledge { answer: Some(answer), ..Knowledge::default() };
//! let shown = verdict(&known, now, &Policy::default());
//! assert_eq!((shown.state, shown.tone), (State::Scheduled, Tone::Good));
//! # Ok::<(), serde_json::Error>(())
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

#[macro_use]
mod words;

pub mod address_space;
pub mod backup;
pub mod clock;
pub mod countdown;
pub mod date_time;
pub mod fault;
pub mod json;
pub mod options;
pub mod outside;
pub mod polling;
pub mod proxy_url;
pub mod recurrence;
pub mod reply;
pub mod verdict;
