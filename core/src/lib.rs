//! The engine of zoho-backup-status: everything that can be decided about a Zoho CRM data backup without a browser.
//!
//! An HTTP reply is read ([`reply`]) into a [`Backup`](backup::Backup) or a [`Fault`](fault::Fault). What is known at an
//! instant becomes a [`Verdict`](verdict::Verdict): what to show and why. [`feed`] decides when to ask again, and
//! [`reader`] what one widget draws and tells. All functions are pure and total: time and chance are passed in, and
//! nothing panics. There are no sentences here, only kinds and parameters.
//!
//! ```
//! use std::time::Duration;
//! use zoho_backup_core::freshness::Freshness;
//! use zoho_backup_core::instant::Timestamp;
//! use zoho_backup_core::json::Json;
//! use zoho_backup_core::knowledge::{Answer, Knowledge};
//! use zoho_backup_core::policy::Policy;
//! use zoho_backup_core::reason::{State, Tone};
//! use zoho_backup_core::reply::{self, Body, Reply};
//! use zoho_backup_core::verdict::verdict;
//!
//! let document: Json = serde_json::from_str(
//!     r#"{"backup":{"status":"SCHEDULED","scheduled_date":"2022-07-26T09:58:45+05:30"}}"#,
//! )?;
//! let details = reply::read(Reply { status: 200, body: Body::Json(document), retry_at: None }).unwrap();
//! let now = Timestamp::from_millis(1_658_000_000_000);
//! let freshness = Some(Freshness::new(now, Duration::ZERO, None));
//! let answer = Answer::new(details, freshness);
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
mod named_enum;

pub mod address_space;
pub mod alert;
pub mod backup;
pub mod calendar;
pub mod clock;
pub mod clock_error;
pub mod countdown;
pub mod date_time;
pub mod fault;
pub mod fault_kind;
pub mod feed;
pub mod freshness;
pub mod gateway_code;
pub mod history;
pub mod instant;
pub mod json;
pub mod knowledge;
pub mod language_tag;
pub mod news;
pub mod no_answer;
pub mod options;
pub mod policy;
pub mod polling;
pub mod proxy_url;
pub mod reader;
pub mod reason;
pub mod recurrence;
pub mod reply;
pub mod request;
pub mod untrusted_text;
pub mod verdict;
