//! htmx: swaps replace parts of the page.

use crate::test_case::Test;

pub const TESTS: &[Test] = &[];
