//! Listeners that change the widget while it fires an event: the widget, its neighbors and the page go on.

mod element;
mod mounted;
mod steps;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [element::TESTS, mounted::TESTS].concat()
}
