//! Loading: the early request for the data, the skeleton, and scripts and wasm that do not load at first or at all.

mod attempts;
mod bundled;
mod first_load;
mod not_again;
mod skeleton;
mod steps;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [first_load::TESTS, skeleton::TESTS, attempts::TESTS, not_again::TESTS, bundled::TESTS].concat()
}
