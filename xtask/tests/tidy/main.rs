//! The rules of the repository, as tests: `cargo xtask test tidy`.

mod circles;
mod imports;
mod links;
mod module_tree;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use module_tree::Crate;
use serde_json::Value;

/// What git ignores, and code that is not built on purpose.
const SKIPPED_FOLDERS: [&str; 3] = ["target", "dist", "xtask/tests/tidy/fixtures"];

/// How many circles a failure shows: one import may close many.
const SHOWN_CIRCLES: usize = 20;

#[test]
fn no_file_imports_in_a_circle() {
    let root = root();
    // Tests share files, so that several crates may have the same circle.
    let found: BTreeSet<_> = crates().iter().flat_map(|root_file| circles_of(root_file, &root)).collect();
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|circle| circle.lines().count());
    assert!(
        found.is_empty(),
        "{} circles of imports. Move what both files need into a third one. The shortest:\n\n{}",
        found.len(),
        found[..found.len().min(SHOWN_CIRCLES)].join("\n")
    );
}

#[test]
fn every_rust_file_is_part_of_a_crate() {
    let root = root();
    let loaded = crates().into_iter().flat_map(|root_file| Crate::load(&root_file).unwrap().files);
    let built: BTreeSet<_> = loaded.collect();
    let left_out: Vec<_> = files(&root, &root, "rs")
        .into_iter()
        .filter(|file| !built.contains(file))
        .map(|file| name(&file, &root))
        .collect();
    assert!(left_out.is_empty(), "no `mod` leads to {left_out:?}: add one, or delete the file");
}

#[test]
fn links_in_markdown_lead_somewhere() {
    let root = root();
    let broken: Vec<_> = files(&root, &root, "md")
        .iter()
        .flat_map(|file| links::broken_links(file).into_iter().map(|link| (name(file, &root), link)))
        .collect();
    assert!(broken.is_empty(), "links that lead nowhere: {broken:#?}");
}

/// The circles of one crate, in words.
fn circles_of(root_file: &Path, relative_to: &Path) -> Vec<String> {
    let of = Crate::load(root_file).unwrap();
    let circles = circles::circles(&imports::imports(&of));
    let describe = |circle: &Vec<_>| circles::describe(circle, &of, |file| name(file, relative_to));
    circles.iter().map(describe).collect()
}

/// The repository's root.
fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap().to_owned()
}

/// The root file of every crate of the workspace: libraries, programs, tests, benches.
fn crates() -> Vec<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut metadata = Command::new(cargo);
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root());
    let output = metadata.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let targets = list(&metadata["packages"]).into_iter().flat_map(|package| list(&package["targets"]));
    targets.map(|target| PathBuf::from(target["src_path"].as_str().unwrap())).collect()
}

/// The files with this extension, but for those in [`SKIPPED_FOLDERS`] and in hidden folders.
fn files(folder: &Path, root: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = name(&path, root);
        if path.is_dir() {
            let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if !is_hidden && !SKIPPED_FOLDERS.contains(&name.as_str()) {
                found.extend(files(&path, root, extension));
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found
}

/// The path of a file as the repository's readers know it.
fn name(file: &Path, relative_to: &Path) -> String {
    let file = file.strip_prefix(relative_to).unwrap_or(file);
    file.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod fixtures {
    use super::*;

    fn circles(fixture: &str) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tidy/fixtures").join(fixture);
        circles_of(&folder.join("lib.rs"), &folder)
    }

    #[test]
    fn every_kind_of_circle_is_found_and_named_line_by_line() {
        let expected = [
            "
    by_attribute/a.rs:3 imports by_attribute/another_name.rs by `super::b::date`
    by_attribute/another_name.rs:1 imports by_attribute/a.rs by `super::a::A`
",
            "
    by_inline_path/a.rs:4 imports by_inline_path/b.rs by `crate::by_inline_path::b::b`
    by_inline_path/b.rs:1 imports by_inline_path/a.rs by `crate::by_inline_path::a::A`
",
            "
    by_macro/a.rs:5 imports by_macro/b.rs by `crate::by_macro::b::B`
    by_macro/b.rs:2 imports by_macro/a.rs by `crate::by_macro::a::text`
",
            "
    lib.rs:11 imports by_root.rs by `by_root::limit`
    by_root.rs:2 imports lib.rs by `crate::LIMIT`
",
            "
    by_super/a.rs:1 imports by_super/b.rs by `super::b`
    by_super/b.rs:1 imports by_super/c.rs by `super::c::C`
    by_super/c.rs:5 imports by_super/a.rs by `super::super::a::a`
",
            "
    by_use/a.rs:1 imports by_use/b.rs by `crate::by_use::b`
    by_use/b.rs:3 imports by_use/a.rs by `super::super::a::A`
",
            "
    parent/mod.rs:4 imports parent/child.rs by `child::Child`
    parent/child.rs:1 imports parent/mod.rs by `super::Parent`
",
            "
    parent/mod.rs:9 imports parent/other_child.rs by `other_child::show`
    parent/other_child.rs:1 imports parent/mod.rs by `super`
",
        ];
        let mut expected: Vec<_> = expected.iter().map(|circle| circle.trim_start_matches('\n')).collect();
        let mut found = circles("circles");
        expected.sort_unstable();
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_circle_is_not_reported() {
        assert_eq!(circles("none"), Vec::<String>::new());
    }
}
