//! The three formats, and labels that would be something else than a name in them.

use serde_json::{Value, json};
use zoho_backup_core::alert::{Alert, Facts, News, Trouble};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_proxy::alerts::format::AlertFormat;
use zoho_backup_proxy::alerts::text::Said;

fn said(label: &str) -> Said {
    let at = Timestamp::from_millis(1_795_651_200_000);
    let alert = Alert { news: News::Begun, trouble: Trouble::Failed, key: at, ended: Some(at), at };
    Said { id: "4f2a".to_owned(), alert: Some(alert), at, label: label.to_owned(), facts: Facts::default() }
}

fn body(format: AlertFormat, label: &str) -> Value {
    serde_json::from_str(&format.body(&said(label))).expect("JSON")
}

/// The title of an alert in each format.
fn titles(label: &str) -> [String; 3] {
    let first = |text: &Value| text.as_str().and_then(|text| text.lines().next()).expect("a text").to_owned();
    let [json, slack, teams] = AlertFormat::ALL.map(|format| body(format, label));
    assert_eq!(slack["text"], slack["blocks"][0]["text"]["text"]);
    assert_eq!(json["label"].as_str().map(|label| first(&json["text"]).ends_with(label)), Some(true));
    [
        first(&json["text"]),
        first(&slack["text"]),
        first(&teams["attachments"][0]["content"]["body"][0]["text"]),
    ]
}

#[test]
fn no_label_is_more_than_a_name() {
    // A label; then it in our own JSON, in Slack's and in Teams'.
    let cases = [
        ("Sales & Service", ["Sales & Service", "Sales &amp; Service", r"Sales \& Service"]),
        ("<!channel>", ["<!channel>", "&lt;!channel&gt;", r"\<\!channel\>"]),
        (
            "<https://evil.example|Zoho>",
            [
                "<https://evil.example|Zoho>",
                "&lt;https://evil.example|Zoho&gt;",
                r"\<https://evil.example\|Zoho\>",
            ],
        ),
        ("*bold* _x_ ~y~ `z`", ["*bold* _x_ ~y~ `z`", "*bold* _x_ ~y~ `z`", r"\*bold\* \_x\_ \~y\~ \`z\`"]),
        ("</at>", ["</at>", "&lt;/at&gt;", r"\</at\>"]),
        (
            "[Zoho](https://evil.example)",
            [
                "[Zoho](https://evil.example)",
                "[Zoho](https://evil.example)",
                r"\[Zoho\]\(https://evil.example\)",
            ],
        ),
        (
            "{{DATE(2026-11-27T02:00:00Z,LONG)}}",
            [
                "{{DATE(2026-11-27T02:00:00Z,LONG)}}",
                "{{DATE(2026-11-27T02:00:00Z,LONG)}}",
                r"\{\{DATE\(2026\-11\-27T02:00:00Z,LONG\)\}\}",
            ],
        ),
        (
            "a \"quoted\" 'name' \\ here",
            ["a \"quoted\" 'name' \\ here", "a \"quoted\" 'name' \\ here", "a \"quoted\" 'name' \\\\ here"],
        ),
        (
            "# one\n## two\r\n\t- three",
            ["# one ## two   - three", "# one ## two   - three", r"\# one \#\# two   \- three"],
        ),
        ("\u{202e}gnp\u{2066}.x\u{2069}\u{0}\u{1b}[31m\u{7f}", ["gnp.x[31m", "gnp.x[31m", r"gnp.x\[31m"]),
        ("&lt;b&gt;", ["&lt;b&gt;", "&amp;lt;b&amp;gt;", r"\&lt;b\&gt;"]),
    ];
    for (label, expected) in cases {
        let titles = titles(label);
        for (title, expected) in titles.iter().zip(expected) {
            assert_eq!(title, &format!("A backup has failed: {expected}"), "{label:?}");
        }
    }
}

#[test]
fn slack_reads_plain_text() {
    let body = body(AlertFormat::Slack, "Sales");
    assert_eq!(body["mrkdwn"], false);
    let block = &body["blocks"][0];
    assert_eq!((&block["type"], &block["text"]["type"]), (&json!("section"), &json!("plain_text")));
    assert_eq!(body.as_object().map(|body| body.len()), Some(3));
}

#[test]
fn teams_reads_an_adaptive_card() {
    let body = body(AlertFormat::Teams, "Sales");
    let attachment = &body["attachments"][0];
    assert_eq!(
        (&body["type"], &attachment["contentType"]),
        (&json!("message"), &json!("application/vnd.microsoft.card.adaptive"))
    );
    let card = &attachment["content"];
    assert_eq!((&card["type"], &card["version"]), (&json!("AdaptiveCard"), &json!("1.4")));
    let blocks = card["body"].as_array().expect("blocks");
    assert!(blocks.len() > 4 && blocks.iter().all(|it| it["type"] == "TextBlock" && it["wrap"] == true));
}

#[test]
fn a_test_is_called_one_in_every_format() {
    let test = Said { alert: None, ..said("Sales") };
    for format in AlertFormat::ALL {
        let body = format.body(&test);
        assert!(body.contains("Test of alerts: Sales") && body.contains("nothing is wrong"), "{body}");
    }
    let body: Value = serde_json::from_str(&AlertFormat::Json.body(&test)).unwrap();
    assert_eq!((&body["kind"], &body["about"], &body["run"]), (&json!("test"), &Value::Null, &Value::Null));
}
