//! The recipes of docs/embedding.md, from its own text, on a portal that serves page, files and gateway on one origin.

mod accounts;
mod frames;
mod htmx;
mod origins;
mod page;
mod sign_on;
mod steps;
mod turbo;

use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [page::TESTS, accounts::TESTS, origins::TESTS, sign_on::TESTS, turbo::TESTS, htmx::TESTS, frames::TESTS]
        .concat()
}
