#![doc = include_str!("README.md")]
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
