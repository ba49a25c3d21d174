//! The package as those who build on it get it: installed by npm, checked by their tools, bundled, imported on a server.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::recipes;
use super::report::{Report, run_step};
use crate::command::{command, root};
use crate::disk::make_folder;
use crate::package;
use crate::package::files::NAME;
use crate::tools::npm::CONSUMERS;

const ALONE: &str = "cargo xtask test package";

/// What rollup and esbuild leave behind: they follow no `new URL(…)`.
const ASSETS: [&str; 2] = ["widget_bg.wasm", "lang"];

/// Installs the package of the release in dist/ beside the tools, and copies the tests' files and the recipes there.
///
/// Returns the folder with everything.
///
/// # Errors
/// When the packages cannot be fetched or the package cannot be made.
pub fn install(report: &mut Report) -> Result<PathBuf> {
    let folder = report.step("packages of npm", None, ALONE, |_| CONSUMERS.fetch())?;
    report.step("package", None, ALONE, |_| package::write())?;
    let mut npm =
        node(&folder, "npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]);
    npm.arg(package::archive());
    run_step(report, "package, installed", ALONE, npm)?;
    copy(&root().join(CONSUMERS.locked), &folder)?;
    recipes::write(&folder.join("recipes"))?;
    Ok(folder)
}

/// Checks manifest, types and documents of the installed package, and imports it on a server.
///
/// # Errors
/// When a tool has something to say.
pub fn check(folder: &Path, report: &mut Report) -> Result<()> {
    let archive = package::archive();
    let archive = &*archive.to_string_lossy();
    // What is no code has no types.
    let entries = ["widget_bg.wasm", "lang/*.txt", "custom-elements.json", "integrity.txt", "package.json"];
    let attw = [&["--profile", "esm-only", archive, "--exclude-entrypoints"][..], &entries].concat();
    let typescript = |package| [format!("node_modules/{package}/bin/tsc"), "-p".into(), "types".into()];
    let svelte = ["--workspace", "types", "--tsconfig", "tsconfig.json", "--fail-on-warnings"];
    let steps = [
        ("publint", node(folder, "publint", ["run", "--strict", archive])),
        ("are the types wrong?", node(folder, "attw", attw)),
        ("documents with a schema", node(folder, "node", ["schemas.mjs"])),
        ("types, TypeScript 6", node(folder, "node", typescript("typescript"))),
        ("types, TypeScript 7", node(folder, "node", typescript("typescript-7"))),
        ("types, Vue", node(folder, "vue-tsc", ["-p", "types"])),
        ("types, Svelte", node(folder, "svelte-check", svelte)),
        ("import into simulated documents", node(folder, "node", ["simulated.mjs"])),
        ("import on a server", node(folder, "node", ["server.mjs"])),
    ];
    steps.into_iter().try_for_each(|(name, command)| run_step(report, name, ALONE, command))
}

/// Builds the apps that browsers open, and renders on a server what they hydrate.
///
/// # Errors
/// When a bundler fails, or the server renders something else than the recipes' element.
pub fn build(folder: &Path, report: &mut Report) -> Result<()> {
    let esbuild = |format: &str, name: &str| {
        let format = format!("--format={format}");
        let out = format!("--outdir=built/{name}");
        node(
            folder,
            "esbuild",
            ["bundlers/main.js", "--bundle", "--minify", "--log-level=warning", &format, &out],
        )
    };
    let server =
        ["build", "frameworks", "--ssr", "server.jsx", "--outDir", "../built/server", "--logLevel", "warn"];
    let steps = [
        ("vite", node(folder, "vite", ["build", "bundlers", "--logLevel", "warn"])),
        (
            "webpack",
            node(folder, "webpack", ["--config", "bundlers/webpack.config.js", "--stats", "errors-warnings"]),
        ),
        ("rollup", node(folder, "rollup", ["--config", "bundlers/rollup.config.js", "--silent"])),
        ("esbuild", esbuild("esm", "esbuild")),
        ("esbuild, no module", esbuild("iife", "esbuild-iife")),
        ("frameworks", node(folder, "vite", ["build", "frameworks", "--logLevel", "warn"])),
        ("frameworks, built for a server", node(folder, "vite", server)),
        ("frameworks, rendered on a server", node(folder, "node", ["built/server/server.js"])),
    ];
    for (name, command) in steps {
        run_step(report, name, ALONE, command)?;
    }
    for name in ["rollup", "rollup-iife", "esbuild"] {
        for asset in ASSETS {
            let from = folder.join("node_modules").join(NAME).join(asset);
            copy(&from, &folder.join("built").join(name).join(asset))?;
        }
    }
    Ok(())
}

/// `program` of npm's packages with `arguments`, run in their folder, with the Node that is among them.
fn node<A: AsRef<std::ffi::OsStr>>(
    folder: &Path,
    program: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    let mut node = command(program, arguments);
    node.current_dir(folder).env("PATH", path(folder));
    node
}

/// PATH with the programs of npm's packages before all others.
pub fn path(folder: &Path) -> std::ffi::OsString {
    let system = env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(folder.join("node_modules/.bin")).chain(env::split_paths(&system));
    env::join_paths(paths).unwrap_or(system)
}

/// Copies a file, or a folder with everything in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        fs::copy(from, to)
            .with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))?;
        return Ok(());
    }
    make_folder(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let name = entry?.file_name();
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}
