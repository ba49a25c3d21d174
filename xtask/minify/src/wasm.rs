//! The wasm without what the glue does not use.

use std::collections::HashSet;

use anyhow::{Context, Result};
use walrus::{Module, ModuleConfig};

/// The export that keeps its name: tools look for the memory under this one.
pub const MEMORY: &str = "memory";

/// Parses a module, without what only tools read.
///
/// # Errors
/// When it is none.
pub fn parse(wasm: &[u8]) -> Result<Module> {
    let mut module = ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse(wasm)
        .context("the wasm cannot be read")?;
    let custom = module.customs.iter().map(|(id, _)| id);
    for section in custom.collect::<Vec<_>>() {
        module.customs.delete(section);
    }
    Ok(module)
}

/// Removes the exports that are not `named` in the glue, and everything that only they used. Every library brings its
/// exports along, used or not.
pub fn remove_unused(module: &mut Module, named: &HashSet<String>) {
    let is_unused = |name: &str| name != MEMORY && !named.contains(name);
    let unused = module.exports.iter().filter(|export| is_unused(&export.name)).map(|export| export.id());
    for export in unused.collect::<Vec<_>>() {
        module.exports.delete(export);
    }
    walrus::passes::gc::run(module);
}
