//! Leaves out of the sentences what only their editors read: comments and blank lines would be shipped otherwise, and the
//! keys of other languages, which are those of English.

use std::path::{Path, PathBuf};
use std::{env, fs};

const ENGLISH: &str = "english.txt";
const ALERTS: &str = "alerts.txt";
const LANGUAGES: &str = "languages";

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::create_dir_all(out.join(LANGUAGES)).expect("OUT_DIR is writable");
    for table in [ENGLISH, ALERTS] {
        write(&out.join(table), &sentences(&source(table)).collect::<Vec<_>>());
    }
    println!("cargo::rerun-if-changed=src/{LANGUAGES}");
    let english = source(ENGLISH);
    for file in fs::read_dir(Path::new("src").join(LANGUAGES)).expect("the folder is there") {
        let name = file.expect("the folder can be read").file_name();
        let table = source(&format!("{LANGUAGES}/{}", name.to_string_lossy()));
        write(&out.join(LANGUAGES).join(name), &without_keys(&table, &english));
    }
}

fn source(name: &str) -> String {
    let path = Path::new("src").join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(&path).expect("the table is there")
}

fn write(path: &Path, lines: &[&str]) {
    fs::write(path, lines.join("\n")).expect("OUT_DIR is writable");
}

/// The lines that are neither comments nor blank.
fn sentences(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The sentences in the order of the English ones, then the lines that English does not have. A sentence that is missing
/// is an empty line, which a test finds.
fn without_keys<'a>(table: &'a str, english: &str) -> Vec<&'a str> {
    let key = |line: &'a str| line.split_once(" = ");
    let english: Vec<_> = sentences(english).filter_map(|line| line.split(" = ").next()).collect();
    let own: Vec<_> = sentences(table).filter_map(key).collect();
    let of_both = english
        .iter()
        .map(|key| own.iter().find(|(own, _)| own == key).map_or("", |(_, sentence)| *sentence));
    let of_its_own =
        sentences(table).filter(|line| line.split(" = ").next().is_none_or(|own| !english.contains(&own)));
    of_both.chain(of_its_own).collect()
}
