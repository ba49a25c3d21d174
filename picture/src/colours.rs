//! The colours, in light and dark: those of the widget's style sheet. A test of the repository compares both.

use zoho_backup_core::reason::Tone;

/// A colour in light and in dark surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour {
    pub(crate) light: &'static str,
    pub(crate) dark: &'static str,
}

const fn colour(light: &'static str, dark: &'static str) -> Colour {
    Colour { light, dark }
}

/// Of dates.
pub(crate) const INK: Colour = colour("#1c2430", "#e8ecf2");
/// Of what introduces a date.
pub(crate) const QUIET: Colour = colour("#566273", "#a3afbf");
/// Behind the picture: the page's own background may not fit the reader's preference.
pub(crate) const PAPER: Colour = colour("#ffffff", "#161c26");

/// The colour of word and icon, and the one behind them.
pub(crate) const fn of(tone: Tone) -> (Colour, Colour) {
    match tone {
        Tone::Neutral => (colour("#465264", "#c3ccd8"), colour("#e3e8ef", "#2c3646")),
        Tone::Info => (colour("#0b569e", "#93c8ff"), colour("#e5f1fd", "#132f4c")),
        Tone::Good => (colour("#0a6637", "#83e0ab"), colour("#e2f4e8", "#14341f")),
        Tone::Warning => (colour("#824a00", "#ffcf7d"), colour("#fff1d6", "#3d2c0c")),
        Tone::Bad => (colour("#a8171f", "#ffaaa6"), colour("#fde8e8", "#45191b")),
    }
}

/// The tone of a verdict that is not current any more: what was good or under way may be over.
pub(crate) const fn once_expired(tone: Tone) -> Tone {
    match tone {
        Tone::Good | Tone::Info | Tone::Neutral => Tone::Neutral,
        Tone::Warning | Tone::Bad => tone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As core's stale verdicts do.
    #[test]
    fn what_is_not_current_is_neither_good_nor_informative() {
        let expected = [Tone::Neutral, Tone::Neutral, Tone::Neutral, Tone::Warning, Tone::Bad];
        assert_eq!(Tone::ALL.iter().copied().map(once_expired).collect::<Vec<_>>(), expected);
    }
}
