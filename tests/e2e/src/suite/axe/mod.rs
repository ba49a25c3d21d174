//! axe-core over every widget, in every look.

mod forced_colors;
mod looks;
pub mod run;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [looks::TESTS, forced_colors::TESTS].concat()
}
