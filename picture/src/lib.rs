#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod colours;
mod drawing;
mod expiry;
pub mod icons;
mod sentences;
mod style;
mod text_width;
pub mod theme;
mod xml;

use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::options::Theme;
use zoho_backup_core::verdict::Verdict;
use zoho_backup_words::language::Language;

use crate::expiry::Expiry;
use crate::sentences::Sentences;

/// The media type of a picture.
pub const MEDIA_TYPE: &str = "image/svg+xml; charset=utf-8";

/// The badge of a verdict, as a picture.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// What it shows.
    pub verdict: &'a Verdict,
    /// The instant at which it is drawn, by the verdict's clock.
    pub now: Timestamp,
    /// Its colours. [`Theme::Auto`]: light or dark as its reader prefers.
    pub theme: Theme,
    /// The language of its sentences; `None`: English.
    pub language: Option<Language>,
}

impl Picture<'_> {
    /// The picture as an SVG document.
    pub fn svg(&self) -> String {
        drawing::svg(&self.sentences(), &self.style(), self.expiry())
    }

    /// The content of its only `style` element, whose hash a Content-Security-Policy may allow. It depends on the tone,
    /// the theme, and the time until the verdict may change.
    pub fn style(&self) -> String {
        style::style(self.verdict.tone, self.theme, self.expiry())
    }

    /// What it says to those who do not see it, and in a tooltip.
    pub fn title(&self) -> String {
        self.sentences().title()
    }

    /// The BCP 47 tag of the language that it is in.
    pub fn language_tag(&self) -> String {
        self.sentences().language_tag()
    }

    fn sentences(&self) -> Sentences<'_> {
        Sentences::new(self.verdict, self.now, self.language)
    }

    fn expiry(&self) -> Expiry {
        Expiry::of(self.verdict, self.now)
    }
}
