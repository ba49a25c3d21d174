//! Whole pictures: what each verdict looks like, and that every picture is well-formed and fits its place.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use roxmltree::{Document, Node};
use zoho_backup_core::backup::Backup;
use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::history::{HistoryDocument, Outcome};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::knowledge::{Answer, Knowledge};

use zoho_backup_core::options::Theme;
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reason::{Reason, State, Tone};
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::{Verdict, verdict};
use zoho_backup_picture::{Picture, icons};
use zoho_backup_words::language::Language;
use zoho_backup_words::languages::ALL;
use zoho_backup_words::texts::Texts;

/// 2026-11-25T18:56:40Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_633_000_000);
const MINUTE: Duration = Duration::from_secs(60);

/// The verdict on a reply that was read that long ago.
fn read_ago(status: u16, text: &str, age: Duration) -> Verdict {
    let body = Body::read(text, |text| serde_json::from_str(text).ok());
    let known = match reply::read(Reply { status, body, retry_at: None }) {
        Ok(details) => {
            let freshness = Some(Freshness::new(NOW.before(age), Duration::ZERO, None));
            Knowledge { answer: Some(Answer::new(details, freshness)), ..Knowledge::default() }
        }
        Err(fault) => Knowledge { fault: Some(fault), ..Knowledge::default() },
    };
    verdict(&known, NOW, &Policy::default())
}

fn read(text: &str) -> Verdict {
    read_ago(200, text, Duration::ZERO)
}

/// A document with this status and this date.
fn backup(status: &str, date: &str) -> String {
    format!(r#"{{"backup":{{"status":"{status}","scheduled_date":{date},"rrule":"RRULE:FREQ=DAILY"}}}}"#)
}

const AHEAD: &str = r#""2026-11-28T04:26:35+05:30""#;
const JUST_PASSED: &str = r#""2026-11-26T00:10:00+05:30""#;
const PASSED: &str = r#""2026-11-25T20:10:00+05:30""#;
const LONG_PASSED: &str = r#""2026-11-22T20:10:00+05:30""#;
const FAILED: &str = r#"{"code":"NO_PERMISSION","details":{},"message":"x","status":"error"}"#;

fn picture(verdict: &Verdict) -> String {
    Picture { verdict, now: NOW, theme: Theme::Auto, language: None }.svg()
}

fn parse(svg: &str) -> Document<'_> {
    Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"))
}

fn texts(node: Node<'_, '_>) -> Vec<String> {
    let texts = node.descendants().filter(|node| node.has_tag_name("text"));
    texts
        .map(|text| text.descendants().filter_map(|it| it.text().filter(|_| it.is_text())).collect())
        .collect()
}

/// The texts of the group of this class; none if there is no such group.
fn texts_of(document: &Document<'_>, class: &str) -> Vec<String> {
    document.descendants().find(|node| node.attribute("class") == Some(class)).map(texts).unwrap_or_default()
}

fn paths_of<'a>(document: &'a Document<'_>, class: &str) -> Vec<&'a str> {
    let group = document.descendants().find(|node| node.attribute("class") == Some(class));
    group.into_iter().flat_map(|group| group.descendants()).filter_map(|node| node.attribute("d")).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} of {node:?}"))
}

