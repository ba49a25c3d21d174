//! Time on a fake clock: texts at their boundaries, sleep, wrong clocks, dates, announcements.

mod clock;
mod countdown;
mod dates;
mod rules;
mod steps;
mod updates;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [countdown::TESTS, clock::TESTS, dates::TESTS, rules::TESTS, updates::TESTS].concat()
}
