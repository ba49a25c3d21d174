//! The badge as a picture, as the gateway sends it.

use serde_json::{Value, from_str, from_value};
use zoho_backup_core::backup::Backup;
use zoho_backup_proxy::zoho::Answer;

use super::reply::Reply;

/// A document that is good for as long as these tests run.
pub const GOOD: &str = r#"{"backup":{"status":"SCHEDULED","scheduled_date":"2999-12-31T23:30:00+05:30"}}"#;

/// An answer with this document.
pub fn document(text: &str) -> Answer {
    let mut document: Value = from_str(text).expect("JSON");
    let backup = Backup::read(&from_value(document["backup"].take()).expect("JSON"));
    Answer { backup, text: text.to_owned(), date: None }
}

/// What is between the tags of the first such element.
pub fn element<'a>(svg: &'a str, name: &str) -> &'a str {
    let (_, rest) = svg.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name}: {svg}"));
    rest.split_once(&format!("</{name}>")).expect("an end").0
}

/// The title of a picture, which the reply must be.
pub fn title(reply: &Reply) -> &str {
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("image/svg+xml; charset=utf-8"));
    element(reply.text(), "title")
}

/// After how many seconds a picture ends, as its style says; `None` if it is not current from the start.
pub fn ends_after(svg: &str) -> Option<f64> {
    let (_, rest) = element(svg, "style").split_once("step-start ")?;
    rest.split_once('s').expect("a unit").0.parse().ok()
}