/// A verdict of each state.
fn states() -> Vec<Verdict> {
    vec![
        verdict(&Knowledge::default(), NOW, &Policy::default()),
        read(r#"{"backup":null}"#),
        read_ago(403, FAILED, Duration::ZERO),
        read(&backup("STOPPED", AHEAD)),
        read(&backup("INPROGRESS", PASSED)),
        read(&backup("FAILED", AHEAD)),
        remembered("SCHEDULED", AHEAD, &["missed", "completed"]),
        read(&backup("PAUSED", AHEAD)),
        read(r#"{"backup":{"status":"SCHEDULED"}}"#),
        read(&backup("COMPLETED", AHEAD)),
        read(&backup("SCHEDULED", AHEAD)),
        read(&backup("SCHEDULED", JUST_PASSED)),
        read(&backup("SCHEDULED", PASSED)),
    ]
}

#[test]
fn every_state_has_its_icon_its_word_and_when_it_was_so() {
    let verdicts = states();
    assert_eq!(verdicts.iter().map(|verdict| verdict.state).collect::<Vec<_>>(), State::ALL);
    for verdict in &verdicts {
        let (svg, state) = (picture(verdict), verdict.state);
        let document = parse(&svg);
        let word = Texts::default().plain(&format!("word.{state}"));
        for group in ["now", "late"] {
            assert_eq!(paths_of(&document, group).first(), Some(&icons::of(state)), "{state}, {group}");
            assert_eq!(texts_of(&document, group).first(), Some(&word), "{state}, {group}");
            let last = texts_of(&document, group).pop().unwrap();
            assert!(last.starts_with("As of 2026-11-2"), "{state}, {group}: {last}");
        }
        assert_eq!(paths_of(&document, "late").get(1), Some(&icons::STALE), "{state}");
    }
}

#[test]
fn the_lines_beside_the_badge_name_the_run_and_the_time() {
    let (utc, offset) = ("As of 2026-11-25 18:56 UTC", "As of 2026-11-26 00:26 +05:30");
    for (name, verdict, lines) in [
        ("ahead", read(&backup("SCHEDULED", AHEAD)), vec!["Next run: 2026-11-28 04:26 +05:30", offset]),
        (
            "after a failure",
            read(&backup("FAILED", AHEAD)),
            vec!["Next run: 2026-11-28 04:26 +05:30", offset],
        ),
        (
            "due",
            read(&backup("SCHEDULED", JUST_PASSED)),
            vec!["Planned run: 2026-11-26 00:10 +05:30", offset],
        ),
        ("overdue", read(&backup("SCHEDULED", PASSED)), vec!["Planned run: 2026-11-25 20:10 +05:30", offset]),
        (
            "in UTC",
            read(&backup("SCHEDULED", r#""2026-11-28T04:26:35Z""#)),
            vec!["Next run: 2026-11-28 04:26 UTC", utc],
        ),
        ("stopped", read(&backup("STOPPED", AHEAD)), vec![utc]),
        ("no date", read(&backup("SCHEDULED", "null")), vec![utc]),
        ("never set up", read_ago(204, "", Duration::ZERO), vec![utc]),
        (
            "read before",
            read_ago(200, &backup("SCHEDULED", AHEAD), 5 * MINUTE),
            vec!["Next run: 2026-11-28 04:26 +05:30", "As of 2026-11-26 00:21 +05:30"],
        ),
        ("a fault, now", read_ago(403, FAILED, Duration::ZERO), vec![utc]),
        ("not known yet, now", verdict(&Knowledge::default(), NOW, &Policy::default()), vec![utc]),
    ] {
        let svg = picture(&verdict);
        assert_eq!(texts_of(&parse(&svg), "now")[1..], lines, "{name}");
        let late = ["Not current", lines.last().unwrap()];
        assert_eq!(texts_of(&parse(&svg), "late")[1..], late, "{name}, in the end");
    }
}

#[test]
fn what_is_stale_is_not_current_from_the_start() {
    for (status, tone) in [("SCHEDULED", Tone::Neutral), ("FAILED", Tone::Bad), ("STOPPED", Tone::Warning)] {
        let verdict = read_ago(200, &backup(status, AHEAD), 11 * MINUTE);
        assert_eq!((verdict.stale, verdict.tone), (true, tone), "{status}");
        let svg = picture(&verdict);
        let document = parse(&svg);
        assert_eq!(texts_of(&document, "now"), Vec::<String>::new(), "{status}");
        assert_eq!(texts_of(&document, "late")[1], "Not current", "{status}");
        assert!(!svg.contains("animation") && !svg.contains("opacity"), "{status}: {svg}");
    }
}

/// Good until ten minutes after it was read, but no longer than until the run.
#[test]
fn it_ends_when_its_verdict_may_change() {
    let soon = |seconds: u64| {
        let at = NOW.after(Duration::from_secs(seconds)).as_millis() / 1_000;
        let (minute, second) = (at / 60 % 60, at % 60);
        backup("SCHEDULED", &format!(r#""2026-11-25T{}:{minute:02}:{second:02}Z""#, at / 3_600 % 24))
    };
    for (name, verdict, end) in [
        ("stale", read(&backup("SCHEDULED", AHEAD)), Some("610.0s")),
        ("stale, read before", read_ago(200, &backup("SCHEDULED", AHEAD), 61 * MINUTE / 60), Some("540.0s")),
        ("the run", read(&soon(95)), Some("90.0s")),
        ("the run, very soon", read(&soon(5)), Some("5.0s")),
        ("failed", read(&backup("FAILED", AHEAD)), Some("610.0s")),
        ("running for a day", read(&backup("INPROGRESS", LONG_PASSED)), Some("610.0s")),
        ("never set up", read(r#"{"backup":null}"#), Some("610.0s")),
        ("a fault", read_ago(403, FAILED, Duration::ZERO), Some("610.0s")),
        ("not known yet", verdict(&Knowledge::default(), NOW, &Policy::default()), Some("610.0s")),
    ] {
        let style = Picture { verdict: &verdict, now: NOW, theme: Theme::Auto, language: None }.style();
        let delay = style.split_once("step-start ").and_then(|(_, rest)| rest.split_once(" forwards"));
        assert_eq!(delay.map(|(delay, _)| delay), end, "{name}");
    }
    let supplied =
        Knowledge::supplied(&Body::Json(serde_json::from_str(&backup("STOPPED", "null")).unwrap()));
    let supplied = verdict(&supplied, NOW, &Policy::default());
    assert_eq!(supplied.changes_at, None);
    assert!(!picture(&supplied).contains("animation"), "it never changes by itself");
}

/// As a browser does that asks again and hears that its picture is still the same.
#[test]
fn a_picture_that_is_still_the_same_never_ends_late() {
    let begin = read(&backup("SCHEDULED", AHEAD));
    let ends_at = begin.changes_at.unwrap();
    let mut bodies = Vec::new();
    for tenth in 0..6_100 {
        let now = NOW.after(Duration::from_millis(100 * tenth));
        let style = Picture { verdict: &begin, now, theme: Theme::Auto, language: None }.style();
        let (_, delay) = style.split_once("step-start ").unwrap();
        let seconds: f64 = delay.split_once('s').unwrap().0.parse().unwrap();
        assert!(now.after(Duration::from_secs_f64(seconds)) <= ends_at, "{tenth}: {seconds}");
        bodies.push(style);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 61 + 99, "ten seconds each, and tenths of the last ten");
}

#[test]
fn the_title_has_all_that_the_widget_says() {
    let unknown = r#"{"backup":{"status":"<PAUSED> & \u202e","scheduled_date":"soon"}}"#;
    let running =
        Verdict { runs_since: Some(NOW.before(20 * MINUTE)), ..read(&backup("INPROGRESS", "null")) };
    let own = r#"{"code":"CLIENT_REFUSED","message":"Zoho refuses it.","status":"error",
        "details":{"by":"zoho-backup-proxy","setting":"--client-id"}}"#;
    for (verdict, title) in [
        (
            read(&backup("SCHEDULED", AHEAD)),
            "Zoho CRM backup: Scheduled. The next run is planned. Next run: 2026-11-28 04:26 +05:30. \
             As of 2026-11-26 00:26 +05:30.",
        ),
        (
            read_ago(200, &backup("SCHEDULED", AHEAD), 20 * MINUTE),
            "Zoho CRM backup: Scheduled, not current. The next run was planned when the proxy was last read, on \
             2026-11-26 00:06 +05:30. Next run: 2026-11-28 04:26 +05:30. As of 2026-11-26 00:06 +05:30.",
        ),
        (
            running,
            "Zoho CRM backup: Running. A backup is running now, since 2026-11-25 18:36 UTC at the earliest. \
             As of 2026-11-25 18:56 UTC.",
        ),
        (
            read(unknown),
            "Zoho CRM backup: Unknown. Zoho reports a status that is not known here: <PAUSED> &. \
             As of 2026-11-25 18:56 UTC.",
        ),
        (
            read(r#"{"backup":{"status":7}}"#),
            "Zoho CRM backup: Unknown. The status in Zoho's answer is not a word: 7. As of 2026-11-25 18:56 UTC.",
        ),
        (
            read_ago(403, FAILED, Duration::ZERO),
            "Zoho CRM backup: Not available. The state of the backup is not known. The user of the proxy's token may \
             not read backup data. Ask the CRM administrator for the permission, or use an administrator's token. \
             As of 2026-11-25 18:56 UTC.",
        ),
        (
            read_ago(502, own, Duration::ZERO),
            "Zoho CRM backup: Not available. The state of the backup is not known. The gateway answers \
             CLIENT_REFUSED: Zoho refuses it. Check the gateway's setting --client-id, and its log. \
             As of 2026-11-25 18:56 UTC.",
        ),
        (
            read_ago(403, "{}", Duration::ZERO),
            "Zoho CRM backup: Not available. The state of the backup is not known. The proxy refuses the request \
             (HTTP 403). Check that the proxy allows your account. As of 2026-11-25 18:56 UTC.",
        ),
    ] {
        let shown = Picture { verdict: &verdict, now: NOW, theme: Theme::Auto, language: None };
        assert_eq!(shown.title(), title);
        let svg = shown.svg();
        let document = parse(&svg);
        let node = document.root_element().first_element_child().unwrap();
        assert_eq!((node.tag_name().name(), node.text()), ("title", Some(title)));
    }
}

/// Whether the texts of a group are apart, within the picture, and of the width that is said.
fn fits(document: &Document<'_>, class: &str) {
    let root = document.root_element();
    let width = number(root, "width");
    let Some(group) = root.children().find(|node| node.attribute("class") == Some(class)) else { return };
    let pill = group.children().find(|node| node.attribute("class") == Some("wash")).unwrap();
    let mut baselines = Vec::new();
    for text in group.children().filter(|node| node.has_tag_name("text")) {
        assert_eq!(text.attribute("lengthAdjust"), Some("spacingAndGlyphs"), "{text:?}");
        let (start, length) = (number(text, "x"), number(text, "textLength"));
        let (from, to) = match text.attribute("class") {
            Some("word") => (30.0, number(pill, "width") - 10.0),
            _ => {
                baselines.push(number(text, "y"));
                (number(pill, "width") + 8.0, width - 10.0)
            }
        };
        // Lengths are written to the tenth.
        assert!(start >= from && start + length <= to + 0.1, "{start} + {length} in {from}..{to}: {text:?}");
        let characters = texts(text)[0].chars().count();
        assert!((4.0..11.0).contains(&(length / characters as f64)), "{length} for {:?}", texts(text));
    }
    assert!(baselines.windows(2).all(|pair| pair[1] - pair[0] >= 12.0), "{baselines:?}");
    assert!(baselines.iter().all(|baseline| (9.0..=25.0).contains(baseline)), "{baselines:?}");
}

/// Fits its place, and holds nothing that a Content-Security-Policy of its style alone would keep from it.
fn is_sound(shown: &Picture<'_>) {
    let (svg, style) = (shown.svg(), shown.style());
    let document = parse(&svg);
    let root = document.root_element();
    let (width, height) = (number(root, "width"), number(root, "height"));
    assert_eq!(root.attribute("viewBox"), Some(&*format!("0 0 {width} {height}")));
    assert_eq!((root.attribute("role"), height), (Some("img"), 28.0));
    assert!((150.0..=380.0).contains(&width), "{width}");
    let names: Vec<_> = root.children().filter(Node::is_element).map(|node| node.tag_name().name()).collect();
    assert_eq!(names[..3], ["title", "style", "rect"]);
    assert!(names[3..].iter().all(|name| *name == "g") && (4..=5).contains(&names.len()), "{names:?}");
    assert_eq!(root.children().nth(1).and_then(|node| node.text()), Some(&*style));
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(["svg", "title", "style", "rect", "g", "path", "text", "tspan"].contains(&name), "{name}");
        for attribute in node.attributes() {
            let name = attribute.name();
            assert!(!name.starts_with("on") && !["style", "href", "src"].contains(&name), "{name}");
        }
    }
    assert!(!style.contains("url(") && !style.contains("@import"), "{style}");
    fits(&document, "now");
    fits(&document, "late");
    let title = shown.title();
    assert!(title.contains("As of "), "{title}");
}

/// A document with this status and this date, from a gateway that has seen these outcomes of daily runs, the latest first.
fn remembered(status: &str, date: &str, outcomes: &[&str]) -> Verdict {
    let run = |(days, outcome): (usize, &&str)| {
        let due = format!("2026-11-{:02}T02:00:00+05:30", 25 - days);
        serde_json::json!({ "due": due, "ended": { "by": due }, "outcome": outcome })
    };
    let runs: Vec<_> = outcomes.iter().enumerate().map(run).collect();
    let is_good = |run: &&serde_json::Value| run["outcome"] == "completed" || run["outcome"] == "passed";
    let last_good = runs.iter().position(|run| is_good(&run));
    let document = serde_json::json!({
        "backup": serde_json::from_str::<serde_json::Value>(&backup(status, date)).unwrap()["backup"],
        "history": {
            "last_good": last_good.map(|at| &runs[at]),
            "failures_since": last_good.unwrap_or(runs.len()),
            "watched_since": "2026-11-01T00:00:00Z",
            "runs": runs,
        }
    });
    read(&document.to_string())
}

#[test]
fn the_last_good_run_is_named_and_stands_first_where_something_is_wrong() {
    let lines = |verdict: &Verdict| {
        let svg = picture(verdict);
        let document = parse(&svg);
        let lines = document.descendants().filter(|node| node.attribute("class") == Some("line"));
        let text = |line: Node<'_, '_>| {
            line.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect::<String>()
        };
        let title =
            document.root_element().first_element_child().and_then(|title| title.text()).unwrap().to_owned();
        (lines.map(text).next().unwrap(), title)
    };
    let (line, title) = lines(&remembered("SCHEDULED", AHEAD, &["failed", "missed", "completed"]));
    assert_eq!(line, "Last good run: 2026-11-23 02:00 +05:30");
    assert!(
        title.starts_with("Zoho CRM backup: Failed. The last known run, of 2026-11-25 02:00 +05:30, failed."),
        "{title}"
    );
    assert!(
        title.contains(" Last good run: 2026-11-23 02:00 +05:30. Failed or missed since then: 2. As of "),
        "{title}"
    );
    let (line, title) = lines(&remembered("SCHEDULED", AHEAD, &["passed", "failed"]));
    assert!(line.starts_with("Next run: "), "{line}");
    assert!(title.contains(" Last good run: 2026-11-25 02:00 +05:30 (no failure seen). As of "), "{title}");
    let (line, title) = lines(&remembered("SCHEDULED", AHEAD, &["missed"]));
    assert!(
        line.starts_with("Next run: ") && title.starts_with("Zoho CRM backup: Missed. "),
        "{line} {title}"
    );
    assert!(title.contains(" Last good run: None since the watch began on 2026-11-01 05:30 +05:30. Failed or missed since then: 1. "), "{title}");
}

fn in_language(verdict: &Verdict, language: Language) -> String {
    Picture { verdict, now: NOW, theme: Theme::Auto, language: Some(language) }.svg()
}

/// A language with this tag and direction. Some of its sentences have no English word.
fn language(tag: &str, direction: &str) -> Language {
    let english = ALL.first().unwrap().language.table();
    let rest = english.lines().skip(2).map(|line| if line.contains('{') { line } else { "\u{645}\u{645}" });
    Language::loaded([tag, direction].into_iter().chain(rest).collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_picture_is_in_its_language() {
    let own = [language("ar", "rtl"), language("xx", "ltr")];
    for language in ALL.iter().map(|available| &available.language).chain(&own) {
        let texts = Texts::default().in_language(Some(*language));
        for verdict in states() {
            let svg = in_language(&verdict, *language);
            let document = parse(&svg);
            let root = document.root_element();
            assert_eq!(root.attribute("lang"), Some(&*texts.plain("language")));
            let word = texts.plain(&format!("word.{}", verdict.state));
            assert_eq!(texts_of(&document, "now").first(), Some(&word));
            assert_eq!(texts_of(&document, "late")[1], texts.plain("word.stale"));
            for key in [format!("word.{}", verdict.state), "word.stale".to_owned(), "label".to_owned()] {
                let english = Texts::default().plain(&key);
                assert!(texts.plain(&key) == english || !svg.contains(&english), "{english}: {svg}");
            }
        }
    }
}

#[test]
fn from_right_to_left_a_picture_is_mirrored() {
    let (arabic, latin) = (language("ar", "rtl"), language("xx", "ltr"));
    for verdict in states() {
        let (mirrored, usual) = (in_language(&verdict, arabic), in_language(&verdict, latin));
        let (mirrored, usual) = (parse(&mirrored), parse(&usual));
        let (root, width) = (mirrored.root_element(), number(usual.root_element(), "width"));
        assert_eq!(root.attribute("viewBox"), Some(&*format!("-{width} 0 {width} 28")));
        assert_eq!(root.attribute("preserveAspectRatio"), Some("xMaxYMid meet"));
        let of = |document: &Document<'_>, name: &str| {
            let nodes = document.descendants().filter(|node| node.has_tag_name(name));
            nodes
                .map(|node| node.attribute("x").map_or(0.0, |x| x.parse::<f64>().unwrap()))
                .collect::<Vec<_>>()
        };
        let texts: Vec<_> = of(&usual, "text").into_iter().map(|x| -x).collect();
        assert_eq!(of(&mirrored, "text"), texts, "{}", verdict.state);
        for rect in mirrored.descendants().filter(|node| node.has_tag_name("rect")) {
            assert_eq!(number(rect, "x"), -number(rect, "width"), "it starts at the right edge");
        }
        for text in mirrored.descendants().filter(|node| node.has_tag_name("text")) {
            assert_eq!(text.attribute("direction"), Some("rtl"));
        }
        let dates: Vec<_> = mirrored.descendants().filter(|node| node.has_tag_name("tspan")).collect();
        assert!(!dates.is_empty());
        for date in dates {
            let isolation = (date.attribute("direction"), date.attribute("unicode-bidi"));
            assert_eq!(isolation, (Some("ltr"), Some("isolate")));
        }
        let title = root.first_element_child().and_then(|title| title.text()).unwrap();
        assert!(title.contains("\u{2066}2026-11-2"), "{title}");
    }
}

#[test]
fn the_usual_pictures_are_neither_cramped_nor_wide() {
    for verdict in states() {
        let svg = picture(&verdict);
        let width = number(parse(&svg).root_element(), "width");
        let expected = if verdict.next_run.is_some() { 270.0..=325.0 } else { 230.0..=310.0 };
        assert!(expected.contains(&width), "{}: {width}", verdict.state);
    }
}

#[test]
fn every_verdict_has_a_sound_picture() {
    let known = read(&backup("SCHEDULED", AHEAD));
    for reason in Reason::ALL {
        for state in State::ALL {
            for (tone, stale) in Tone::ALL.iter().flat_map(|tone| [(*tone, false), (*tone, true)]) {
                for next_run in [None, known.next_run.clone()] {
                    let (reason, state) = (*reason, *state);
                    let verdict = Verdict { reason, state, tone, stale, next_run, ..known.clone() };
                    is_sound(&Picture { verdict: &verdict, now: NOW, theme: Theme::Auto, language: None });
                }
            }
        }
    }
}

/// A text as Zoho, or somebody in between, may send it.
fn outside() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>&\"'\u{0}-\u{1f}\u{fffe}\u{ffff}\u{202e}a]{0,300}",
        Just(AHEAD.trim_matches('"').to_owned()),
        "(000[01]|2026|9999)-(01|12)-(01|31)T(00|23):[0-5][0-9](:[0-5][0-9])?(Z|[+-]23:59|[+-]05:30)",
        Just("SCHEDULED".to_owned()),
        Just("INPROGRESS".to_owned()),
        Just("PERMISSION<&>".to_owned()),
        Just("error".to_owned()),
    ]
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<f64>().prop_map(Json::Number),
        outside().prop_map(Json::Text),
        Just(Json::TooDeep),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::List),
            prop::collection::vec((outside(), inner), 0..3).prop_map(Json::Object),
        ]
    })
}

fn members(names: &'static [&'static str]) -> impl Strategy<Value = Json> {
    let member = (prop::sample::select(names), json()).prop_map(|(name, value)| (name.to_owned(), value));
    prop::collection::vec(member, 0..7).prop_map(Json::Object)
}

/// What a gateway that remembers may tell of past runs, some of it malformed.
fn history() -> impl Strategy<Value = Json> {
    let outcomes: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.name()).chain(["lost"]).collect();
    let run = (prop::sample::select(outcomes), outside()).prop_map(|(outcome, date)| {
        serde_json::json!({ "due": date, "ended": { "by": "2026-11-25T02:00:00Z" }, "outcome": outcome })
    })
        .boxed();
    let told = (prop::collection::vec(run.clone(), 0..12), prop::option::of(run), outside());
    let told = told.prop_map(|(runs, last_good, since)| {
        let history = serde_json::json!({ "runs": runs, "last_good": last_good, "watched_since": since });
        serde_json::from_value(history).expect("it is JSON")
    });
    prop_oneof![3 => told, 1 => json()]
}

