//! The picture's style sheet: its colours, and the animation that ends it.

use zoho_backup_core::options::Theme;
use zoho_backup_core::reason::Tone;

use crate::colours::{self, Colour, INK, PAPER, QUIET, once_expired};
use crate::expiry::Expiry;

/// What does not depend on the verdict. `now` is what the picture says at first, `late` what it says in the end.
const SHAPES: &str = "\
text{font-family:system-ui,sans-serif;fill:var(--quiet);font-size:11px}\
.date{fill:var(--ink);font-variant-numeric:tabular-nums}\
.word,.strong{fill:var(--tone);font-weight:600}\
.word{font-size:14px}\
.paper{fill:var(--paper)}\
.wash{fill:var(--wash)}\
path{fill:none;stroke:var(--tone);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}\
.dots{stroke-width:3}";

/// The style sheet of a picture in this tone.
pub(crate) fn style(tone: Tone, theme: Theme, expiry: Expiry) -> String {
    let light = colours(tone, expiry, |colour| colour.light);
    let dark = colours(tone, expiry, |colour| colour.dark);
    let colours = match theme {
        Theme::Light => format!(":root{{color-scheme:light}}{light}"),
        Theme::Dark => format!(":root{{color-scheme:dark}}{dark}"),
        Theme::Auto => {
            format!(":root{{color-scheme:light dark}}{light}@media (prefers-color-scheme:dark){{{dark}}}")
        }
    };
    [&colours, SHAPES, &animation(expiry)].concat()
}

/// The colours in the one or the other surroundings.
fn colours(tone: Tone, expiry: Expiry, of: impl Fn(Colour) -> &'static str) -> String {
    let toned = |class: &str, tone: Tone| {
        let (ink, wash) = colours::of(tone);
        format!(".{class}{{--tone:{};--wash:{}}}", of(ink), of(wash))
    };
    let common = format!("svg{{--ink:{};--quiet:{};--paper:{}}}", of(INK), of(QUIET), of(PAPER));
    let now = if expiry == Expiry::Past { String::new() } else { toned("now", tone) };
    let late = if expiry == Expiry::Never { String::new() } else { toned("late", once_expired(tone)) };
    [common, now, late].concat()
}

/// Replaces what the picture says at the instant at which it may not be so any more, also where motion is reduced:
/// nothing moves.
fn animation(expiry: Expiry) -> String {
    let Expiry::After(length) = expiry else { return String::new() };
    let delay = format!("{}.{}s", length.as_secs(), length.subsec_millis() / 100);
    format!(
        ".now{{animation:end 1ms step-start {delay} forwards}}\
         .late{{opacity:0;animation:begin 1ms step-start {delay} forwards}}\
         @keyframes end{{to{{opacity:0}}}}\
         @keyframes begin{{to{{opacity:1}}}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const TEN_MINUTES: Expiry = Expiry::After(Duration::from_secs(600));

    /// The declarations of all rules with this selector.
    fn rules(style: &str, selector: &str) -> String {
        style.split(&format!("{selector}{{")).skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn a_theme_has_its_own_colours_only() {
        for tone in Tone::ALL {
            for expiry in [TEN_MINUTES, Expiry::Past, Expiry::Never] {
                let [auto, light, dark] =
                    [Theme::Auto, Theme::Light, Theme::Dark].map(|theme| style(*tone, theme, expiry));
                assert!(auto.contains(":root{color-scheme:light dark}") && auto.contains(INK.dark), "{tone}");
                assert!(light.contains(":root{color-scheme:light}") && !light.contains(INK.dark), "{tone}");
                assert!(dark.contains(":root{color-scheme:dark}") && !dark.contains(INK.light), "{tone}");
                assert!(!light.contains("@media") && !dark.contains("@media"), "{tone}");
            }
        }
    }

    #[test]
    fn nothing_good_or_informative_is_left_in_the_end() {
        for tone in [Tone::Good, Tone::Info] {
            let (ink, wash) = colours::of(tone);
            let own = [ink.light, ink.dark, wash.light, wash.dark];
            let animated = style(tone, Theme::Auto, TEN_MINUTES);
            for colour in own {
                assert!(rules(&animated, ".now").contains(colour), "{tone} at first: {animated}");
                assert!(!rules(&animated, ".late").contains(colour), "{tone} in the end: {animated}");
                assert_eq!(animated.matches(colour).count(), 1, "{tone}: nowhere else");
            }
            let past = style(tone, Theme::Auto, Expiry::Past);
            assert!(own.iter().all(|colour| !past.contains(colour)), "{tone}: {past}");
            assert!(rules(&animated, "@keyframes end{to").contains("opacity:0"));
        }
    }

    #[test]
    fn only_what_expires_is_animated() {
        for (expiry, delay) in [
            (Expiry::After(Duration::ZERO), Some("0.0s")),
            (Expiry::After(Duration::from_millis(9_900)), Some("9.9s")),
            (TEN_MINUTES, Some("600.0s")),
            (Expiry::Past, None),
            (Expiry::Never, None),
        ] {
            let style = style(Tone::Good, Theme::Auto, expiry);
            assert_eq!(style.contains("animation"), delay.is_some(), "{expiry:?}");
            let animated = delay.map_or(0, |delay| style.matches(&format!(" {delay} forwards")).count());
            assert_eq!(animated, if delay.is_some() { 2 } else { 0 }, "{expiry:?}: {style}");
            assert!(!style.contains("prefers-reduced-motion"));
        }
    }

    /// Else its hash would not be that of the element's text.
    #[test]
    fn a_style_needs_no_escaping() {
        for tone in Tone::ALL {
            let style = style(*tone, Theme::Auto, TEN_MINUTES);
            assert!(!style.contains(['&', '<', '>']) && style.is_ascii(), "{style}");
        }
    }
}
