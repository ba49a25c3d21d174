//! All tests, in the order in which they run.

mod contract;
mod embed;
mod feed;
mod gateway;
mod hostile;
mod layout;
mod leptos;
mod lifecycle;
mod loading;
mod mount;
mod order;
mod panic;
mod policy;
mod reentrancy;
mod robust;
mod time;
mod wrapped;

use crate::runner::Test;

/// In milliseconds.
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

pub fn all() -> Vec<Test> {
    [
        embed::TESTS,
        order::TESTS,
        &contract::all(),
        hostile::TESTS,
        policy::TESTS,
        loading::TESTS,
        lifecycle::TESTS,
        &feed::all(),
        time::TESTS,
        layout::TESTS,
        reentrancy::TESTS,
        mount::TESTS,
        leptos::TESTS,
        gateway::TESTS,
        robust::TESTS,
        panic::TESTS,
        wrapped::TESTS,
    ]
    .concat()
}
