//! What a verdict says in a language: `cargo run -p zoho-backup-words --example sentences -- pt-BR`

use std::env;
use std::time::Duration;

use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::knowledge::{Answer, Knowledge};
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::{Verdict, verdict};
use zoho_backup_words::date;
use zoho_backup_words::languages::of_tag;
use zoho_backup_words::sentence::{Piece, joined};
use zoho_backup_words::texts::Texts;
use zoho_backup_words::wording::Wording;

/// 2026-11-25T18:56:40Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_633_000_000);

const FAILED: &str = r#"{"backup":{"status":"FAILED","scheduled_date":"2026-11-28T04:26:35+05:30"}}"#;
const REFUSED: &str =
    r#"{"code":"NO_PERMISSION","details":{},"message":"permission denied","status":"error"}"#;

/// The verdict on a reply that has just arrived.
fn judged(status: u16, body: &str) -> Verdict {
    let body = Body::read(body, |text| serde_json::from_str(text).ok());
    let known = match reply::read(Reply { status, body, retry_at: None }) {
        Ok(details) => {
            let freshness = Freshness::new(NOW, Duration::ZERO, None);
            Knowledge { answer: Some(Answer::new(details, Some(freshness))), ..Knowledge::default() }
        }
        Err(fault) => Knowledge { fault: Some(fault), ..Knowledge::default() },
    };
    verdict(&known, NOW, &Policy::default())
}

/// A verdict, and what depends on its reader.
struct Told<'a> {
    verdict: &'a Verdict,
    texts: Texts,
}

impl Wording for Told<'_> {
    fn texts(&self) -> &Texts {
        &self.texts
    }

    fn verdict(&self) -> &Verdict {
        self.verdict
    }

    fn label(&self) -> Piece {
        Piece::Own(self.texts.plain("label"))
    }

    fn date_time(&self, at: Timestamp) -> String {
        date::written(at, 0)
    }

    fn json(&self, value: &Json) -> String {
        value.to_string()
    }

    fn number(&self, number: u64) -> String {
        number.to_string()
    }
}

/// The badge's name, why it is so, and what to do about it. A tag without sentences of its own gets the English ones.
fn lines(verdict: &Verdict, tag: &str) -> Vec<String> {
    let language = of_tag(tag).map(|available| available.language);
    let told = Told { verdict, texts: Texts::default().in_language(language) };
    let sentences = [told.badge_name(), told.reason(), told.cause(), told.remedy()];
    sentences.iter().filter(|sentence| !sentence.is_empty()).map(|sentence| joined(sentence)).collect()
}

fn main() {
    let tag = env::args().nth(1).unwrap_or_else(|| "de".to_owned());
    for (status, body) in [(200, FAILED), (403, REFUSED)] {
        println!("{}\n", lines(&judged(status, body), &tag).join("\n"));
    }
}

#[test]
fn a_failure_is_told_in_the_readers_language() {
    let failed = judged(200, FAILED);
    assert_eq!(
        lines(&failed, "en-GB"),
        ["Zoho CRM backup: Failed", "Zoho reports that the last backup failed."]
    );
    assert_eq!(
        lines(&failed, "de-AT"),
        ["Zoho CRM-Backup: Fehlgeschlagen", "Zoho meldet, dass das letzte Backup fehlgeschlagen ist."]
    );
}
