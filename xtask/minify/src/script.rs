//! JavaScript, parsed and printed by oxc.

use anyhow::{Result, bail};
use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{Minifier, MinifierOptions};
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

/// Parses an ES module.
///
/// # Errors
/// When it is none; the error has the parser's message.
pub fn parse<'a>(allocator: &'a Allocator, script: &'a str) -> Result<Program<'a>> {
    let options = ParseOptions { preserve_parens: false, ..ParseOptions::default() };
    let parsed = Parser::new(allocator, script, SourceType::mjs()).with_options(options).parse();
    if let Some(diagnostic) = parsed.diagnostics.first() {
        bail!("the script cannot be parsed: {diagnostic}");
    }
    Ok(parsed.program)
}

/// The program with the fewest bytes: all names but those of exports are shortened, and unused code is dropped.
pub fn minified<'a>(allocator: &'a Allocator, program: &mut Program<'a>) -> String {
    let minified = Minifier::new(MinifierOptions::default()).minify(allocator, program);
    Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping)
        .with_private_member_mappings(minified.class_private_mappings)
        .build(program)
        .code
}
