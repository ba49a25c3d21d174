//! The sentences of one language, as one text that compresses well.

use crate::english::ENGLISH;
use crate::template::{find, sentence_of};

/// The sentences of one language, without their keys: a line for each English sentence, in the same order. Lines of
/// `key = sentence` follow, for forms that English does not have. So a table belongs to the build that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language(&'static str);

impl Language {
    pub(crate) const fn new(table: &'static str) -> Language {
        Language(table)
    }

    /// The language of a table that was loaded: what [`Language::table`] of this build returns. It is kept for good, so load
    /// each table once.
    pub fn loaded(table: String) -> Language {
        Language(table.leak())
    }

    /// Its table.
    pub fn table(self) -> &'static str {
        self.0
    }

    /// The sentence of that key; `None` if there is none.
    pub(crate) fn template(self, key: &str) -> Option<&'static str> {
        let of_both = ENGLISH.lines().zip(self.0.lines());
        let mut own = of_both.filter_map(|(english, own)| sentence_of(english, key).map(|_| own));
        own.next().or_else(|| Some(find(self.0, key)).filter(|form| !form.is_empty()))
    }
}
