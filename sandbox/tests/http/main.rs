//! The sandbox over real sockets.

mod account;
mod badge;
mod client;
mod cors;
mod delivery;
mod https;
mod played;
mod record;
mod scenarios;
mod timelines;
mod token_endpoint;
mod token_required;
