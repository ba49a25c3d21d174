//! All tests, in the order in which they run.

mod api;
mod embed;
mod feed;
mod hostile;
mod layout;
mod lifecycle;
mod loading;
mod mount;
mod options;
mod order;
mod policy;
mod reentrancy;
mod robust;
mod scenarios;
mod wrapped;

use crate::runner::Test;

pub fn all() -> Vec<Test> {
    [
        embed::TESTS,
        order::TESTS,
        scenarios::TESTS,
        hostile::TESTS,
        policy::TESTS,
        loading::TESTS,
        lifecycle::TESTS,
        feed::TESTS,
        options::TESTS,
        layout::TESTS,
        api::TESTS,
        reentrancy::TESTS,
        mount::TESTS,
        robust::TESTS,
        wrapped::TESTS,
    ]
    .concat()
}
