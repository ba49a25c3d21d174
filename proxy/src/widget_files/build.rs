//! The files of one build: the script, the wasm that it was built with, and the languages that it names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use axum::http::HeaderValue;

use super::integrity::{integrity, short_integrity, stated};
use super::widget_file::{Caching, Kind, WidgetFile, short_hash};
use crate::content_coding::ContentCoding;
use crate::representation::Representation;

/// The script that a page embeds.
pub const SCRIPT: &str = "zoho-backup-status.js";
/// The module that the script loads.
pub const WASM: &str = "widget_bg.wasm";

/// Whether this folder has a build, or a part of one.
pub fn is_in(folder: &Path) -> bool {
    [SCRIPT, WASM].iter().any(|name| folder.join(name).exists())
}

/// Reads the build in this folder, for the paths `/zoho-backup-status.js`, `/widget_bg.wasm` and such as `/lang/de.txt`.
///
/// # Errors
/// When a file cannot be read, when they are of two builds, and when a compressed file is not of its original.
pub fn load(folder: &Path) -> Result<Vec<WidgetFile>, String> {
    let (script, wasm) = (read(folder, SCRIPT)?, read(folder, WASM)?);
    check_is_one_build(&script, &wasm)?;
    let languages = read_languages(folder, &String::from_utf8_lossy(&script))?;
    let files = [(SCRIPT.to_owned(), script, Kind::Script), (WASM.to_owned(), wasm, Kind::Wasm)];
    let files = files.into_iter().chain(languages);
    files.map(|(name, content, kind)| widget_file(folder, &name, content, kind)).collect()
}

fn widget_file(folder: &Path, name: &str, content: Vec<u8>, kind: Kind) -> Result<WidgetFile, String> {
    let media_type = kind.media_type();
    Ok(WidgetFile {
        path: format!("/{name}"),
        route: kind.route(),
        kind,
        caching: Caching::ByVersion(short_hash(&content)),
        compressed: compressed_forms(folder, name, &content, &media_type)?,
        original: Representation::new(content, media_type),
    })
}

/// The files of the languages that the script names. A script of an older version names none.
fn read_languages(folder: &Path, script: &str) -> Result<Vec<(String, Vec<u8>, Kind)>, String> {
    let read_language = |name: String| {
        let content = read(folder, &name)
            .map_err(|problem| format!("{problem}. {SCRIPT} names it: copy the folder lang, too"))?;
        let actual = short_integrity(&content);
        if !script.contains(&actual) {
            return Err(format!(
                "has files of two builds: {SCRIPT} was built with another {name} than the one here, which is {actual}: \
                 copy the folder lang of the same build, too"
            ));
        }
        Ok((name, content, Kind::Language))
    };
    named_languages(script).into_iter().map(read_language).collect()
}

/// The files that a script names as `./lang/de.txt?v=…`, with their folder.
fn named_languages(script: &str) -> BTreeSet<String> {
    let after_folder = script.split("./lang/").skip(1);
    let tags = after_folder.filter_map(|rest| rest.split_once(".txt?v=").map(|(tag, _)| tag));
    let is_tag =
        |tag: &&str| !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    tags.filter(is_tag).map(|tag| format!("lang/{tag}.txt")).collect()
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
         all files of one build"
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
