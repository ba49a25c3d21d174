//! What npm reads of the package: its manifest and its README.

use anyhow::Result;

use super::files::VERSION;
use crate::bundle::placeholders::{Value, fill};

pub const MANIFEST: &str = "package.json";
pub const README: &str = "README.md";

/// The manifest, with the version of all packages of the workspace.
///
/// # Errors
/// When the source has no placeholder for it.
pub fn manifest() -> Result<String> {
    fill(include_str!("package.json"), &[("VERSION", Value::Text(VERSION))])
}

/// The README, with the version and the script's integrity.
///
/// # Errors
/// When the source has no placeholder for one of them.
pub fn readme(integrity: &str) -> Result<String> {
    let values = [("VERSION", Value::Text(VERSION)), ("INTEGRITY", Value::Text(integrity))];
    fill(include_str!("README.md"), &values)
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;
    use crate::package::files;

    /// Every file that the manifest names, patterns as they are.
    fn named() -> Result<Vec<String>> {
        fn collect(json: &Json, into: &mut Vec<String>) {
            match json {
                Json::String(text) => into.extend(text.strip_prefix("./").map(str::to_owned)),
                Json::Array(items) => items.iter().for_each(|item| collect(item, into)),
                Json::Object(members) => members.values().for_each(|member| collect(member, into)),
                Json::Null | Json::Bool(_) | Json::Number(_) => {}
            }
        }
        let mut named = Vec::new();
        collect(&serde_json::from_str(&manifest()?)?, &mut named);
        Ok(named)
    }

    #[test]
    fn the_manifest_names_files_that_are_there_and_every_declaration() -> Result<()> {
        let copied: Vec<_> = files::copied().map(|(_, name)| name).collect();
        let named = named()?;
        for name in &named {
            let is_there = match name.split_once('*') {
                Some((start, end)) => {
                    copied.iter().any(|file| file.starts_with(start) && file.ends_with(end))
                }
                None => copied.contains(name) || [MANIFEST, files::INTEGRITY].contains(&name.as_str()),
            };
            assert!(is_there, "{name} is not in the package: {copied:?}");
        }
        for declaration in files::DECLARATIONS {
            assert!(
                named.iter().any(|name| name == declaration),
                "{declaration} cannot be imported: {named:?}"
            );
        }
        Ok(())
    }

    #[test]
    fn manifest_and_cargo_say_the_same() -> Result<()> {
        let manifest: Json = serde_json::from_str(&manifest()?)?;
        assert_eq!(manifest["version"], VERSION);
        assert_eq!(manifest["license"], env!("CARGO_PKG_LICENSE"));
        assert_eq!(manifest["name"], files::NAME);
        Ok(())
    }
}
