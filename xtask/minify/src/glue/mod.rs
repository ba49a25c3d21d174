//! wasm-bindgen's glue, as the parsed statements of its function.
//!
//! It declares classes, functions and variables; assigns what it exports to the members of `exports`; and calls the
//! exports of the wasm as members of `wasm`.

pub mod find;
pub mod rename;
pub mod unused;
pub mod words;

use oxc_ast::ast::Statement;

/// What to do when the glue is not as expected.
const CHANGED: &str = "wasm-bindgen has changed what it writes, and xtask/minify/src/glue has to follow";

/// The glue's variable for the exports of the wasm.
const WASM: &str = "wasm";
/// The parameter of the glue's function whose members are its exports.
const EXPORTS: &str = "exports";

/// The statements of the glue's function.
pub type Statements<'a> = oxc_allocator::Vec<'a, Statement<'a>>;
