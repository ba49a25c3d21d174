//! Defects that the simulated world must find: each is a patch, applied to a copy of the sources.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::command::{command, output, root, target_directory};

const PATCHES: &str = "core/tests/world/defects";

/// How many seeds a defect has to survive to be missed.
const SEEDS: &str = "2000";

/// Applies each patch alone, and runs the simulated world.
///
/// # Errors
/// When a patch does not apply, does not compile, or breaks no world.
pub fn run() -> Result<()> {
    let folder = target_directory().join("defects");
    let tree = folder.join("tree");
    let _ = fs::remove_dir_all(&tree);
    let files = sources()?;
    let mut patches = fs::read_dir(root().join(PATCHES))?.collect::<Result<Vec<_>, _>>()?;
    patches.sort_by_key(|patch| patch.file_name());
    for patch in patches {
        copy(&files, &tree)?;
        let name = patch.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        apply(&patch.path(), &tree, &folder).with_context(|| format!("{name} does not apply"))?;
        println!("{name}: {}", found(&tree, &folder.join("target")).with_context(|| name.clone())?);
    }
    Ok(())
}

/// The repository's files, new ones included.
fn sources() -> Result<Vec<String>> {
    let mut list = command("git", ["ls-files", "--cached", "--others", "--exclude-standard"]);
    let files = output(&mut list).context("`git ls-files` failed: this needs a clone of the repository")?;
    Ok(files.lines().map(str::to_owned).collect())
}

/// Copies what differs, so that only that is compiled anew.
fn copy(files: &[String], tree: &Path) -> Result<()> {
    for file in files {
        let (from, to) = (root().join(file), tree.join(file));
        let Ok(wanted) = fs::read(&from) else { continue };
        if fs::read(&to).ok().as_ref() != Some(&wanted) {
            fs::create_dir_all(to.parent().unwrap_or(tree))?;
            fs::write(&to, wanted)?;
        }
    }
    Ok(())
}

fn apply(patch: &Path, tree: &Path, ceiling: &Path) -> Result<()> {
    // The copy is no repository of its own, and must not be taken for a part of this one.
    let mut apply = Command::new("git");
    apply.arg("apply").arg(patch).current_dir(tree).env("GIT_CEILING_DIRECTORIES", ceiling);
    crate::command::run(&mut apply)
}

/// Which seed found the defect, and by which rule.
fn found(tree: &Path, target: &Path) -> Result<String> {
    let mut world = Command::new("cargo");
    world.args(["test", "--quiet", "--release", "--package", "zoho-backup-core", "--test", "world", "every"]);
    let world = world.current_dir(tree).env("CARGO_TARGET_DIR", target).env("WORLD_SEEDS", SEEDS).output()?;
    let printed = String::from_utf8_lossy(&world.stdout);
    ensure!(!world.status.success(), "{SEEDS} seeds of the simulated world do not find it");
    let mut lines = printed.lines().skip_while(|line| !line.contains(" is broken by "));
    let (Some(rule), Some(seed)) = (lines.next(), lines.next()) else {
        bail!("{}", String::from_utf8_lossy(&world.stderr));
    };
    let seed = seed.split(':').next().unwrap_or_default().trim();
    Ok(format!("{}, first told of {seed}", rule.trim_end_matches(':')))
}
