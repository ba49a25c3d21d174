//! A feed over time: when it sends requests, and what widgets show on bad networks and with answers that age.

pub mod ageing;
mod away;
pub mod cadence;
mod clock_changes;
mod joining;
mod outage;
mod refresh;
mod steps;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [
        cadence::TESTS,
        joining::TESTS,
        ageing::TESTS,
        outage::TESTS,
        away::TESTS,
        clock_changes::TESTS,
        refresh::TESTS,
    ]
    .concat()
}
