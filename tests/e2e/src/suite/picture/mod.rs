//! The badge as a picture: on pages without scripts, and in the element until the first answer.

mod in_page;
mod in_slot;
mod in_tab;
mod left_open;
mod slot_changes;
pub mod steps;
mod without_widget;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [
        in_page::TESTS,
        left_open::TESTS,
        in_tab::TESTS,
        in_slot::TESTS,
        slot_changes::TESTS,
        without_widget::TESTS,
    ]
    .concat()
}
