//! The tests that an engine cannot run, with the reason. All other tests run in all engines.

use crate::engine::Engine;
use crate::test_case::Test;

/// (engine, title of the test, reason)
const EXCEPTIONS: &[(Engine, &str, &str)] = &[
    (
        Engine::Webkit,
        "policy: a proxy of the local network that a page of another host cannot reach is named in the notice",
        "MiniBrowser cannot map an invented host name to this computer, and the page needs one",
    ),
    (Engine::Webkit, "feed: a window behind another sends no request", NOT_HIDDEN),
    (
        Engine::Webkit,
        "picture: a picture in a window behind another is neutral when the window is seen again",
        NOT_HIDDEN,
    ),
    (Engine::Webkit, LOADED_BEHIND, NOT_HIDDEN),
    (Engine::Firefox, "axe: in forced colours cards have no violation", NOT_FORCED),
    (Engine::Firefox, "axe: in forced colours badges have no violation", NOT_FORCED),
    (Engine::Webkit, "axe: in forced colours cards have no violation", NOT_FORCED),
    (Engine::Webkit, "axe: in forced colours badges have no violation", NOT_FORCED),
    (Engine::Firefox, "past runs: in forced colours the icons have the colour of text", NOT_FORCED),
    (Engine::Webkit, "past runs: in forced colours the icons have the colour of text", NOT_FORCED),
    (Engine::Firefox, "picture: without a theme it follows the reader's preference", NOT_PREFERRED),
    (Engine::Firefox, "picture: with reduced motion, too", NOT_PREFERRED),
    (Engine::Webkit, "picture: without a theme it follows the reader's preference", NOT_PREFERRED),
    (Engine::Webkit, "picture: with reduced motion, too", NOT_PREFERRED),
    (
        Engine::Webkit,
        "picture: without a theme it follows the color-scheme of the page",
        "WebKit does not pass the page's color-scheme on to pictures: they follow the reader's preference",
    ),
    (Engine::Chromium, BELOW, STARTS_WHEN_DRAWN),
    (Engine::Firefox, BELOW, STARTS_WHEN_DRAWN),
    (Engine::Firefox, LOADED_BEHIND, STARTS_WHEN_DRAWN),
];

const BELOW: &str =
    "picture: a picture that was below the window meanwhile is neutral when it is scrolled into view";
const LOADED_BEHIND: &str =
    "picture: a picture that is loaded in a window behind another is neutral when the window is seen";

const STARTS_WHEN_DRAWN: &str =
    "it starts the animations of a picture when it draws the picture for the first time";
const NOT_HIDDEN: &str =
    "MiniBrowser opens no window for a script of the driver, and does not hide a window behind another tab";
const NOT_PREFERRED: &str = "only Chromium's driver can set what the reader prefers";
const NOT_FORCED: &str = "only Chromium's driver can force colours";

/// The reason why this engine cannot run this test, if it cannot.
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
    use crate::suite;
    use crate::test_case::Test;

    #[test]
    fn every_exception_is_a_test() {
        let titles: Vec<_> = suite::all().iter().map(Test::title).collect();
        for (_, title, _) in EXCEPTIONS {
            assert!(titles.iter().any(|known| known == title), "there is no test {title}");
        }
    }
}
