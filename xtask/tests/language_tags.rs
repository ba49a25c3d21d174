//! Words and script agree on language tags: `www/language-cases.json` says which tag leads to which language.
//!
//! The rule of `words` is tested here, the script's in a whole page.

use serde_json::Value;
use zoho_backup_words::languages::{ALL, of_tag};

const CASES: &str = include_str!("../../www/language-cases.json");

fn cases() -> Vec<Value> {
    serde_json::from_str(CASES).unwrap()
}

#[test]
fn a_reader_gets_the_language_of_the_tag() {
    for case in cases() {
        let tag = case["tag"].as_str().unwrap();
        assert_eq!(of_tag(tag).map(|available| available.code), case["code"].as_str(), "{tag}");
    }
}

#[test]
fn the_table_has_every_language() {
    for available in ALL {
        assert!(cases().iter().any(|case| case["code"] == available.code), "{} has no case", available.tag);
    }
}
