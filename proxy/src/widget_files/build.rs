//! The two files of one build: the script, and the wasm that it was built with.

use std::fs;
use std::path::Path;

use axum::http::HeaderValue;

use super::integrity::{integrity, stated};
use super::widget_file::{Caching, WidgetFile, short_hash};
use crate::content_coding::ContentCoding;
use crate::representation::Representation;

/// The script that a page embeds.
pub const SCRIPT: &str = "zoho-backup-status.js";
/// The module that the script loads.
pub const WASM: &str = "widget_bg.wasm";

const JAVASCRIPT: HeaderValue = HeaderValue::from_static("text/javascript; charset=utf-8");
const WEB_ASSEMBLY: HeaderValue = HeaderValue::from_static("application/wasm");

/// Whether this folder has a build, or a part of one.
pub fn is_in(folder: &Path) -> bool {
    [SCRIPT, WASM].iter().any(|name| folder.join(name).exists())
}

/// Reads the build in this folder, for the paths `/zoho-backup-status.js` and `/widget_bg.wasm`.
///
/// # Errors
/// When a file cannot be read, when they are of two builds, and when a compressed file is not of its original.
pub fn load(folder: &Path) -> Result<[WidgetFile; 2], String> {
    let (script, wasm) = (read(folder, SCRIPT)?, read(folder, WASM)?);
    check_is_one_build(&script, &wasm)?;
    let file = |name: &str, route: &'static str, content: Vec<u8>, media_type: HeaderValue| {
        let caching = Caching::ByVersion(short_hash(&content));
        let compressed = compressed_forms(folder, name, &content, &media_type)?;
        let original = Representation::new(content, media_type);
        Ok::<_, String>(WidgetFile { path: route.to_owned(), route, caching, original, compressed })
    };
    Ok([
        file(SCRIPT, "/zoho-backup-status.js", script, JAVASCRIPT)?,
        file(WASM, "/widget_bg.wasm", wasm, WEB_ASSEMBLY)?,
    ])
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, String> {
    let file = folder.join(name);
    fs::read(&file).map_err(|error| {
        let (file, why) = (file.display(), error.kind());
        format!("is not a folder of the built widget: {file} cannot be read: {why}")
    })
}

/// A page would run neither: the script refuses a wasm of another build. A script that states no integrity is not checked.
fn check_is_one_build(script: &[u8], wasm: &[u8]) -> Result<(), String> {
    let script = String::from_utf8_lossy(script);
    let actual = integrity(wasm);
    let mut expected = stated(&script).peekable();
    let Some(first) = expected.peek().copied() else { return Ok(()) };
    if expected.any(|expected| expected == actual) {
        return Ok(());
    }
    Err(format!(
        "has files of two builds: {SCRIPT} was built with a {WASM} of {first}, but the {WASM} here is {actual}: copy \
         both files of one build"
    ))
}

/// The compressed forms of a file that are in the folder.
fn compressed_forms(
    folder: &Path,
    name: &str,
    content: &[u8],
    media_type: &HeaderValue,
) -> Result<Vec<Representation>, String> {
    let mut forms = Vec::new();
    for coding in ContentCoding::ALL {
        let file = folder.join(format!("{name}.{}", coding.extension()));
        if !file.exists() {
            continue;
        }
        let compressed = fs::read(&file).map_err(|error| {
            let (file, why) = (file.display(), error.kind());
            format!("has a file that cannot be read: {file}: {why}. Let the gateway read it, or remove it")
        })?;
        if !coding.is_form_of(&compressed, content).unwrap_or(false) {
            return Err(format!(
                "has a compressed file that is not of its original: {} does not decompress to {name}: copy both from \
                 one build, or remove it",
                file.display()
            ));
        }
        forms.push(Representation::new(compressed, media_type.clone()).in_coding(coding));
    }
    Ok(forms)
}
