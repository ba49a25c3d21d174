//! The package's name and version, and those of its files that are copied as they are.

use crate::bundle::compress::FORMS;
use crate::bundle::{SCRIPT, WASM, languages};

/// The name of the package on npm.
pub const NAME: &str = "zoho-backup-status";

/// The version of all packages of the workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The script's integrity, one line as in a script tag. The gateway compares it with the script that it serves.
pub const INTEGRITY: &str = "integrity.txt";

/// Declarations for the tools of a host's developers, from www/.
pub const DECLARATIONS: [&str; 6] = [
    "custom-elements.json",
    "zoho-backup-status.d.ts",
    "zoho-backup-status.preact.d.ts",
    "zoho-backup-status.react.d.ts",
    "zoho-backup-status.svelte.d.ts",
    "zoho-backup-status.vue.d.ts",
];

const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Each file in the repository, and its name in the package: what pages load, with its compressed forms, the declarations
/// and the licences.
pub fn copied() -> impl Iterator<Item = (String, String)> {
    let languages = languages::files().map(|(file, _)| file);
    let loaded = [SCRIPT, WASM].into_iter().map(str::to_owned).chain(languages);
    let with_forms = loaded.flat_map(|file| {
        let compressed = FORMS.map(|(extension, _)| format!("{file}.{extension}"));
        std::iter::once(file).chain(compressed)
    });
    let from = |folder: &'static str| move |file: String| (format!("{folder}{file}"), file);
    with_forms
        .map(from("dist/"))
        .chain(DECLARATIONS.map(str::to_owned).map(from("www/")))
        .chain(LICENCES.map(str::to_owned).map(from("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_load_has_its_compressed_forms() {
        let names: Vec<_> = copied().map(|(_, name)| name).collect();
        for file in [SCRIPT, WASM, "lang/de.txt"] {
            for name in [file.to_owned(), format!("{file}.br"), format!("{file}.gz")] {
                assert!(names.contains(&name), "{name} is missing: {names:?}");
            }
        }
    }
}
