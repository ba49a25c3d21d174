//! The contract with hosts: at least one test for each row of `www/custom-elements.json`.

mod attribute;
mod declared;
mod event;
mod manifest;
mod part;
mod property;
mod state;
pub mod supplied;
mod verdict;

pub use verdict::every_scenario;

use super::feed::{ageing, cadence};
use crate::test_case::Test;

pub fn all() -> Vec<Test> {
    [
        declared::TESTS,
        &attribute::all(),
        cadence::REFRESH_INTERVAL,
        property::TESTS,
        property::METHODS,
        event::TESTS,
        part::TESTS,
        state::TESTS,
        verdict::TESTS,
        ageing::VERDICTS,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::manifest::manifest;
    use super::*;

    #[test]
    fn every_row_has_a_test() {
        let manifest = manifest();
        let groups = [
            ("attribute", &manifest.attributes),
            ("property", &manifest.properties),
            ("method", &manifest.methods),
            ("event", &manifest.events),
            ("part", &manifest.parts),
            ("state", &manifest.states),
        ];
        let titles: Vec<_> = all().iter().map(Test::title).collect();
        let mut missing = Vec::new();
        for (group, names) in groups {
            assert!(!names.is_empty(), "the manifest has no {group}");
            missing.extend(names.iter().map(|name| format!("contract {group}: {name}")).filter(|row| {
                // Reflected properties are tested with their attributes.
                let is_row = |title: &String| {
                    title
                        .strip_prefix(row.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
                };
                !titles.iter().any(is_row)
            }));
        }
        assert!(missing.is_empty(), "no test for {missing:?}");
    }
}
