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
    let printed = Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping)
        .with_private_member_mappings(minified.class_private_mappings)
        .build(program);
    with_plain_urls(&printed.code)
}

/// The minifier writes strings as templates. Bundlers look for `new URL("…", import.meta.url)`, and not all of them read a
/// template there.
fn with_plain_urls(code: &str) -> String {
    const START: &str = "new URL(";
    const END: &str = ",import.meta.url)";
    let mut pieces = code.split(START);
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(START);
        let literal = piece.strip_prefix('`').and_then(|piece| piece.split_once('`'));
        match literal {
            Some((url, rest)) if rest.starts_with(END) && !url.contains(['"', '\\', '$', '\n']) => {
                plain.extend(["\"", url, "\"", rest]);
            }
            _ => plain.push_str(piece),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minify(script: &str) -> String {
        let allocator = Allocator::default();
        let mut program = parse(&allocator, script).unwrap();
        minified(&allocator, &mut program)
    }

    #[test]
    fn what_means_nothing_goes_and_the_rest_stays() {
        let cases = [
            ("indentation", "if (a) {\n    b();  \n}\n", "a&&b();"),
            ("empty lines", "a();\n\n  \nb();", "a(),b();"),
            ("line comments", "// one\n  // two\na(); // three\n", "a();"),
            ("block comments", "/**\n * @type {x}\n */\na();\n/* b */\nc();\n", "a(),c();"),
            ("a block comment before code", "/* a */ b();\n", "b();"),
            ("a comment in code", "a(/* why */ b);\n", "a(b);"),
            ("addresses", "a('https://x');\n", "a(`https://x`);"),
            (
                "addresses of files",
                "a(new URL('./x?v=1', import.meta.url), new URL('x', b), new URL(`./${c}`, import.meta.url));",
                "a(new URL(\"./x?v=1\",import.meta.url),new URL(`x`,b),new URL(`./${c}`,import.meta.url));",
            ),
            ("templates over lines", "  a(`x  \n    // y\n\n  z`);\n", "a(`x  \n    // y\n\n  z`);"),
            ("templates in templates", "  a(`x ${`y${b}`}`);\n", "a(`x ${`y${b}`}`);"),
            ("backticks in comments", "// it`s\n  a();\n  b();\n", "a(),b();"),
            ("names of exports", "export const long = a();\n", "export const long=a();"),
            ("names at the top level", "const long = a(); b(long, long);\n", "const e=a();b(e,e);"),
            ("what nothing uses", "function long() {}\na();\n", "a();"),
            (
                "private members",
                "export class A { #long = a(); b() { return this.#long; } }",
                "export class A{#e=a();b(){return this.#e}}",
            ),
        ];
        for (name, script, expected) in cases {
            assert_eq!(minify(script), expected, "{name}");
        }
    }

    #[test]
    fn a_mistake_is_reported() {
        let allocator = Allocator::default();
        assert!(parse(&allocator, "function {").unwrap_err().to_string().contains("parsed"));
    }
}
