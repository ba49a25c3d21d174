//! Values as JSON, as `JSON.stringify` writes them: for the sentences that quote one.

use zoho_backup_core::json::Json;

/// The value as JSON.
pub(crate) fn written(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(value) => value.to_string(),
        Json::Text(text) => quoted(text),
        Json::List(list) => format!("[{}]", list.iter().map(written).collect::<Vec<_>>().join(",")),
        Json::Object(members) => {
            let member = |(name, value): &(String, Json)| format!("{}:{}", quoted(name), written(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        Json::TooDeep => "{}".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let escape = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        control if control < ' ' => format!("\\u{:04x}", u32::from(control)),
        other => other.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_as_it_was_sent() {
        for text in [
            "null",
            "true",
            "7",
            "-0.5",
            r#""""#,
            r#"[1,"a",[],{}]"#,
            r#"{"a":{"b":[null,false]},"\"\\":"\u0007é"}"#,
        ] {
            assert_eq!(written(&serde_json::from_str(text).unwrap()), text);
        }
        assert_eq!(written(&serde_json::from_str("[[[[[[[[[[1]]]]]]]]]]").unwrap()), "[[[[[[[[{}]]]]]]]]");
    }
}
