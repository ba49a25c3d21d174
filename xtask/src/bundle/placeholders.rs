//! Placeholders `%NAME%` in string literals of the script, and what takes their place.

use anyhow::{Result, bail};

/// What takes the place of a placeholder.
#[derive(Clone, Copy, Debug)]
pub enum Value<'v> {
    /// Text: the literal stays a literal.
    Text(&'v str),
    /// JavaScript: it replaces the literal. The placeholder must be all of it.
    Code(&'v str),
}

/// `script` with every placeholder of these names replaced by its value.
///
/// # Errors
/// When a placeholder is missing, or is part of a longer literal that the value would break.
pub fn fill(script: &str, values: &[(&str, Value)]) -> Result<String> {
    let mut filled = script.to_owned();
    for (name, value) in values {
        filled = fill_one(&filled, &format!("%{name}%"), *value)?;
    }
    Ok(filled)
}

fn fill_one(script: &str, placeholder: &str, value: Value) -> Result<String> {
    let mut pieces = script.split(placeholder);
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    let mut is_missing = true;
    for piece in pieces {
        is_missing = false;
        let quote = filled.chars().next_back().filter(|quote| matches!(quote, '"' | '\'' | '`'));
        let rest = quote.and_then(|quote| piece.strip_prefix(quote));
        match (rest, value) {
            // The minifier writes either kind of quotes.
            (Some(rest), _) => {
                filled.pop();
                match value {
                    Value::Text(text) => filled.push_str(&literal(text)),
                    Value::Code(code) => filled.push_str(code),
                }
                filled.push_str(rest);
            }
            (None, Value::Text(text)) if !text.contains(['"', '\'', '`', '\\', '$', '\n', '\r']) => {
                filled.push_str(text);
                filled.push_str(piece);
            }
            (None, _) => bail!(
                "the placeholder {placeholder} is not all of its string literal: \
                 give it one of its own, as its value has quotes or is no text"
            ),
        }
    }
    if is_missing {
        bail!(
            "no source of the script contains the placeholder \"{placeholder}\": \
             put it into a string literal where its value belongs"
        );
    }
    Ok(filled)
}

/// `text` as a JavaScript string literal.
pub fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            _ => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_literals() {
        let element = r#"const css = "%STYLE%", url = `x?v=${"%WASM_HASH%"}`; // "%STYLE%""#;
        let values =
            [("STYLE", Value::Text("a{content:\"\\2026\"}")), ("WASM_HASH", Value::Text("0badcafe"))];
        let expected =
            r#"const css = "a{content:\"\\2026\"}", url = `x?v=${"0badcafe"}`; // "a{content:\"\\2026\"}""#;
        assert_eq!(fill(element, &values).unwrap(), expected);
    }

    #[test]
    fn a_placeholder_is_found_in_every_kind_of_literal() {
        let cases = [
            ("f(`%X%`)", Value::Text("a\"b"), Some(r#"f("a\"b")"#)),
            ("f('%X%')", Value::Text("a"), Some(r#"f("a")"#)),
            ("f(`w?v=%X%`)", Value::Text("0bad"), Some("f(`w?v=0bad`)")),
            ("f(\"w?v=%X%\")", Value::Text("a\"b"), None),
            ("f(\"%X%\")", Value::Code("{a:1}"), Some("f({a:1})")),
            ("f(\"a %X%\")", Value::Code("{a:1}"), None),
        ];
        for (script, value, expected) in cases {
            assert_eq!(fill(script, &[("X", value)]).ok().as_deref(), expected, "{script}");
        }
    }

    #[test]
    fn a_missing_placeholder_is_named() {
        let error = fill("const css = '%STILE%';", &[("STYLE", Value::Text(""))]).unwrap_err();
        assert!(error.to_string().contains("\"%STYLE%\""), "{error}");
    }

    #[test]
    fn literals_hold_line_breaks() {
        assert_eq!(literal("a\r\nb"), r#""a\r\nb""#);
    }
}
