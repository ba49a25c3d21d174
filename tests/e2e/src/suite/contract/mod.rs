//! The contract with hosts: one test or more for each of its rows, which `www/custom-elements.json` lists.

mod attribute;
mod declared;
mod event;
mod part;
mod property;
mod state;
mod verdict;

use super::feed;
use crate::runner::Test;

pub fn all() -> Vec<Test> {
    [
        declared::TESTS,
        attribute::TESTS,
        feed::REFRESH_INTERVAL,
        property::TESTS,
        property::METHODS,
        event::TESTS,
        part::TESTS,
        state::TESTS,
        verdict::TESTS,
        feed::VERDICTS,
    ]
    .concat()
}

/// A reply document of the host's own, its next run so many seconds from now.
fn supplied(seconds: i64) -> String {
    format!(
        "{{ backup: {{
           id: '1', status: 'SCHEDULED', rrule: 'RRULE:FREQ=DAILY',
           scheduled_date: new Date(Date.now() + {seconds} * 1000).toISOString(),
           start_date: '2020-01-01T00:00:00Z', requester: {{ id: '2', name: 'Host' }},
         }} }}"
    )
}

#[cfg(test)]
mod tests {
    use super::declared::manifest;
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
