//! A browser widget that shows the state of a Zoho CRM data backup and counts down to the next run.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod clock;
mod detail;
mod feed;
mod fetch;
mod host;
mod intl;
mod json;
mod text;
mod view;
pub mod widget;
