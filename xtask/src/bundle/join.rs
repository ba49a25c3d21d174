//! Trunk's post_build hook: glue, sources and style sheet become the one script that a host embeds.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::compress::FORMS;
use super::contract;
use super::integrity::{integrity, short_hash};
use super::languages;
use super::page::without_trunk_links;
use super::placeholders::{Value, fill};
use super::{SCRIPT, WASM};
use crate::command::{cargo, root, run as run_command};
use crate::disk::{read, read_bytes, write};

/// wasm-bindgen's glue.
const GLUE: &str = "widget.js";

/// The style sheet of card and badge.
const STYLE: &str = "src/view/style.css";

/// What follows the glue in the script, in this order.
const SOURCES: [&str; 8] = [
    "www/instance.js",
    "www/retry.js",
    "www/remedy.js",
    "www/head-start.js",
    "www/languages.js",
    "www/widget.js",
    "www/element.js",
    "www/mount.js",
];

/// The script's first line: whose it is, for those who find it among a host's files.
const BANNER: &str =
    concat!("/*! zoho-backup-status ", env!("CARGO_PKG_VERSION"), " | ", env!("CARGO_PKG_LICENSE"), " */");

/// The joined sources, before style sheet, version and hashes are filled in.
struct Bundle {
    script: String,
    wasm: Vec<u8>,
    style: String,
}

/// Joins what Trunk has staged.
///
/// # Errors
/// Outside Trunk, when a file is missing, when the sources lack a placeholder, and when the bundle cannot be minified.
pub fn run() -> Result<()> {
    let Some(staging) = env::var_os("TRUNK_STAGING_DIR") else {
        bail!(
            "TRUNK_STAGING_DIR is not set: `cargo xtask join` is Trunk's post_build hook, \
             use `trunk build` or `cargo xtask serve` instead"
        );
    };
    let staging = PathBuf::from(staging);
    let snippets = staging.join("snippets");
    if snippets.exists() {
        bail!(
            "wasm-bindgen wrote {}: some crate has JavaScript snippets, which do not fit into one script; \
             remove that crate or that feature of it",
            snippets.display()
        );
    }
    let mut bundle = joined(&staging)?;
    let is_release = env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "release");
    // In development the script stays readable.
    if is_release {
        bundle = minified(&bundle, &staging)?;
        write(&staging.join(WASM), &bundle.wasm)?;
    }
    let Bundle { script, wasm, style } = bundle;
    let values = [
        ("STYLE", Value::Text(&style)),
        ("WASM_URL", Value::Text(&format!("./{WASM}?v={}", short_hash(&wasm)))),
        ("WASM_INTEGRITY", Value::Text(&integrity(&wasm))),
        // All packages share the workspace's version.
        ("VERSION", Value::Text(env!("CARGO_PKG_VERSION"))),
    ];
    let script = format!("{BANNER}\n{}", fill(&script, &values)?);
    write(&staging.join(SCRIPT), &script)?;
    let mut files = vec![(SCRIPT.to_owned(), script.into_bytes()), (WASM.to_owned(), wasm)];
    for (name, table) in languages::files() {
        write(&staging.join(&name), table)?;
        files.push((name, table.as_bytes().to_owned()));
    }
    if is_release {
        files.iter().try_for_each(|(name, content)| write_compressed(&staging.join(name), content))?;
    }

    let page = staging.join("index.html");
    write(&page, without_trunk_links(&read(&page)?))?;
    remove_leftovers(&staging)
}

fn joined(staging: &Path) -> Result<Bundle> {
    let sources: Vec<_> = SOURCES.iter().map(|source| read(&root().join(source))).collect::<Result<_>>()?;
    let mut generated = contract::placeholders().to_vec();
    generated.push(("LANGUAGES", languages::code()));
    let generated: Vec<_> = generated.iter().map(|(name, code)| (*name, Value::Code(code))).collect();
    let sources = fill(&sources.join("\n"), &generated)?;
    let wasm = staging.join(WASM);
    Ok(Bundle {
        script: format!("{}\n{sources}", as_function(&read(&staging.join(GLUE))?)?),
        wasm: read_bytes(&wasm)?,
        style: read(&root().join(STYLE))?,
    })
}

/// The glue as a function that returns a new instance with each call: after a panic only a new one can be trusted. Its
/// argument gets the functions that the wasm imports, and returns those that take their place.
fn as_function(glue: &str) -> Result<String> {
    const INSTANTIATE: &str = "new WebAssembly.Instance(module, imports)";
    if glue.matches(INSTANTIATE).count() != 1 {
        bail!("{GLUE} does not contain `{INSTANTIATE}` once: this version of wasm-bindgen writes other glue");
    }
    let glue = glue.trim_end().replace(INSTANTIATE, "new WebAssembly.Instance(module, guard(imports))");
    Ok(format!("function newInstance(guard) {{\n{glue}\nreturn wasm_bindgen;\n}}"))
}

/// Runs the package `minify` on the bundle. It is a program of its own because its dependencies take a minute or two to
/// compile, and development does not need it.
fn minified(bundle: &Bundle, staging: &Path) -> Result<Bundle> {
    let [script, wasm, style] = ["minify.js", "minify.wasm", "minify.css"].map(|name| staging.join(name));
    write(&script, &bundle.script)?;
    write(&wasm, &bundle.wasm)?;
    write(&style, &bundle.style)?;
    println!("minifying the bundle: the first time compiles the minifier, which takes a minute or two");
    run_command(cargo(["run", "--quiet", "--package", "minify", "--"]).args([&script, &wasm, &style]))?;
    let minified = Bundle { script: read(&script)?, wasm: read_bytes(&wasm)?, style: read(&style)? };
    [script, wasm, style].iter().try_for_each(|file| remove(file))?;
    Ok(minified)
}

/// Removes what is now part of the script, and the type declarations of its parts.
fn remove_leftovers(staging: &Path) -> Result<()> {
    for entry in fs::read_dir(staging).with_context(|| format!("{} cannot be read", staging.display()))? {
        let file = entry?;
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name == GLUE || name.starts_with("widget") && name.ends_with(".d.ts") {
            remove(&file.path())?;
        }
    }
    Ok(())
}

/// Writes the compressed forms of a file beside it, for servers that send them.
fn write_compressed(file: &Path, content: &[u8]) -> Result<()> {
    FORMS.iter().try_for_each(|(extension, compress)| {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{extension}"));
        write(Path::new(&name), compress(content)?)
    })
}

fn remove(file: &Path) -> Result<()> {
    fs::remove_file(file).with_context(|| format!("{} cannot be removed", file.display()))
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    use super::*;

    #[test]
    fn the_imports_of_an_instance_are_guarded() {
        let glue =
            "let wasm_bindgen = start();\nfunction f() { new WebAssembly.Instance(module, imports); }\n";
        let expected = "function newInstance(guard) {\nlet wasm_bindgen = start();\n\
                        function f() { new WebAssembly.Instance(module, guard(imports)); }\n\
                        return wasm_bindgen;\n}";
        assert_eq!(as_function(glue).unwrap(), expected);
    }

    #[test]
    fn compressed_forms_are_beside_their_file() {
        let folder = env::temp_dir().join(format!("join-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        write_compressed(&folder.join(WASM), b"wasm").unwrap();
        let mut names: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort_unstable();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(names, ["widget_bg.wasm.br", "widget_bg.wasm.gz"]);
    }

    #[test]
    fn other_glue_is_named() {
        let error = as_function("new WebAssembly.Instance(code, imports)").unwrap_err();
        assert!(error.to_string().contains("widget.js does not contain"), "{error}");
    }
}
