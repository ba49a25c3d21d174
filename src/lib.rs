//! A browser widget that shows the state of a Zoho CRM data backup and counts down to the next run.
//!
//! This library is the way in for Leptos apps: [`BackupStatus`]. Pages without Leptos use the custom element
//! `<zoho-backup-status>`, which the bin `widget` and `www/element.js` make of the same code.
//!
//! ```no_run
//! use leptos::prelude::*;
//! use zoho_backup_status::BackupStatus;
//!
//! #[component]
//! fn Admin() -> impl IntoView {
//!     view! { <BackupStatus proxy_url="/crm/bulk/v6/backup" label="Zoho CRM backup" /> }
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
mod feed;
mod fetch;
mod given;
mod host;
mod intl;
mod json;
mod text;
mod view;
#[doc(hidden)]
pub mod widget;

pub use component::{BackupStatus, BackupStatusProps};
pub use zoho_backup_core as core;

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
