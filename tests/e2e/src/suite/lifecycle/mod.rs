//! Elements are created, moved, changed and removed; requests and timers follow them.

mod changes;
mod creation;
mod moves;
mod steps;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [creation::TESTS, moves::TESTS, changes::TESTS].concat()
}
