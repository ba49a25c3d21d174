//! All tests, in the order in which they run.

mod api;
mod embed;
mod lifecycle;
mod mount;
mod order;
mod policy;
mod scenarios;

use crate::runner::Test;

pub fn all() -> Vec<Test> {
    [embed::TESTS, order::TESTS, scenarios::TESTS, policy::TESTS, lifecycle::TESTS, api::TESTS, mount::TESTS]
        .concat()
}
