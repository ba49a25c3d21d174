//! Trunk's post_build hook: glue, element and style become the one script that a host embeds.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use sha2::{Digest, Sha384};

use crate::command::root;
use crate::glue::without_loader;
use crate::{border, css, js};

/// The script that a host embeds.
pub const SCRIPT: &str = "zoho-backup-status.js";
/// The module that the script loads.
pub const WASM: &str = "widget_bg.wasm";

const GLUE: &str = "widget.js";

/// What follows the glue in the script, in this order.
const SOURCES: [&str; 5] =
    ["www/instance.js", "www/head-start.js", "www/widget.js", "www/element.js", "www/mount.js"];

/// The script's first line: whose it is, for those who find it among a host's files.
const BANNER: &str =
    concat!("/*! zoho-backup-status ", env!("CARGO_PKG_VERSION"), " | ", env!("CARGO_PKG_LICENSE"), " */");

/// Joins what Trunk has just staged.
///
/// # Errors
/// Outside Trunk, when a file is missing, and when the sources lack a placeholder.
pub fn run() -> Result<()> {
    let Some(staging) = env::var_os("TRUNK_STAGING_DIR") else {
        bail!(
            "TRUNK_STAGING_DIR is not set: `cargo xtask join` is Trunk's post_build hook, \
             use `trunk build` or `cargo xtask serve` instead"
        );
    };
    let staging = PathBuf::from(staging);
    let root = root();

    let snippets = staging.join("snippets");
    if snippets.exists() {
        bail!(
            "wasm-bindgen wrote {}: some crate brings JavaScript snippets, which do not fit into one script; \
             do without that crate or that feature of it",
            snippets.display()
        );
    }
    // While developing one wants to read what was built.
    let release = env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "release");
    let mut glue = read(&staging.join(GLUE))?;
    let wasm_file = staging.join(WASM);
    let mut wasm = fs::read(&wasm_file).with_context(|| cannot_be_read(&wasm_file))?;
    if release {
        (wasm, glue) = border::shorten(&wasm, &without_loader(&glue)?)?;
        write(&wasm_file, &wasm)?;
    }
    let sources: Vec<_> = SOURCES.iter().map(|source| read(&root.join(source))).collect::<Result<_>>()?;
    let style = css::strip(&read(&root.join("src/view/style.css"))?);
    let sources = fill(
        &sources.join("\n"),
        &[
            ("STYLE", &style),
            ("WASM_HASH", &short_hash(&wasm)),
            ("WASM_INTEGRITY", &integrity(&wasm)),
            // All packages share the workspace's version.
            ("VERSION", env!("CARGO_PKG_VERSION")),
        ],
    )?;
    let mut script = format!("{}\n{sources}", as_function(&glue));
    if release {
        script = js::strip(&script);
    }
    write(&staging.join(SCRIPT), format!("{BANNER}\n{script}"))?;

    let page = staging.join("index.html");
    write(&page, without_trunk_links(&read(&page)?))?;
    remove_leftovers(&staging)
}

/// The glue as a function that gives a new instance with each call: after a panic only a fresh one can be trusted.
fn as_function(glue: &str) -> String {
    format!("function newInstance() {{\n{}\nreturn wasm_bindgen;\n}}", glue.trim_end())
}

/// `sources` with every string literal `"%NAME%"` replaced by the literal of its value.
fn fill(sources: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = sources.to_owned();
    for (name, value) in values {
        let placeholder = format!("\"%{name}%\"");
        if !sources.contains(&placeholder) {
            bail!(
                "no source of the script contains the string literal {placeholder}: \
                 put it, in double quotes, where its value belongs"
            );
        }
        filled = filled.replace(&placeholder, &literal(value));
    }
    Ok(filled)
}

/// `text` as a JavaScript string literal.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            _ => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

/// The first 8 hex digits of the SHA-384 of `bytes`.
fn short_hash(bytes: &[u8]) -> String {
    Sha384::digest(bytes).iter().take(4).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

/// What a page states as `integrity` of `bytes`.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64.encode(Sha384::digest(bytes)))
}

/// `page` without `<link data-trunk …>`: with `inject_scripts = false` Trunk leaves its own in place.
fn without_trunk_links(page: &str) -> String {
    let mut kept = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find("<link") {
        let Some(length) = rest[start..].find('>').map(|end| end + 1) else { break };
        let (before, link) = rest.split_at(start);
        let (link, after) = link.split_at(length);
        if link.contains("data-trunk") {
            // The line goes with it when nothing else is on it.
            kept.push_str(before.trim_end_matches([' ', '\t']));
            rest = after;
            if kept.is_empty() || kept.ends_with('\n') {
                rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest);
            }
        } else {
            kept.push_str(before);
            kept.push_str(link);
            rest = after;
        }
    }
    kept + rest
}

/// Removes what is now part of the script, and the type declarations of its parts.
fn remove_leftovers(staging: &Path) -> Result<()> {
    for entry in fs::read_dir(staging).with_context(|| cannot_be_read(staging))? {
        let file = entry?;
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name == GLUE || name.starts_with("widget") && name.ends_with(".d.ts") {
            fs::remove_file(file.path())
                .with_context(|| format!("{} cannot be removed", file.path().display()))?;
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| cannot_be_read(file))
}

fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(file, content).with_context(|| format!("{} cannot be written", file.display()))
}

fn cannot_be_read(file: &Path) -> String {
    format!("{} cannot be read", file.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_literals() {
        let element = r#"const css = "%STYLE%", url = `x?v=${"%WASM_HASH%"}`; // "%STYLE%""#;
        let filled = fill(element, &[("STYLE", "a{content:\"\\2026\"}"), ("WASM_HASH", "0badcafe")]);
        let expected =
            r#"const css = "a{content:\"\\2026\"}", url = `x?v=${"0badcafe"}`; // "a{content:\"\\2026\"}""#;
        assert_eq!(filled.unwrap(), expected);
    }

    #[test]
    fn a_missing_placeholder_is_named() {
        let error = fill("const css = '%STYLE%';", &[("STYLE", "")]).unwrap_err();
        assert!(error.to_string().contains("\"%STYLE%\""), "{error}");
    }

    #[test]
    fn literals_hold_line_breaks() {
        assert_eq!(literal("a\r\nb"), r#""a\r\nb""#);
    }

    #[test]
    fn hash_and_integrity_are_of_sha_384() {
        assert_eq!(short_hash(b"abc"), "cb00753f");
        let expected = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        assert_eq!(integrity(b"abc"), expected);
    }

    #[test]
    fn trunk_links_go_with_their_line() {
        let cases = [
            (
                "alone on a line",
                "<head>\n  <link data-trunk rel=\"rust\" href=\"../Cargo.toml\">\n  <title>x</title>\n",
                "<head>\n  <title>x</title>\n",
            ),
            (
                "between others",
                "<head><link rel=icon><link rel=rust data-trunk /><b>",
                "<head><link rel=icon><b>",
            ),
            ("none", "<link rel=icon>\n<p>", "<link rel=icon>\n<p>"),
            ("unfinished", "<p><link data-trunk", "<p><link data-trunk"),
        ];
        for (name, page, expected) in cases {
            assert_eq!(without_trunk_links(page), expected, "{name}");
        }
    }
}
