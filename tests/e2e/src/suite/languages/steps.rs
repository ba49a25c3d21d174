//! Steps that tests of languages share.

use anyhow::{Context, Result};
use serde_json::Value;
use zoho_backup_words::languages::{ALL, Available};
use zoho_backup_words::texts::Texts;

use crate::session::Session;

/// The language of this tag.
pub fn available(tag: &str) -> Result<&'static Available> {
    ALL.iter().find(|language| language.tag == tag).with_context(|| format!("there is no {tag}"))
}

/// The sentences of this tag; English, if there is no such language.
pub fn texts(tag: &str) -> Texts {
    let language = ALL.iter().find(|language| language.tag == tag);
    Texts::default().in_language(language.map(|language| language.language))
}

/// The path of the file of this tag.
pub fn file(tag: &str) -> String {
    format!("/lang/{tag}.txt")
}

/// What the root of `w` says of itself, and the widget's own label and word: `[lang, dir, label, word]`.
const MARKED: &str = "(([root]) => [root.lang, root.dir, ...['[part=label]', '.badge > span']
   .map((it) => oneLine(root.querySelector(it)?.textContent ?? ''))])([w.shadowRoot.querySelector('.widget')])";

/// Checks that `w` shows a scheduled backup in the language of this tag, and says that it is in `lang`.
pub async fn is_in(session: &Session, tag: &str, lang: &str) -> Result<()> {
    let texts = texts(tag);
    let expected =
        [lang.to_owned(), texts.plain("direction"), texts.plain("label"), texts.plain("word.scheduled")];
    let expected = Value::from(expected.to_vec());
    session
        .wait(&format!(
            "w.shadowRoot.querySelector('.widget') && JSON.stringify({MARKED}) === JSON.stringify({expected})"
        ))
        .await
        .with_context(|| format!("not in {tag}, marked as {lang}"))
}

/// Makes `w` the first widget of the page, and keeps in `__seen` every language and label that it shows from now on, as
/// `lang label`.
pub const WATCH: &str = "await customElements.whenDefined('zoho-backup-status');
   window.w = widget();
   window.__seen = new Set();
   const note = () => {
     const root = w.shadowRoot.querySelector('.widget');
     const label = root?.querySelector('[part=label]');
     if (label) __seen.add(`${root.lang} ${oneLine(label.textContent)}`);
   };
   new MutationObserver(note).observe(w.shadowRoot, { attributes: true, childList: true, characterData: true, subtree: true });
   note();";

/// All that `WATCH` has seen.
pub async fn seen(session: &Session) -> Result<Vec<String>> {
    session.eval("[...__seen]").await
}
