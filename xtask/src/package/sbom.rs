//! What the package is made of, as a CycloneDX document.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::crates::Crate;
use super::files::{NAME, VERSION};
use crate::bundle::integrity::sha_256;
use crate::bundle::{SCRIPT, WASM};
use crate::command::{command, output, root};
use crate::disk::read_bytes;

/// The name that CycloneDX recommends.
pub const FILE: &str = "sbom.cdx.json";

/// The document. It has neither a time nor a random number, so that the same sources give the same bytes.
///
/// # Errors
/// When rustc is missing or a file of the release cannot be read.
pub fn document(crates: &[Crate]) -> Result<String> {
    let rustc = output(&mut command("rustc", ["--version"])).context("`rustc --version` failed")?;
    let rust = rustc.split(' ').nth(1).unwrap_or_default();
    let files = [SCRIPT, WASM].map(|name| {
        let content = read_bytes(&root().join("dist").join(name))?;
        Ok(json!({"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": sha_256(&content)}]}))
    });
    let files = files.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(format!("{:#}\n", bill(crates, rust, &files)))
}

fn bill(crates: &[Crate], rust: &str, files: &[Value]) -> Value {
    let package = format!("pkg:npm/{NAME}@{VERSION}");
    // What rustc links into every module, whatever it is built from.
    let library = json!({
        "type": "library",
        "bom-ref": format!("pkg:generic/rust-std@{rust}"),
        "name": "rust-std",
        "version": rust,
        "description": "The standard library of Rust",
        "licenses": [{"expression": "MIT OR Apache-2.0"}],
        "purl": format!("pkg:generic/rust-std@{rust}"),
    });
    let library_url = library["bom-ref"].clone();
    let widget = crates.iter().find(|one| one.name == NAME).map(Crate::url);
    let depends = |url: &str, on: &[String]| json!({"ref": url, "dependsOn": on});
    let of_package = std::iter::once(json!({"ref": package, "dependsOn": [widget, library_url]}));
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": package,
                "name": NAME,
                "version": VERSION,
                "licenses": [{"expression": env!("CARGO_PKG_LICENSE")}],
                "purl": package,
                "components": files,
            },
        },
        "components": crates.iter().map(component).chain([library]).collect::<Vec<_>>(),
        "dependencies": of_package.chain(crates.iter().map(|one| depends(&one.url(), &one.dependencies))).collect::<Vec<_>>(),
    })
}

fn component(one: &Crate) -> Value {
    let url = one.url();
    let mut component = json!({
        "type": "library",
        "bom-ref": url,
        "name": one.name,
        "version": one.version,
        "licenses": [{"expression": one.licence}],
        "purl": url,
    });
    if let Some(description) = &one.description {
        component["description"] = description.as_str().into();
    }
    if let Some(checksum) = &one.checksum {
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    component
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn one(name: &str, dependencies: &[&str]) -> Crate {
        Crate {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: "MIT".to_owned(),
            folder: PathBuf::from("/home/someone/registry"),
            dependencies: dependencies.iter().map(|name| format!("pkg:cargo/{name}@1.0.0")).collect(),
            ..Crate::default()
        }
    }

    #[test]
    fn every_reference_is_to_a_component_and_no_folder_is_named() {
        let bill = bill(&[one(NAME, &["b"]), one("b", &[])], "1.95.0", &[]);
        let components = bill["components"].as_array().unwrap();
        let known: Vec<_> = components.iter().map(|component| &component["bom-ref"]).collect();
        let package = &bill["metadata"]["component"]["bom-ref"];
        for row in bill["dependencies"].as_array().unwrap() {
            assert!(row["ref"] == *package || known.contains(&&row["ref"]), "{row}");
            for on in row["dependsOn"].as_array().unwrap() {
                assert!(known.contains(&on), "{on} in {row}");
            }
        }
        assert!(!bill.to_string().contains("/home/"), "{bill}");
    }
}
