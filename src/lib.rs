//! A browser widget that shows the state of a Zoho CRM data backup and counts down to the next run.
//!
//! This library is for Leptos apps: [`BackupStatus`]. Pages without Leptos use the custom element
//! `<zoho-backup-status>`, which the bin `widget` and the files of `www/` build from the same code.
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

mod component;
mod detail;
mod endpoint;
mod events;
mod feed;
mod fetch;
mod host_input;
mod intl;
mod json;
mod loaded_languages;
mod model;
mod page;
mod scene;
mod schedule;
mod settings;
mod signals;
mod state_set;
mod view;
#[doc(hidden)]
pub mod widget;

pub use component::{BackupStatus, BackupStatusProps};
pub use zoho_backup_core as core;
pub use zoho_backup_words::language::Language;
pub use zoho_backup_words::languages;

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
