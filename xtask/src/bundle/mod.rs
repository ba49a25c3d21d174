//! The files that a host serves: joined by Trunk's hook, built for a release, weighed, and packaged.
//!
//! Minifying is the package `minify`, next to this one: its dependencies take long to compile, and only a release
//! needs them.

pub mod build;
mod compress;
mod contract;
mod integrity;
pub mod join;
mod languages;
pub mod package;
mod page;
mod placeholders;
pub mod size;

/// The script that a host embeds.
const SCRIPT: &str = "zoho-backup-status.js";
/// The module that the script loads.
const WASM: &str = "widget_bg.wasm";
