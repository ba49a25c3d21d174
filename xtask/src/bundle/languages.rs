//! The files of other languages than English, and what the script must know of them.

use zoho_backup_words::languages::ALL;

use super::integrity::{short_hash, short_integrity};
use super::placeholders::literal;

/// The most bytes of one file, after brotli 11.
pub const BUDGET: u64 = 3_500;

/// The files, each with its path beside the script.
pub fn files() -> impl Iterator<Item = (String, &'static str)> {
    ALL.iter().map(|available| (path(available.tag), available.language.table()))
}

fn path(tag: &str) -> String {
    format!("lang/{tag}.txt")
}

/// `{ "de-Latn": { url: () => new URL("./lang/de.txt?v=…", import.meta.url), integrity: "sha256-…" }, … }`. With the path
/// as a literal, so that bundlers find the file.
pub fn code() -> String {
    let rows = ALL.iter().map(|available| {
        let table = available.language.table().as_bytes();
        let url = literal(&format!("./{}?v={}", path(available.tag), short_hash(table)));
        let (code, integrity) = (literal(available.code), literal(&short_integrity(table)));
        format!("{code}: {{ url: () => new URL({url}, import.meta.url), integrity: {integrity} }}")
    });
    format!("{{ {} }}", rows.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_names_each_file_as_a_literal() {
        let code = code();
        for (path, table) in files() {
            let url = format!("new URL(\"./{path}?v={}\", import.meta.url)", short_hash(table.as_bytes()));
            assert_eq!(code.matches(&url).count(), 1, "{path}");
            assert!(code.contains(&short_integrity(table.as_bytes())), "{path}");
        }
        assert!(code.starts_with(r#"{ "ar-Arab": { url: () => new URL("./lang/ar.txt?v="#), "{code}");
    }
}
