//! Leaves out of the sentences what only their editors read: comments and blank lines would be shipped otherwise.

use std::path::Path;
use std::{env, fs};

const SENTENCES: &str = "src/english.txt";

fn main() {
    println!("cargo::rerun-if-changed={SENTENCES}");
    let text = fs::read_to_string(SENTENCES).expect("src/english.txt is there");
    let is_sentence = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let sentences: Vec<_> = text.lines().filter(is_sentence).collect();
    let directory = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&directory).join("english.txt"), sentences.join("\n")).expect("OUT_DIR is writable");
}
