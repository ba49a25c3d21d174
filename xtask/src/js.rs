//! A script without indentation and whole-line comments.

/// `script` without indentation, empty lines and comments that have lines to themselves.
///
/// No minifier: Trunk's names variables anew at every build, so that the same sources give other bytes and another
/// integrity hash each time; oxc's does not and would save 1.5 KB of brotli, but its crates take longer to compile
/// than all the rest of xtask.
///
/// The lines of a template literal that spans several stay as they are. It is told by its backticks: an odd one in
/// a string, a regular expression or behind code in a comment would mislead.
pub fn strip(script: &str) -> String {
    let mut stripped = String::with_capacity(script.len());
    let mut in_template = false;
    let mut in_comment = false;
    for mut line in script.lines() {
        if in_comment {
            let Some((_, after)) = line.split_once("*/") else { continue };
            in_comment = false;
            line = after;
        }
        let code = line.trim();
        if !in_template {
            if code.starts_with("/*") && closes_at_end(code) {
                in_comment = !code.contains("*/");
                continue;
            }
            if code.is_empty() || code.starts_with("//") {
                continue;
            }
        }
        // The end of a line may be the text of a template literal that starts on it.
        let odd = line.matches('`').count() % 2 == 1;
        let kept = match (in_template, odd) {
            (true, _) => line,
            (false, true) => line.trim_start(),
            (false, false) => code,
        };
        stripped.push_str(kept);
        stripped.push('\n');
        in_template ^= odd;
    }
    stripped
}

/// Whether the comment that `code` starts with leaves nothing else on its line.
fn closes_at_end(code: &str) -> bool {
    code.find("*/").is_none_or(|at| at + 2 == code.len())
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn what_means_nothing_goes_and_the_rest_stays() {
        let cases = [
            ("indentation", "if (a) {\n    b();  \n}\n", "if (a) {\nb();\n}\n"),
            ("empty lines", "a;\n\n  \nb;", "a;\nb;\n"),
            ("line comments", "// one\n  // two\na; // three\n", "a; // three\n"),
            ("block comments", "/**\n * @type {x}\n */\na;\n/* b */\nc;\n", "a;\nc;\n"),
            ("a block comment before code", "/* a */ b;\n", "/* a */ b;\n"),
            ("a block comment's end before code", "/* a\n b */ c;\n", "c;\n"),
            ("a comment in code", "a(/* why */ b);\n", "a(/* why */ b);\n"),
            ("addresses", "a = 'https://x';\n", "a = 'https://x';\n"),
            (
                "templates over lines",
                "  a = `x  \n    // y\n\n  z`;\n    b;\n",
                "a = `x  \n    // y\n\n  z`;\nb;\n",
            ),
            ("templates on one line", "  a = `x ${`y`}`;\n  b;\n", "a = `x ${`y`}`;\nb;\n"),
            ("backticks in comments", "// it`s\n  a;\n  b;\n", "a;\nb;\n"),
        ];
        for (name, script, expected) in cases {
            assert_eq!(strip(script), expected, "{name}");
        }
    }
}
