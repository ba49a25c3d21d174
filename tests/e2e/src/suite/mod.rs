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
mod next_run;
mod panic;
mod policy;
mod reentrancy;
mod replaced_fetch;
mod time;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [
        embed::TESTS,
        &contract::all(),
        hostile::TESTS,
        &policy::all(),
        loading::TESTS,
        &lifecycle::all(),
        &feed::all(),
        &time::all(),
        layout::TESTS,
        &reentrancy::all(),
        mount::TESTS,
        leptos::TESTS,
        gateway::TESTS,
        replaced_fetch::TESTS,
        panic::TESTS,
    ]
    .concat()
}
