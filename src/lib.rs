//! A browser widget that shows the state of a Zoho CRM data backup and counts down to the next run.
//!
//! This library is the way in for Leptos apps: [`BackupStatus`]. Pages without Leptos use the custom element
//! `<zoho-backup-status>`, which the bin `widget` and the files of `www/` make of the same code.
//!
//! ```no_run
//! use leptos::prelude::*;
//! use zoho_backup_status::{BackupStatus, core::verdict::Verdict};
//!
//! #[component]
//! fn Admin() -> impl IntoView {
//!     let on_change = |verdict: Verdict| leptos::logging::log!("the backup is {}", verdict.state);
//!     view! { <BackupStatus proxy_url="/crm/bulk/v6/backup" on_change=on_change /> }
//! }
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod clock;
mod component;
mod detail;
mod endpoint;
mod events;
mod feed;
mod fetch;
mod given;
mod host;
mod intl;
mod json;
mod model;
mod schedule;
mod text;
mod view;
#[doc(hidden)]
pub mod widget;

pub use component::{BackupStatus, BackupStatusProps};
pub use zoho_backup_core as core;

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
