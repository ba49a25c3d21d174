//! A test, and the table in which a suite lists its tests.

use std::pin::Pin;

use anyhow::Result;

use crate::session::Session;

/// What a test does in its session.
pub type Run = for<'a> fn(&'a mut Session) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

#[derive(Clone, Copy)]
pub struct Test {
    pub group: &'static str,
    pub name: &'static str,
    pub run: Run,
}

impl Test {
    /// `group: name`, by which a test is listed and selected.
    pub fn title(&self) -> String {
        format!("{}: {}", self.group, self.name)
    }
}

/// A table of tests: `tests!("group", "what holds" => function, …)`.
macro_rules! tests {
    ($group:literal, $($name:literal => $run:expr),+ $(,)?) => {
        &[$($crate::test_case::Test { group: $group, name: $name, run: |session| Box::pin($run(session)) }),+]
    };
}

pub(crate) use tests;
