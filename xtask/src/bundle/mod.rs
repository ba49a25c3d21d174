//! The files that a host serves: joined by Trunk's hook, built for a release, and weighed.
//!
//! Minifying is the package `minify`, next to this one: its dependencies take long to compile, and only a release
//! needs them.

pub mod build;
pub mod compress;
mod contract;
pub mod integrity;
pub mod join;
pub mod languages;
mod page;
pub mod placeholders;
pub mod size;

/// The script that a host embeds.
pub const SCRIPT: &str = "zoho-backup-status.js";
/// The module that the script loads.
pub const WASM: &str = "widget_bg.wasm";
