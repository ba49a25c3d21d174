//! Cards in the reader's language: all of it, at once, and no word of another.

mod cards;
mod loading;
mod steps;
mod tags;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [cards::TESTS, loading::TESTS, tags::TESTS].concat()
}
