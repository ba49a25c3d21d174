//! Short names for what wasm and glue share.
//!
//! wasm-bindgen names them `__wbg_createElement_de4a31ed2fb252be` and the like, in both files: bytes that hardly
//! compress, for names that nobody reads in a release.

use std::collections::{HashMap, HashSet};

use anyhow::{Result, bail};
use walrus::Module;

use crate::wasm::MEMORY;

/// The module that all imports of the shortened wasm come from.
pub const SOURCE: &str = "w";

/// The short names, by the long ones.
#[derive(Debug, Default)]
pub struct Names {
    /// The module that the imports came from; `None` when there are none.
    pub source: Option<String>,
    pub imports: HashMap<String, String>,
    pub exports: HashMap<String, String>,
}

impl Names {
    /// Shortens the names in the module: of all imports, and of the exports that the glue uses as a member of `wasm`.
    ///
    /// # Errors
    /// When the imports come from more than one module.
    pub fn shorten(module: &mut Module, used_exports: &HashSet<String>) -> Result<Names> {
        let mut names = Names::default();
        for import in module.imports.iter_mut() {
            let source = names.source.get_or_insert_with(|| import.module.clone());
            if import.module != *source {
                bail!(
                    "the wasm imports from both `{source}` and `{}`, and the glue's keys do not say which is which: \
                     xtask/minify/src/names.rs has to learn it",
                    import.module
                );
            }
            let next = short(names.imports.len());
            let name = names.imports.entry(import.name.clone()).or_insert(next);
            import.name.clone_from(name);
            SOURCE.clone_into(&mut import.module);
        }
        let is_used = |name: &str| name != MEMORY && used_exports.contains(name);
        for export in module.exports.iter_mut().filter(|export| is_used(&export.name)) {
            let next = short(names.exports.len());
            let name = names.exports.entry(export.name.clone()).or_insert(next);
            export.name.clone_from(name);
        }
        Ok(names)
    }
}

/// The shortest names, in turn: a … z, A … Z, aa, ba …
fn short(mut index: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.push(char::from(LETTERS[index % LETTERS.len()]));
        index /= LETTERS.len();
        if index == 0 {
            return name;
        }
        index -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_short_as_can_be_and_differ() {
        assert_eq!([0, 25, 26, 51, 52, 53, 104].map(short), ["a", "z", "A", "Z", "aa", "ba", "ab"]);
        let names: HashSet<String> = (0..10_000).map(short).collect();
        assert_eq!(names.len(), 10_000);
    }
}
