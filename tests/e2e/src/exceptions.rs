//! The tests that an engine cannot run, each with the reason. All others run in all engines.

use crate::engine::Engine;
use crate::runner::Test;

/// (engine, title of the test, why not)
const EXCEPTIONS: &[(Engine, &str, &str)] = &[
    (
        Engine::Webkit,
        "policy: a proxy of the local network, for a page of another host: the notice says so",
        "MiniBrowser cannot be told the address of a made-up host, and the page needs one that is not this computer's",
    ),
    (
        Engine::Webkit,
        "feed: a window behind another asks nothing",
        "MiniBrowser opens no window for a driver's script, and does not hide one behind a tab of the driver's",
    ),
];

/// Why this engine cannot run this test, if it cannot.
pub fn reason(engine: Engine, test: &Test) -> Option<&'static str> {
    let title = test.title();
    EXCEPTIONS
        .iter()
        .find(|(left_out, name, _)| *left_out == engine && *name == title)
        .map(|(.., reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::EXCEPTIONS;
    use crate::runner::Test;
    use crate::suite;

    #[test]
    fn every_exception_is_a_test() {
        let titles: Vec<_> = suite::all().iter().map(Test::title).collect();
        for (_, title, _) in EXCEPTIONS {
            assert!(titles.iter().any(|known| known == title), "there is no test {title}");
        }
    }
}
