#![doc = include_str!("../README.md")]
//!
//! ## Where is what?
//!
//! [`texts`] has the sentences by key, [`wording`] chooses those of a verdict, [`alerts`] those of an alert, and
//! [`languages`] finds the language of a reader.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod alerts;
pub mod date;
mod english;
pub mod language;
pub mod languages;
pub mod sentence;
mod template;
pub mod texts;
pub mod wording;
