//! The attributes: their effect when set at first and when changed later, and what their properties return.

mod appearance;
mod connection;
mod countdown;
mod locale;
mod warnings;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [connection::TESTS, countdown::TESTS, locale::TESTS, appearance::TESTS, warnings::TESTS].concat()
}
