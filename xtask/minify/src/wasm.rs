//! Reading a wasm, without what the glue does not use, and writing it.

use std::collections::HashSet;

use anyhow::{Context, Result, anyhow};
use walrus::{Module, ModuleConfig};
use wasm_encoder::reencode::Reencode;
use wasmparser::Parser;

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

/// The wasm as this writes it anew.
///
/// # Errors
/// When it cannot be read.
pub fn rewritten(wasm: &[u8], writer: &mut impl Reencode<Error = anyhow::Error>) -> Result<Vec<u8>> {
    let mut module = wasm_encoder::Module::new();
    let written = writer.parse_core_module(&mut module, Parser::new(0), wasm);
    written.map_err(|error| anyhow!("the wasm cannot be written anew: {error}"))?;
    Ok(module.finish())
}
