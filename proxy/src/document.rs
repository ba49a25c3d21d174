//! What is passed on of Zoho's document: the fields that Zoho documents, each exactly as it was sent. A number that
//! stands where Zoho sends a text keeps every digit.

use std::collections::HashMap;

use serde_json::value::RawValue;
use zoho_backup_core::backup::{DOCUMENTED, DOCUMENTED_REQUESTER};

type Members<'a> = HashMap<String, &'a RawValue>;

/// The `backup` of a document `{"backup":{…}}`, without fields that are unknown, and without the requester unless asked
/// for.
///
/// # Errors
/// When the text is not such a document.
pub fn documented(text: &str, with_requester: bool) -> serde_json::Result<String> {
    let document: Members<'_> = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    let backup = document.get("backup").map_or("null", |backup| backup.get());
    let backup: Members<'_> = serde_json::from_str(backup)?;
    let mut fields = picked(&backup, &DOCUMENTED);
    if let Some(requester) = backup.get("requester").filter(|_| with_requester) {
        let members = serde_json::from_str(requester.get());
        let picked = members.map(|members: Members<'_>| object(&picked(&members, &DOCUMENTED_REQUESTER)));
        fields.push(("requester", picked.unwrap_or_else(|_| requester.get().to_owned())));
    }
    Ok(object(&fields))
}

/// The document that readers get: a backup, or that nothing was ever scheduled, and what is known of past runs.
#[must_use]
pub fn document(backup: Option<&str>, history: Option<&str>) -> String {
    let backup = ("backup", backup.unwrap_or("null").to_owned());
    let history = history.map(|history| ("history", history.to_owned()));
    object(&[backup].into_iter().chain(history).collect::<Vec<_>>())
}

/// The members of these names, in this order.
fn picked<'a>(object: &Members<'_>, names: &[&'a str]) -> Vec<(&'a str, String)> {
    names.iter().filter_map(|name| Some((*name, object.get(*name)?.get().to_owned()))).collect()
}

fn object(members: &[(&str, String)]) -> String {
    let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_on_is_documented_as_it_was_sent_and_names_nobody_unasked() {
        let cases = [
            (
                "unknown keys",
                r#"{"a":1,"backup":{"secret":1,"status":"PAUSED","rrule":true,"id":"1","scheduled_date":null}}"#,
                r#"{"backup":{"id":"1","scheduled_date":null,"rrule":true,"status":"PAUSED"}}"#,
                "",
            ),
            (
                "numbers",
                r#"{"backup":{"id":4876876000001593003,"status":1e400,"rrule":0.10000000000000000001}}"#,
                r#"{"backup":{"id":4876876000001593003,"rrule":0.10000000000000000001,"status":1e400}}"#,
                "",
            ),
            ("escapes", "{\"backup\":{\"id\":\"\\u00e9\\n\"}}", "{\"backup\":{\"id\":\"\\u00e9\\n\"}}", ""),
            ("the last of several", r#"{"backup":{"id":"1","id":"2"}}"#, r#"{"backup":{"id":"2"}}"#, ""),
            (
                "a requester",
                r#"{"backup":{"requester":{"name":"P","email":"p@example.com","id":2},"id":"1"}}"#,
                r#"{"backup":{"id":"1"}}"#,
                r#"{"backup":{"id":"1","requester":{"id":2,"name":"P"}}}"#,
            ),
            (
                "a requester that is a text",
                r#"{"backup":{"requester":"me"}}"#,
                r#"{"backup":{}}"#,
                r#"{"backup":{"requester":"me"}}"#,
            ),
        ];
        let passed_on = |sent, with| document(Some(&documented(sent, with).unwrap()), None);
        for (name, sent, without, with) in cases {
            assert_eq!(passed_on(sent, false), without, "{name}");
            assert_eq!(passed_on(sent, true), if with.is_empty() { without } else { with }, "{name}");
        }
        assert_eq!(passed_on("\u{feff}{\"backup\":{}}", true), r#"{"backup":{}}"#);
        assert_eq!(document(None, Some("{}")), r#"{"backup":null,"history":{}}"#);
        for text in ["", "[]", "{}", r#"{"backup":null}"#, r#"{"backup":[]}"#] {
            assert!(documented(text, true).is_err(), "{text}");
        }
    }
}
