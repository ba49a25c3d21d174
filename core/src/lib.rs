#![doc = include_str!("../README.md")]
//!
//! ## Where is what?
//!
//! An HTTP reply is read ([`reply`]) into a [`Backup`](backup::Backup) or a [`Fault`](fault::Fault). What is known at an
//! instant becomes a [`Verdict`](verdict::Verdict): what to show and why. [`feed`] decides when to ask again, and
//! [`reader`] what one widget draws and tells. [`history`] makes runs of observations, and [`alert`] decides what somebody
//! is told of them. There are no sentences here, only kinds and parameters.
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
