//! The program as a service: its sockets, its signals, its log, and what it says to the service manager.

#![cfg(unix)]

#[cfg(target_os = "linux")]
mod activation;
mod admin;
mod alerts;
#[path = "../downstream/folder.rs"]
mod folder;
mod handover;
mod load;
mod log;
mod notify;
mod program;
mod reload;
mod remember;
#[allow(dead_code, reason = "not all of it is used here")]
#[path = "../common/reply.rs"]
mod reply;
mod sockets;
