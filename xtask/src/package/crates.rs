//! The crates that are compiled into the wasm, as cargo resolves them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command::{cargo, output, root};
use crate::disk::read;

const TARGET: &str = "wasm32-unknown-unknown";

/// The crate of the widget itself.
const WIDGET: &str = "zoho-backup-status";

/// A crate of the widget's dependency tree. The linker may have left nothing of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crate {
    pub name: String,
    pub version: String,
    pub description: Option<String>,
    /// An SPDX expression.
    pub licence: String,
    pub authors: Vec<String>,
    /// Its sources.
    pub folder: PathBuf,
    /// Whether it is one of this repository.
    pub is_ours: bool,
    /// SHA-256 of the package in the registry, from Cargo.lock.
    pub checksum: Option<String>,
    /// The package URLs of the crates that it is built with.
    pub dependencies: Vec<String>,
}

impl Crate {
    /// Its package URL: `pkg:cargo/leptos@0.8.23`.
    pub fn url(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version.replace('+', "%2B"))
    }
}

/// The widget and every crate that it is built with, sorted; none that only runs in the compiler.
///
/// # Errors
/// When cargo cannot resolve them.
pub fn compiled_in() -> Result<Vec<Crate>> {
    // Both: `cargo tree` knows with which features a crate is built, and so which others it needs; `cargo metadata` knows
    // their licences.
    let features = ["--features", "widget"];
    let mut tree = cargo(["tree", "--locked", "--package", WIDGET, "--target", TARGET]);
    tree.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]).args(features);
    let tree = output(&mut tree).context("`cargo tree` failed")?;
    let built: BTreeSet<_> = tree.lines().filter_map(name_and_version).collect();
    let mut metadata = cargo(["metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET]);
    let metadata = output(&mut metadata).context("`cargo metadata` failed")?;
    let mut crates = described(&serde_json::from_str(&metadata)?, &built);
    let lock = read(&root().join("Cargo.lock"))?;
    for one in &mut crates {
        one.checksum = checksum(&lock, one).map(str::to_owned);
    }
    if crates.len() != built.len() {
        bail!("cargo builds {} crates and describes {} of them", built.len(), crates.len());
    }
    Ok(crates)
}

/// Name and version in `leptos v0.8.23` and `zoho-backup-core v0.1.0 (/path/core)`, which may end with ` (*)`.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}

/// The checksum of a package in the text of a Cargo.lock.
fn checksum<'a>(lock: &'a str, one: &Crate) -> Option<&'a str> {
    let start = format!("name = \"{}\"\nversion = \"{}\"\n", one.name, one.version);
    let (_, package) = lock.split_once(&start)?;
    let package = package.split("[[package]]").next()?;
    package.lines().find_map(|line| line.strip_prefix("checksum = \"")?.strip_suffix('"'))
}

/// The `built` packages of cargo's metadata.
fn described(metadata: &Value, built: &BTreeSet<(&str, &str)>) -> Vec<Crate> {
    let packages: BTreeMap<_, _> = list(&metadata["packages"])
        .iter()
        .filter(|package| built.contains(&(text(&package["name"]), text(&package["version"]))))
        .map(|package| (text(&package["id"]), described_alone(package)))
        .collect();
    let urls: BTreeMap<_, _> = packages.iter().map(|(id, package)| (*id, package.url())).collect();
    let nodes: BTreeMap<_, _> =
        list(&metadata["resolve"]["nodes"]).iter().map(|node| (text(&node["id"]), node)).collect();
    let with_dependencies = packages.into_iter().map(|(id, package)| {
        let node = nodes.get(id).map_or(&Value::Null, |node| *node);
        let normal = list(&node["deps"])
            .iter()
            .filter(|dependency| list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()));
        let dependencies: BTreeSet<_> =
            normal.filter_map(|dependency| urls.get(text(&dependency["pkg"])).cloned()).collect();
        Crate { dependencies: dependencies.into_iter().collect(), ..package }
    });
    let mut crates: Vec<_> = with_dependencies.collect();
    crates.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    crates
}

fn described_alone(package: &Value) -> Crate {
    let manifest = PathBuf::from(text(&package["manifest_path"]));
    Crate {
        name: text(&package["name"]).to_owned(),
        version: text(&package["version"]).to_owned(),
        description: package["description"]
            .as_str()
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")),
        // Older manifests separate alternatives by a slash.
        licence: text(&package["license"]).replace('/', " OR "),
        authors: list(&package["authors"]).iter().map(|author| text(author).to_owned()).collect(),
        folder: manifest.parent().map(PathBuf::from).unwrap_or_default(),
        is_ours: package["source"].is_null(),
        ..Crate::default()
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_of_the_tree_are_read() {
        let cases = [
            ("leptos v0.8.23", Some(("leptos", "0.8.23"))),
            ("toml v1.2.1+spec-1.1.0", Some(("toml", "1.2.1+spec-1.1.0"))),
            ("zoho-backup-core v0.1.0 (/path/core)", Some(("zoho-backup-core", "0.1.0"))),
            ("serde v1.0.229 (*)", Some(("serde", "1.0.229"))),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(name_and_version(line), expected, "{line:?}");
        }
    }

    #[test]
    fn a_crate_has_the_dependencies_that_are_built_in() {
        let metadata = json!({
            "packages": [
                {"id": "b 1", "name": "b", "version": "1.0.0", "license": "MIT/Apache-2.0", "source": "registry",
                 "authors": ["A. Author <a@b.example>"], "manifest_path": "/registry/b-1.0.0/Cargo.toml"},
                {"id": "a 1", "name": "a", "version": "0.1.0", "license": "MIT", "source": null, "authors": [],
                 "description": "Two\n  lines", "manifest_path": "/here/Cargo.toml"},
                {"id": "b 2", "name": "b", "version": "2.0.0", "license": "MIT"},
            ],
            "resolve": {"nodes": [
                {"id": "a 1", "deps": [
                    {"pkg": "b 1", "dep_kinds": [{"kind": null}, {"kind": "build"}]},
                    {"pkg": "b 2", "dep_kinds": [{"kind": null}]},
                    {"pkg": "a 1", "dep_kinds": [{"kind": "dev"}]},
                ]},
            ]},
        });
        let crates = described(&metadata, &BTreeSet::from([("a", "0.1.0"), ("b", "1.0.0")]));
        let [a, b] = &*crates else { panic!("{crates:?}") };
        assert_eq!(
            (a.url(), a.is_ours, &*a.dependencies),
            ("pkg:cargo/a@0.1.0".into(), true, &["pkg:cargo/b@1.0.0".into()][..])
        );
        assert_eq!(a.description.as_deref(), Some("Two lines"));
        assert_eq!((&*b.licence, b.is_ours, &*b.dependencies), ("MIT OR Apache-2.0", false, &[][..]));
        assert_eq!(b.folder, PathBuf::from("/registry/b-1.0.0"));
        let lock = "[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\nversion = \"2.0.0\"\nchecksum = \"bb\"\n\n\
                    [[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"registry\"\nchecksum = \"aa\"\n";
        assert_eq!((checksum(lock, a), checksum(lock, b)), (None, Some("aa")));
    }
}
