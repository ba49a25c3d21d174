//! Which language a tag leads to, and what else the host says of it.

use anyhow::{Result, ensure};
use serde::Deserialize;
use zoho_backup_words::languages::ALL;

use super::steps::{file, is_in, texts};
use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("languages",
    "a tag leads to the language that its table says" => tags,
    "a region has its own order of dates" => regions,
    "the direction is that of the language, unless the element has its own" => direction,
    "messages replace sentences of every language, and may be of another" => messages,
    "digits are of one kind" => digits,
    "bundlers find each file by a literal" => literals,
);

#[derive(Deserialize)]
struct Case {
    tag: String,
    code: Option<String>,
}

/// The next run is on 15 January 2031.
const JANUARY: &str = "window.w = widget();
    w.data = { backup: { id: '1', status: 'SCHEDULED', rrule: 'RRULE:FREQ=WEEKLY;BYDAY=WE',
                         scheduled_date: '2031-01-15T21:58:45Z' } };
    await w.ready;";

async fn open(session: &Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status id=w time-zone=UTC></zoho-backup-status>")).await?;
    session.run(JANUARY).await
}

async fn tags(session: &mut Session) -> Result<()> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../../../www/language-cases.json"))?;
    ensure!(cases.len() > 20, "{}", cases.len());
    open(session).await?;
    for Case { tag, code } in cases {
        session.run(&format!("w.setAttribute('lang', {tag:?});")).await?;
        let language = ALL.iter().find(|language| Some(language.code) == code.as_deref());
        let expected = texts(language.map_or("en", |language| language.tag)).plain("label");
        session
            .wait(&format!("seen(w, 'label') === {expected:?}"))
            .await
            .map_err(|error| error.context(format!("{tag:?} does not lead to {code:?}")))?;
    }
    // Some are no tags, of which the console tells.
    session.console().await?;
    session.no_errors().await
}

async fn regions(session: &mut Session) -> Result<()> {
    open(session).await?;
    for (tag, language, date) in [
        ("de", "de", "15. Jan. 2031"),
        ("de-AT", "de", "15. Jän. 2031"),
        ("en-US", "en", "Jan 15, 2031"),
        ("en-GB", "en", "15 Jan 2031"),
        ("pl-PL", "en", "Jan 15, 2031"),
        ("zh-TW", "en", "Jan 15, 2031"),
        ("nl_NL", "nl", "15 jan 2031"),
    ] {
        session.run(&format!("w.lang = '{tag}';")).await?;
        let lang = if language == "en" && !tag.starts_with("en") { "en" } else { tag };
        is_in(session, language, &lang.replace('_', "-")).await?;
        let shown: String =
            session.eval("oneLine(parts(w, 'next-run')[0].querySelector('time').innerText)").await?;
        session.note(format!("{tag}: {shown}"));
        ensure!(shown.contains(date), "{tag}: {shown} has no {date}");
    }
    session.no_errors().await
}

async fn direction(session: &mut Session) -> Result<()> {
    open(session).await?;
    let directions = "[w.shadowRoot.querySelector('.widget').dir, getComputedStyle(w.shadowRoot.querySelector('.card')).direction]";
    for (change, expected) in [
        ("document.documentElement.lang = 'ar'", "rtl"),
        ("w.dir = 'ltr'", "ltr"),
        ("w.removeAttribute('dir')", "rtl"),
        ("document.documentElement.lang = 'en'", "ltr"),
        // English reads from left to right on every page.
        ("document.documentElement.dir = 'rtl'", "ltr"),
        ("document.documentElement.lang = 'he'", "ltr"),
        ("w.dir = 'RTL'", "rtl"),
        ("w.dir = 'auto'", "ltr"),
        ("document.documentElement.dir = 'ltr'; document.documentElement.lang = 'ar'", "rtl"),
    ] {
        session.run(&format!("{change};")).await?;
        session
            .wait(&format!("{directions}.every((it) => it === '{expected}')"))
            .await
            .map_err(|error| error.context(format!("{change}: not {expected}")))?;
    }
    session.no_errors().await
}

async fn messages(session: &mut Session) -> Result<()> {
    open(session).await?;
    session.run("w.lang = 'de'; w.messages = { 'word.scheduled': 'Steht an' };").await?;
    session
        .wait(&format!(
            "seen(w, 'badge') === 'Steht an' && seen(w, 'label') === {:?}",
            texts("de").plain("label")
        ))
        .await?;
    session.run("w.lang = 'fr';").await?;
    session
        .wait(&format!(
            "seen(w, 'badge') === 'Steht an' && seen(w, 'label') === {:?}",
            texts("fr").plain("label")
        ))
        .await?;
    // Of a language that is not there: it says so, and dates and direction follow.
    session
        .run("w.lang = 'he-IL'; w.messages = { language: 'he', direction: 'rtl', label: 'גיבוי', 'word.scheduled': 'מתוזמן' };")
        .await?;
    session.wait("seen(w, 'label') === 'גיבוי'").await?;
    let (lang, dir, date): (String, String, String) = session
        .eval("(([root]) => [root.lang, root.dir, seen(w, 'next-run')])([w.shadowRoot.querySelector('.widget')])")
        .await?;
    ensure!((lang.as_str(), dir.as_str()) == ("he-IL", "rtl"), "{lang} {dir}");
    ensure!(date.contains("ינו"), "{date}");
    session.run("w.messages = null;").await?;
    is_in(session, "en", "en").await?;
    session.no_errors().await
}

async fn digits(session: &mut Session) -> Result<()> {
    let page = Page::new(element_with("w", "scheduled", "lang=ar-EG countdown=second"));
    session.open(page.fake_clock()).await?;
    session.run("window.w = widget();").await?;
    is_in(session, "ar", "ar-EG").await?;
    for part in ["countdown", "next-run"] {
        let shown: String = session.eval(&format!("seen(w, '{part}')")).await?;
        ensure!(!shown.contains(|letter: char| letter.is_ascii_digit()), "{part}: {shown}");
        ensure!(shown.contains(|letter: char| ('٠'..='٩').contains(&letter)), "{part}: {shown}");
    }
    session.no_errors().await
}

async fn literals(session: &mut Session) -> Result<()> {
    let script = session.files.text("zoho-backup-status.js")?;
    for language in ALL {
        let path = format!(".{}?v=", file(language.tag));
        let count = script.matches(&format!("new URL(\"{path}")).count();
        ensure!(count == 1, "{path} is no literal");
    }
    Ok(())
}
