//! The sentences that people read: by key, with placeholders and plural forms. It knows no browser, so that the widget
//! and the gateway can share it.
//!
//! ```
//! use zoho_backup_words::sentence::{Piece, joined};
//! use zoho_backup_words::texts::Texts;
//!
//! let status = || Some(Piece::untrusted("PAUSED"));
//! let sentence = Texts::default().sentence("reason.status-unknown", |_| status());
//! assert_eq!(joined(&sentence), "Zoho reports a status that is not known here: PAUSED.");
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod alerts;
pub mod date;
pub mod sentence;
mod template;
pub mod texts;
pub mod wording;
