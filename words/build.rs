//! Leaves out of the sentences what only their editors read: comments and blank lines would be shipped otherwise.

use std::path::Path;
use std::{env, fs};

const TABLES: [&str; 2] = ["english.txt", "alerts.txt"];

fn main() {
    let directory = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    for table in TABLES {
        let source = Path::new("src").join(table);
        println!("cargo::rerun-if-changed={}", source.display());
        let text = fs::read_to_string(&source).expect("the table is there");
        let is_sentence = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let sentences: Vec<_> = text.lines().filter(is_sentence).collect();
        fs::write(Path::new(&directory).join(table), sentences.join("\n")).expect("OUT_DIR is writable");
    }
}
