//! Pages with strict policies, damaged files, and frames: what is shown, and what is logged.

mod files;
mod frames;
mod page;
mod steps;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [page::TESTS, files::TESTS, frames::TESTS].concat()
}
