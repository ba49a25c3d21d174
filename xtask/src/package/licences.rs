//! The licence texts of what is compiled in: most licences ask that their text goes along.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::crates::Crate;
use crate::disk::read;

pub const FILE: &str = "THIRD-PARTY-LICENSES.txt";

const HEAD: &str = "\
zoho-backup-status contains code of the crates below, under their licences. Of several licences to choose from, MIT is
chosen. The list has every crate that the widget is built with, also those of which the linker has left nothing.
";

/// Our own text of the licence MIT, whose body is that of everyone.
const MIT: &str = include_str!("../../../LICENSE-MIT");

/// The texts, each once, with the crates that it is of.
///
/// # Errors
/// When a crate has no text and its licence is not MIT.
pub fn text(crates: &[Crate]) -> Result<String> {
    let mut crates_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in crates.iter().filter(|one| !one.is_ours) {
        for text in texts_of(one)? {
            let title = format!("{} {} ({})", one.name, one.version, one.licence);
            crates_of.entry(text).or_default().push(title);
        }
    }
    let library = "The standard library of Rust (MIT OR Apache-2.0)".to_owned();
    crates_of.entry(mit("Copyright (c) The Rust Project Contributors")).or_default().push(library);
    let mut parts: Vec<_> = crates_of.into_iter().map(|(text, titles)| (titles, text)).collect();
    parts.sort();
    let rule = "-".repeat(80);
    let parts = parts.iter().map(|(titles, text)| format!("\n{rule}\n\n{}\n\n{text}", titles.join("\n")));
    Ok(HEAD.to_owned() + &parts.collect::<String>())
}

/// The texts that go along with a crate: of its licence MIT alone if that is one to choose, or else all that it has.
fn texts_of(one: &Crate) -> Result<Vec<String>> {
    let files = licence_files(&one.folder)?;
    let is_mit = alternatives(&one.licence).any(|licence| licence == "MIT");
    let of_mit: Vec<_> = files.iter().filter(|name| name.to_uppercase().contains("MIT")).cloned().collect();
    let chosen = if is_mit && !of_mit.is_empty() { of_mit } else { files };
    if chosen.is_empty() {
        if !is_mit {
            bail!("{} {} has the licence {} and no text of it", one.name, one.version, one.licence);
        }
        // Its package states the licence alone.
        return Ok(vec![mit(&copyright(one))]);
    }
    let text_of = |name: &String| Ok(tidy(&read(&one.folder.join(name))?));
    chosen.iter().map(text_of).collect()
}

/// The licences of which one is to be chosen; none if there are some that all apply.
fn alternatives(expression: &str) -> impl Iterator<Item = &str> {
    let all_apply = expression.contains(" AND ");
    expression.split(" OR ").filter(move |_| !all_apply)
}

fn licence_files(folder: &Path) -> Result<Vec<String>> {
    let is_licence = |name: &String| {
        let name = name.to_uppercase();
        ["LICENSE", "LICENCE", "COPYING", "NOTICE"].iter().any(|start| name.starts_with(start))
    };
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.retain(is_licence);
    names.sort();
    Ok(names)
}

fn copyright(one: &Crate) -> String {
    let names = one.authors.iter().map(|author| author.split(" <").next().unwrap_or_default());
    let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        format!("Copyright (c) The authors of {}", one.name)
    } else {
        format!("Copyright (c) {}", names.join(", "))
    }
}

/// The licence MIT with this line of copyright.
fn mit(copyright: &str) -> String {
    const BODY: &str = "Permission is hereby granted";
    let body = MIT.split_once(BODY).map_or("", |(_, body)| body);
    tidy(&format!("MIT License\n\n{copyright}\n\n{BODY}{body}"))
}

/// Without trailing blanks and empty lines at either end, so that equal texts are equal.
fn tidy(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_matches('\n'))
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    fn crate_in(folder: &Path, licence: &str, files: &[(&str, &str)]) -> Result<Crate> {
        let folder = folder.join(licence.replace(' ', "-") + &files.len().to_string());
        fs::create_dir_all(&folder)?;
        for (name, text) in files {
            fs::write(folder.join(name), text)?;
        }
        Ok(Crate {
            name: "some".to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            authors: vec!["A. Author <a@b.example>".to_owned()],
            folder,
            ..Crate::default()
        })
    }

    #[test]
    fn the_text_that_goes_along_is_that_of_the_licence_chosen() -> Result<()> {
        let folder = env::temp_dir().join(format!("licences-{}", process::id()));
        type Files = &'static [(&'static str, &'static str)];
        let cases: [(&str, Files, Option<&[&str]>); 7] = [
            ("MIT OR Apache-2.0", &[("LICENSE-APACHE", "a"), ("LICENSE-MIT", "m \r\n\n")], Some(&["m\n"])),
            ("Unlicense OR MIT", &[("COPYING", "both"), ("LICENSE-MIT", "m")], Some(&["m\n"])),
            ("MIT AND Unicode-3.0", &[("LICENSE-MIT", "m"), ("LICENSE-UNICODE", "u")], Some(&["m\n", "u\n"])),
            ("Zlib", &[("LICENSE-ZLIB.md", "z"), ("lib.rs", "code")], Some(&["z\n"])),
            ("MIT", &[("LICENSE", "m")], Some(&["m\n"])),
            ("MIT", &[], Some(&["Copyright (c) A. Author\n"])),
            ("Zlib", &[], None),
        ];
        for (licence, files, expected) in cases {
            let texts = texts_of(&crate_in(&folder, licence, files)?).ok();
            let is_expected = match (&texts, expected) {
                (Some(texts), Some(expected)) => {
                    texts.len() == expected.len()
                        && texts.iter().zip(expected).all(|(text, part)| text.contains(part))
                }
                (texts, expected) => texts.is_none() && expected.is_none(),
            };
            assert!(is_expected, "{licence} {files:?}: {texts:?}");
        }
        fs::remove_dir_all(&folder)?;
        Ok(())
    }

    #[test]
    fn a_licence_without_a_text_is_that_of_everyone() {
        let text = mit("Copyright (c) A. Author");
        assert!(
            text.starts_with("MIT License\n\nCopyright (c) A. Author\n\nPermission is hereby granted, free")
        );
        assert!(
            text.contains("WITHOUT WARRANTY OF ANY KIND") && !text.contains("zoho-backup-status"),
            "{text}"
        );
    }
}
