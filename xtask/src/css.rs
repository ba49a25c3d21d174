//! A style sheet without comments and needless whitespace.

/// `css` without comments, line breaks, indentation and the blanks around `{ } ; ,`.
///
/// Nothing else changes: strings, unquoted `url(…)` and escapes stay as they are, and so do the blanks that
/// mean something (descendant selectors, `calc(1px + 2px)`), be it as one blank instead of several.
pub fn strip(css: &str) -> String {
    let mut stripped = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(next) = rest.chars().next() {
        let token = token_length(rest, next, &stripped);
        let (token, after) = rest.split_at(token);
        match next {
            '/' if token.len() > 1 => {
                // Between two words a comment separates, without being a blank.
                if !(apart(stripped.chars().next_back()) || apart(after.chars().next())) {
                    stripped.push_str("/**/");
                }
            }
            _ if next.is_ascii_whitespace() => {
                let before = stripped.chars().next_back();
                if !(needs_no_blank(before) || before == Some(' ') || needs_no_blank(after.chars().next())) {
                    stripped.push(' ');
                }
            }
            _ => {
                // A blank is already there when a comment came between it and this character.
                if needs_no_blank(Some(next)) && stripped.ends_with(' ') && !stripped.ends_with("\\ ") {
                    stripped.pop();
                }
                stripped.push_str(token);
            }
        }
        rest = after;
    }
    stripped.truncate(stripped.trim_end_matches(' ').len());
    stripped
}

/// How many bytes of `rest`, which starts with `next`, belong together.
fn token_length(rest: &str, next: char, before: &str) -> usize {
    let up_to = |length: Option<usize>| length.unwrap_or(rest.len());
    match next {
        '/' if rest.starts_with("/*") => up_to(rest[2..].find("*/").map(|at| at + 4)),
        '"' | '\'' => up_to(string_length(rest, next)),
        '\\' => up_to(rest.char_indices().nth(2).map(|(at, _)| at)),
        _ if next.is_ascii_whitespace() => up_to(rest.find(|c: char| !c.is_ascii_whitespace())),
        _ if in_url(before) => up_to(rest.find(')')),
        _ => next.len_utf8(),
    }
}

/// The length of the string that `rest` starts with, quotes included.
fn string_length(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn in_url(before: &str) -> bool {
    before.len() >= 4
        && before.is_char_boundary(before.len() - 4)
        && before[before.len() - 4..].eq_ignore_ascii_case("url(")
}

fn needs_no_blank(neighbour: Option<char>) -> bool {
    matches!(neighbour, None | Some('{' | '}' | ';' | ','))
}

fn apart(neighbour: Option<char>) -> bool {
    needs_no_blank(neighbour) || neighbour.is_some_and(|c| c.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn what_means_nothing_goes_and_the_rest_stays() {
        let cases = [
            ("indentation and lines", "a {\n  color: red;\n  top: 0;\n}\n", "a{color: red;top: 0;}"),
            ("carriage returns", "a {\r\n\tcolor: red;\r\n}\r\n", "a{color: red;}"),
            ("selector lists", "a ,\n b > c { top: 0 }", "a,b > c{top: 0}"),
            ("descendants", ".a  .b :hover{}", ".a .b :hover{}"),
            ("values over lines", "a{font:\n  1em\n  serif}", "a{font: 1em serif}"),
            ("calc", "a{width:calc( 1px + 2px )}", "a{width:calc( 1px + 2px )}"),
            ("a comment alone", "/* one */\na{}\n/* two */", "a{}"),
            ("a comment at the end of a line", "a{top:0; /* why */\n left:0}", "a{top:0;left:0}"),
            ("a comment between blanks", "a{margin:1px /* x */ 2px}", "a{margin:1px 2px}"),
            ("a comment before a brace", "a /* x */ {}", "a{}"),
            ("a comment between words", "a{margin:1px/* x */2px}", "a{margin:1px/**/2px}"),
            ("a comment without end", "a{}/* x", "a{}"),
            ("strings", "a{content:\"  ;  /* no */ \\\" } \"}", "a{content:\"  ;  /* no */ \\\" } \"}"),
            ("single quotes", "a::before { content: ' , ' ; }", "a::before{content: ' , ';}"),
            (
                "unquoted addresses",
                "a{b:url(data:x;y,/*z*/) ; c:url( \"d ; e\" )}",
                "a{b:url(data:x;y,/*z*/);c:url( \"d ; e\" )}",
            ),
            ("escapes", "a{content:\\; ;b:\\  }", "a{content:\\;;b:\\ }"),
            ("other letters", "a{content:\"…  é\"} /* ü */", "a{content:\"…  é\"}"),
            (
                "media",
                "@media (width < 10em) and (hover) {\n  a { top: 0 }\n}",
                "@media (width < 10em) and (hover){a{top: 0}}",
            ),
            ("nothing", "", ""),
        ];
        for (name, css, expected) in cases {
            assert_eq!(strip(css), expected, "{name}");
        }
    }

    #[test]
    fn stripping_twice_changes_nothing() {
        let once = strip("a , b {\n  /* x */\n  margin : 1px/* y */2px ; content: \"  \" }");
        assert_eq!(strip(&once), once);
    }
}