fn instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![any::<i64>(), 1_795_000_000_000..1_796_000_000_000_i64].prop_map(Timestamp::from_millis)
}

fn theme() -> impl Strategy<Value = Theme> {
    prop::sample::select(Theme::ALL)
}

proptest! {
    #[test]
    fn every_document_has_a_sound_picture(
        document in members(&["id", "status", "scheduled_date", "start_date", "rrule", "requester"]),
        history in history(),
        (now, read_at) in (instant(), instant()),
        is_running_since in proptest::option::of(instant()),
        theme in theme(),
    ) {
        let freshness = Some(Freshness::new(read_at, Duration::ZERO, None));
        let backup = Backup::read(&document).map(Arc::new);
        let history = HistoryDocument::read(&history).map(Arc::new);
        let answer = Some(Answer { backup, history, freshness, running_since: is_running_since });
        let verdict = verdict(&Knowledge { answer, ..Knowledge::default() }, now, &Policy::default());
        is_sound(&Picture { verdict: &verdict, now, theme, language: None });
    }

    #[test]
    fn every_fault_has_a_sound_picture(
        document in prop_oneof![members(&["code", "status", "message", "details"]), json()],
        status in 200..600_u16,
        now in instant(),
        theme in theme(),
    ) {
        let fault = reply::read(Reply { status, body: Body::Json(document), retry_at: Some(now) }).err();
        let verdict = verdict(&Knowledge { fault, ..Knowledge::default() }, now, &Policy::default());
        is_sound(&Picture { verdict: &verdict, now, theme, language: None });
    }
}
