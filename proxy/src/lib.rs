//! A fixed-function gateway between the backup-status widget and Zoho: it holds the OAuth secrets, renews tokens,
//! answers one question only, and keeps the account's API credits.
//!
//! It is no CORS proxy: whom it asks, what, and with which headers is fixed. It does not authenticate its readers.

pub mod account;
pub mod answers;
pub mod config;
pub mod data_center;
pub mod document;
pub mod failure;
pub mod gateway;
pub mod origin;
pub mod respond;
pub mod secret;
pub mod serve;
pub mod widget;
pub mod zoho;
