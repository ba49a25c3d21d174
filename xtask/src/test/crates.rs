//! The crates for the registry: what each packs, and that cargo has no warning about it.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::command::{cargo, root};

/// A crate that is published.
struct Published {
    name: &'static str,
    /// Its folder, from the root of the repository.
    folder: &'static str,
    readme: &'static str,
    /// What it packs beside what every crate has: files, and folders with a `/` at the end.
    contents: &'static [&'static str],
    /// Whether its tests need crates that are not published.
    tests_stay_here: bool,
}

const LIBRARY: &[&str] = &["src/", "tests/", "examples/"];

/// In the order in which they depend on each other, which is that of publishing.
const PUBLISHED: [Published; 5] = [
    Published {
        name: "zoho-backup-core",
        folder: "core",
        readme: "README.md",
        contents: LIBRARY,
        tests_stay_here: false,
    },
    Published {
        name: "zoho-backup-words",
        folder: "words",
        readme: "README.md",
        contents: &["src/", "tests/", "examples/", "build.rs"],
        tests_stay_here: false,
    },
    Published {
        name: "zoho-backup-picture",
        folder: "picture",
        readme: "README.md",
        contents: LIBRARY,
        tests_stay_here: false,
    },
    Published {
        name: "zoho-backup-status",
        folder: "",
        readme: "src/README.md",
        contents: &["src/", "tests/widget.rs", "tests/leptos.rs"],
        tests_stay_here: false,
    },
    Published {
        name: "zoho-backup-proxy",
        folder: "proxy",
        readme: "README.md",
        contents: &["src/", "deploy/", "example.env"],
        tests_stay_here: true,
    },
];

const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// What cargo adds to every crate.
const OF_CARGO: [&str; 4] = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];

/// Extensions of what is no source: pictures, patches, seeds of failed tests.
const SOURCES: [&str; 4] = ["rs", "txt", "css", "md"];

/// Packs all five without compiling them.
///
/// # Errors
/// When a crate lacks a file, packs one that it does not need, or has a licence that differs from the repository's; when
/// cargo warns.
pub fn check() -> Result<()> {
    for published in &PUBLISHED {
        let list = run(&["--list"], &[published.name])?.stdout;
        let files: BTreeSet<_> = list.lines().collect();
        published
            .check_files(&files)
            .with_context(|| format!("{} is not ready to publish", published.name))?;
        published.check_licences()?;
        println!("{}: {} files", published.name, files.len());
    }
    let names = PUBLISHED.map(|published| published.name);
    let printed = run(&["--no-verify"], &names)?.stderr;
    let warnings = warnings(&printed);
    ensure!(warnings.is_empty(), "cargo warns of the crates:\n{}", warnings.join("\n"));
    Ok(())
}

/// What a run of cargo printed.
struct Printed {
    stdout: String,
    stderr: String,
}

fn run(flags: &[&str], names: &[&str]) -> Result<Printed> {
    let mut package = cargo(["package", "--allow-dirty", "--color", "never"]);
    package.args(flags).args(names.iter().flat_map(|name| ["--package", name]));
    let output = package.output().context("`cargo package` cannot be started")?;
    let [stdout, stderr] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    ensure!(output.status.success(), "`{}` failed:\n{stderr}", crate::command::line(&package));
    Ok(Printed { stdout, stderr })
}

/// The warnings of cargo, but for those about tests that are not packed on purpose: see [`Published::tests_stay_here`].
fn warnings(printed: &str) -> Vec<&str> {
    let is_meant = |line: &str| {
        ["test", "benchmark"].iter().any(|kind| line.starts_with(&format!("warning: ignoring {kind} `")))
            && line.ends_with("is not included in the published package")
    };
    printed.lines().filter(|line| line.starts_with("warning") && !is_meant(line)).collect()
}

impl Published {
    fn check_files(&self, files: &BTreeSet<&str>) -> Result<()> {
        let needed = LICENCES.iter().chain(&OF_CARGO[1..]).chain([&self.readme]);
        let missing: Vec<_> = needed.filter(|name| !files.contains(*name)).collect();
        ensure!(missing.is_empty(), "it lacks {missing:?}: see `include` in its Cargo.toml");
        let unexpected: Vec<_> = files.iter().filter(|file| !self.may_have(file)).collect();
        ensure!(unexpected.is_empty(), "it packs {unexpected:?}: see `include` in its Cargo.toml");
        for folder in self.contents {
            let is_there = files.iter().any(|file| file.starts_with(folder));
            ensure!(is_there, "it packs nothing of {folder}");
        }
        let has_tests = files.iter().any(|file| file.starts_with("tests/"));
        ensure!(has_tests != self.tests_stay_here, "its tests are packed or left out by mistake");
        Ok(())
    }

    fn may_have(&self, file: &str) -> bool {
        let is_common = LICENCES.iter().chain(&OF_CARGO).any(|name| *name == file) || file == self.readme;
        let is_own = self.contents.iter().any(|own| match own.strip_suffix('/') {
            Some("deploy") => file.starts_with(own),
            Some(_) => file.starts_with(own) && is_source(file),
            None => file == *own,
        });
        is_common || is_own
    }

    /// They are copies and no links: where git makes no symbolic links, as on Windows, a link would be packed as a file
    /// that contains a path.
    fn check_licences(&self) -> Result<()> {
        for licence in LICENCES {
            let [own, common] =
                [root().join(self.folder), root()].map(|folder| fs::read(folder.join(licence)));
            if own.with_context(|| format!("{}/{licence} cannot be read", self.folder))? != common? {
                bail!("{}/{licence} differs from that of the repository: copy it", self.folder);
            }
        }
        Ok(())
    }
}

fn is_source(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, extension)| SOURCES.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: [&str; 10] = [
        ".cargo_vcs_info.json",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "src/lib.rs",
        "tests/rules.rs",
        "examples/verdict.rs",
    ];

    fn complaint(files: &BTreeSet<&str>) -> String {
        PUBLISHED[0].check_files(files).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_crate_has_all_that_it_needs_and_nothing_else() {
        let complete = BTreeSet::from(COMPLETE);
        assert_eq!(complaint(&complete), "");
        for needed in COMPLETE.iter().skip(1) {
            let without = complete.iter().copied().filter(|file| file != needed).collect();
            assert_ne!(complaint(&without), "", "without {needed}");
        }
        for other in ["build.rs", "docs/looks.png", "tests/world/defects/a.patch", "src/key.pem", "srcs/a.rs"]
        {
            let with = complete.iter().copied().chain([other]).collect();
            assert!(complaint(&with).contains(other), "with {other}");
        }
    }

    #[test]
    fn only_tests_that_stay_here_may_be_warned_of() {
        let printed = "\
warning: ignoring test `cache` as `tests/cache.rs` is not included in the published package
warning: ignoring benchmark `load` as `benches/load/main.rs` is not included in the published package
warning: ignoring example `badge` as `examples/badge.rs` is not included in the published package
warning: manifest has no description
    Packaged 116 files";
        let expected = [
            "warning: ignoring example `badge` as `examples/badge.rs` is not included in the published package",
            "warning: manifest has no description",
        ];
        assert_eq!(warnings(printed), expected);
    }
}
