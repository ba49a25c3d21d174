//! A gateway with one fixed function, between the backup-status widget and Zoho. It holds the OAuth secrets, renews
//! tokens, answers one request, and saves the account's API credits.
//!
//! It is no CORS proxy: the server, the request and the headers that it sends are fixed. It does not authenticate its
//! readers.
//!
//! The library is for the program and its tests, and may change in any version: install the program, and rely on its
//! settings and its answers.
//!
//! A request passes through [`router`], [`finish_response`], [`guard`] and [`gateway`]. An answer comes from [`zoho`]
//! through [`token_holder`] and [`answers`], and [`respond`] sends it; or [`judgement`] judges it, and [`picture`] draws it.
//! [`watch`] asks without a reader, [`store`] remembers what every answer said, and [`alerts`] tell somebody.

pub mod accept_language;
pub mod admin;
pub mod alerts;
pub mod answers;
pub mod backup_document;
pub mod badge_sites;
pub mod config;
pub mod content_coding;
pub mod data_center;
pub mod document;
pub mod error_shape;
pub mod export;
pub mod exposition;
pub mod failure;
pub mod finish_response;
pub mod gateway;
pub mod guard;
pub mod idle_limit;
#[cfg(unix)]
pub mod inherited_sockets;
pub mod json_value;
pub mod judgement;
pub mod listener;
pub mod listeners;
pub mod log;
pub mod memory_dump;
pub mod metrics;
pub mod observations;
pub mod observed_upstream;
pub mod origin;
pub mod own_host;
pub mod picture;
pub mod probe;
pub mod readiness;
pub mod renewal_log;
pub mod representation;
pub mod request_id;
pub mod request_refusal;
pub mod respond;
pub mod retry_after;
pub mod route;
pub mod router;
pub mod secret;
pub mod serve;
#[cfg(unix)]
pub mod service_manager;
pub mod signals;
pub mod status;
pub mod store;
pub mod token_holder;
#[cfg(unix)]
pub mod unix_socket;
pub mod unread_limit;
pub mod upkeep;
pub mod upstream_proxy;
pub mod watch;
pub mod weighted;
pub mod widget_files;
pub mod zoho;
pub mod zoho_clock;
