//! The badge as a picture: `cargo run -p zoho-backup-picture --example badge -- de >badge.svg`

use std::env;
use std::time::Duration;

use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::{Answer, Knowledge};
use zoho_backup_core::options::Theme;
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::{Verdict, verdict};
use zoho_backup_picture::Picture;
use zoho_backup_words::languages::of_tag;

/// 2026-11-25T18:56:40Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_633_000_000);

const REPLY: &str = r#"{"backup":{"status":"SCHEDULED","scheduled_date":"2026-11-28T04:26:35+05:30"}}"#;

/// The verdict on a reply that has just arrived.
fn judged(body: &str) -> Verdict {
    let body = Body::read(body, |text| serde_json::from_str(text).ok());
    let known = match reply::read(Reply { status: 200, body, retry_at: None }) {
        Ok(details) => {
            let freshness = Freshness::new(NOW, Duration::ZERO, None);
            Knowledge { answer: Some(Answer::new(details, Some(freshness))), ..Knowledge::default() }
        }
        Err(fault) => Knowledge { fault: Some(fault), ..Knowledge::default() },
    };
    verdict(&known, NOW, &Policy::default())
}

/// The picture for a reader with this language tag.
fn picture<'a>(verdict: &'a Verdict, tag: &str) -> Picture<'a> {
    let language = of_tag(tag).map(|available| available.language);
    Picture { verdict, now: NOW, theme: Theme::Auto, language }
}

fn main() {
    let tag = env::args().nth(1).unwrap_or_default();
    println!("{}", picture(&judged(REPLY), &tag).svg());
}

#[test]
fn the_picture_is_a_document_with_a_title() {
    let verdict = judged(REPLY);
    let picture = picture(&verdict, "de");
    let svg = picture.svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let title =
        document.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "title")));
    assert_eq!(title.and_then(|title| title.text()), Some(picture.title().as_str()));
    let expected = "Zoho CRM-Backup: Geplant. Der nächste Lauf ist geplant. \
        Nächster Lauf: 2026-11-28 04:26 +05:30. Stand: 2026-11-26 00:26 +05:30.";
    assert_eq!(picture.title(), expected);
}
