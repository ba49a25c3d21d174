//! All tests, in the order in which they run.

mod api;
mod embed;
mod feed;
mod hostile;
mod lifecycle;
mod mount;
mod options;
mod order;
mod policy;
mod reentrancy;
mod scenarios;

use crate::runner::Test;

pub fn all() -> Vec<Test> {
    [
        embed::TESTS,
        order::TESTS,
        scenarios::TESTS,
        hostile::TESTS,
        policy::TESTS,
        lifecycle::TESTS,
        feed::TESTS,
        options::TESTS,
        api::TESTS,
        reentrancy::TESTS,
        mount::TESTS,
    ]
    .concat()
}
