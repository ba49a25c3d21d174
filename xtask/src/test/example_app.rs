//! The example app: what a Leptos app gets when it depends on the library.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, command, run, target_directory};

const PACKAGE: &str = "leptos-example";

/// What every Leptos app exports: names of wasm-bindgen, and the streams of Leptos' server functions.
const LEPTOS_OWN: [&str; 9] = [
    "InitInput",
    "InitOutput",
    "IntoUnderlyingByteSource",
    "IntoUnderlyingSink",
    "IntoUnderlyingSource",
    "ReadableStreamType",
    "SyncInitInput",
    "__wbg_init",
    "initSync",
];

/// Builds the app for a browser and checks that the library exports nothing into it.
///
/// Returns the folder with `leptos-example.js` and its wasm.
///
/// # Errors
/// When it cannot be built, or exports a name that is not Leptos' own.
pub fn build() -> Result<PathBuf> {
    run(&mut cargo(["build", "--package", PACKAGE, "--target", "wasm32-unknown-unknown"]))?;
    let target = target_directory();
    let wasm = target.join(format!("wasm32-unknown-unknown/debug/{PACKAGE}.wasm"));
    let folder = target.join(PACKAGE);
    run(command("wasm-bindgen", ["--target", "web", "--out-dir"]).arg(&folder).arg(&wasm))?;
    let types = folder.join(format!("{PACKAGE}.d.ts"));
    let types = fs::read_to_string(&types).with_context(|| format!("{} cannot be read", types.display()))?;
    let exports = exports(&types);
    let ours: Vec<_> = exports.iter().filter(|name| !LEPTOS_OWN.contains(name)).collect();
    if !ours.is_empty() {
        bail!(
            "the library exports {ours:?} into every app: move what JavaScript needs into the binary, src/main.rs"
        );
    }
    println!("the example app exports {} names, none of them ours: {}", exports.len(), exports.join(", "));
    Ok(folder)
}

/// The names that a `.d.ts` of wasm-bindgen's exports.
fn exports(types: &str) -> Vec<&str> {
    let exported = types.lines().filter_map(|line| {
        let line = line.strip_prefix("export ")?;
        let line = line.strip_prefix("default ").unwrap_or(line);
        let (_kind, rest) = line.split_once(' ')?;
        rest.split(|letter: char| letter != '_' && letter != '$' && !letter.is_alphanumeric()).next()
    });
    exported.collect()
}

#[cfg(test)]
mod tests {
    use super::exports;

    #[test]
    fn every_kind_of_export_is_named() {
        let types = "\
export type ReadableStreamType = \"bytes\";
export class Handle {
    export_me(): void;
}
export interface InitOutput {
export function mount(host: HTMLElement): Handle;
export const version: string;
export default function __wbg_init (module_or_path?: InitInput): Promise<InitOutput>;
";
        let expected = ["ReadableStreamType", "Handle", "InitOutput", "mount", "version", "__wbg_init"];
        assert_eq!(exports(types), expected);
    }
}
