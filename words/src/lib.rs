//! The sentences that people read: by key, with placeholders and plural forms, in several languages. It knows no browser, so
//! that the widget and the gateway can share it.
//!
//! ```
//! use zoho_backup_words::sentence::{Piece, joined};
//! use zoho_backup_words::texts::Texts;
//!
//! let status = |_: &str| vec![Piece::untrusted("PAUSED")];
//! let sentence = Texts::default().sentence("reason.status-unknown", &status);
//! assert_eq!(joined(&sentence), "Zoho reports a status that is not known here: PAUSED.");
//! ```
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
