//! Alerts and heartbeats: what is sent when, however the receiver behaves, and whatever becomes of disk, clock and process.

#[path = "../common/mod.rs"]
mod common;
#[allow(dead_code, reason = "not all of it is used here")]
#[path = "../downstream/folder.rs"]
mod folder;
mod formats;
mod http;
#[cfg(unix)]
mod killed;
mod month;
mod receivers;
mod troubles;
mod weeks;
mod world;
